/** The Bolt app: which Slack payload goes to which handler. */
import { App, LogLevel } from "@slack/bolt";
import type { BlockAction, ButtonAction as SlackButton } from "@slack/bolt";
import { log } from "../../shared/log.ts";
import type { AnnounceLater } from "../../shared/announce.ts";
import { newTraceId } from "../../shared/ids.ts";
import type { Deps } from "../env.ts";
import { adoptMessage } from "./actions/adopt.ts";
import { buttonHandlers } from "./actions/buttons.ts";
import { decodeButton } from "./actions/codec.ts";
import { fit } from "./cards/blocks.ts";
import { type Reply, say } from "./commands/command.ts";
import { runCommand } from "./commands/table.ts";
import { WorkerReceiver } from "./receiver.ts";
import { webClientOptions } from "./web-client.ts";

interface WorkerContext extends Record<string, unknown> {
  deps: Deps;
  waitUntil: (work: Promise<unknown>) => void;
}

/** Announcing comes after the answer: nobody waits for it. */
const announceLater =
  ({ deps, waitUntil }: WorkerContext): AnnounceLater =>
  (workspaceId, announcement) =>
    waitUntil(deps.announce(workspaceId, announcement));

const ephemeral = (reply: Reply) => ({ response_type: "ephemeral" as const, ...fit(reply) });

/** What a person reads when we are the ones who failed. Whether something was changed is looked up, never guessed. */
const failed = (event: string, error: unknown, traceId: string): Reply => {
  log(event, { traceId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return say(
    `:warning: CV Ops could not finish this. Look with \`/cv status\` whether it had its effect before you try again; repeating it is safe. If it stays so, give an admin this trace id: \`${traceId}\``,
  );
};

/** Slack gives every command and click a trigger id of its own; a repeat of the request carries the same. */
const inboxKey = (triggerId: string): string => `slack:${triggerId}`;

export const createSlackApp = (deps: Deps): { receiver: WorkerReceiver } => {
  const receiver = new WorkerReceiver();
  const app = new App<WorkerContext>({
    receiver,
    authorize: async ({ teamId }) => {
      const botToken = deps.installation(teamId ?? "")?.botToken;
      if (!botToken) throw new Error("The app is not installed in this workspace");
      return { botToken };
    },
    clientOptions: webClientOptions(deps.slack.apiUrl),
    convoStore: false,
    ignoreSelf: false,
    logLevel: LogLevel.ERROR,
  });

  app.command("/cv", async ({ command, ack, context }) => {
    const traceId = newTraceId();
    const ctx = context.deps.verbContext({
      workspaceId: command.team_id,
      actor: { kind: "slack", id: command.user_id },
      inboxKey: inboxKey(command.trigger_id),
      traceId,
    });
    const call = { ctx, channelId: command.channel_id, announce: announceLater(context) };
    const reply = await runCommand(command.text, call).catch((error: unknown) =>
      failed("command.failed", error, traceId),
    );
    await ack(ephemeral(reply));
  });

  app.action<BlockAction<SlackButton>>(
    { type: "block_actions" },
    async ({ action, body, ack, respond, client, context }) => {
      const decoded = decodeButton(action.action_id, action.value);
      const workspaceId = body.team?.id;
      if (!decoded || !workspaceId) {
        log("action.unknown", { actionId: action.action_id });
        await ack();
        return;
      }
      const traceId = newTraceId();
      const ctx = context.deps.verbContext({
        workspaceId,
        actor: { kind: "slack", id: body.user.id },
        inboxKey: inboxKey(body.trigger_id),
        traceId,
      });
      const call = {
        ctx,
        button: decoded.button,
        channelId: body.channel?.id ?? "",
        announce: announceLater(context),
        openView: async (view: Parameters<typeof client.views.open>[0]["view"]) => {
          await client.views.open({ trigger_id: body.trigger_id, view });
        },
      };
      const reply = await buttonHandlers[decoded.action](call).catch((error: unknown) =>
        failed("action.failed", error, traceId),
      );
      await ack();
      if (reply) await respond({ ...ephemeral(reply), replace_original: false });
      const adopted = await adoptMessage(ctx, decoded.action, decoded.button, body.container).catch(
        (error: unknown) => {
          log("action.adopt_failed", { traceId, error: String(error) });
          return false;
        },
      );
      if (adopted) call.announce(workspaceId);
    },
  );

  return { receiver };
};
