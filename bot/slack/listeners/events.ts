/** Events: Home is opened, somebody speaks to the app, the app loses its workspace. */
import { log } from "../../../shared/log.ts";
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import { removePerson } from "../../../shared/use-cases/workspace/remove-person.ts";
import { disconnect, disconnectTeams } from "../../../shared/use-cases/workspace/disconnect.ts";
import { openHome, welcome } from "../../../shared/use-cases/workspace/open-home.ts";
import { openSession } from "../../../shared/use-cases/session.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { fit, noPreviews } from "../blocks/blocks.ts";
import { helpReply } from "../commands.ts";
import { type SlackApp, type WorkerContext, contextOf, useCaseContextOf } from "../core/request.ts";

export const listenToEvents = (app: SlackApp): void => {
  app.event("app_home_opened", async ({ event, context }) => {
    const ctx = contextOf(context, event.user, null);
    await (event.tab === "messages" ? welcome(ctx) : openHome(ctx));
  });

  app.event("app_mention", async ({ event, client, context }) => {
    if (!event.user || event.bot_id) return;
    const help = await helpFor(context, event.user);
    const thread = event.thread_ts ? { thread_ts: event.thread_ts } : {};
    await client.chat.postEphemeral({ channel: event.channel, user: event.user, ...help, ...thread });
  });

  // Slack sends these only where somebody has given the app im:history; without it, opening the messages is answered.
  app.message(async ({ message, client, context }) => {
    if (message.subtype !== undefined || message.channel_type !== "im" || message.bot_id) return;
    const help = await helpFor(context, message.user);
    await client.chat.postMessage({ channel: message.channel, ...help, ...noPreviews });
  });

  app.event("app_uninstalled", async ({ context }) => {
    await disconnect(slackItself(context), "app_uninstalled");
    context.deps.installations.forget(context.workspaceId);
  });

  // An organisation's installation has no longer all of its workspaces.
  app.event("team_access_revoked", async ({ event, context }) => {
    await disconnectTeams(slackItself(context), event.team_ids);
    for (const workspaceId of event.team_ids) context.deps.installations.forget(workspaceId);
  });

  app.event("tokens_revoked", async ({ event, context }) => {
    // Tokens of people are none of ours.
    if ((event.tokens.bot ?? []).length === 0) return;
    await disconnect(slackItself(context), "tokens_revoked");
    context.deps.installations.forget(context.workspaceId);
  });

  // Slack sends every change of anybody's profile; nothing else says that somebody was deactivated.
  app.event("user_change", async ({ event, context }) => {
    if (event.user.deleted) await removeFrom(context, event.user.id);
  });
};

const removeFrom = async (context: WorkerContext, userId: string): Promise<void> => {
  const ctx = useCaseContextOf(context, systemActor("slack"), context.key);
  const removed = await removePerson(ctx, userId);
  // Somebody approves at the same time: Slack sends the event again, or PendingCommands does.
  if (!removed.ok) throw new Error(`${userId} has left, but could not be removed: ${removed.reason.code}`);
  if (removed.value) log("slack.person_left", { workspaceId: context.workspaceId });
};

const helpFor = async (context: WorkerContext, userId: string) => {
  const [{ role }] = await openSession(contextOf(context, userId, null));
  return fit(helpReply(role));
};

/** Slack repeats an event with the same id until it is answered. */
const slackItself = (context: WorkerContext): UseCaseContext => {
  log("slack.disconnected", { workspaceId: context.workspaceId });
  return useCaseContextOf(context, { kind: "system", id: "slack" }, context.key);
};
