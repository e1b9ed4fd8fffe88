/** The last message about a request without an answer in time: its outcome, as far as D1 says, and what was typed. */
import { log } from "../../../shared/log.ts";
import { inWorkspace } from "../../../shared/use-cases/context.ts";
import { type Became, fenceRequest } from "../../../shared/use-cases/fence-request.ts";
import { keepDeadLetter } from "../../../shared/use-cases/dead-letters/keep-dead-letter.ts";
import type { Deps } from "../../env.ts";
import { listSections, section } from "../blocks/blocks.ts";
import { type Reply, say, ephemeral } from "../core/reply.ts";
import { type Recipient, deliver, replyTo } from "../core/late-answer.ts";
import { replyView } from "../core/modals/modal.ts";
import { kindOf, userOf } from "../core/payload.ts";
import { idempotencyKeyOf } from "../core/request.ts";
import { typedIn } from "../core/typed-input.ts";
import { slackClient } from "../core/web-client.ts";
import type { DeadLetter, Waiting } from "./pending-store.ts";

export const recipientOf = async (
  { installation, slack, nowMs }: Deps,
  { workspaceId, body, receivedAtMs }: Waiting,
): Promise<Recipient> => ({
  body,
  receivedAtMs,
  nowMs,
  apiUrl: slack.apiUrl,
  botToken: (await installation(workspaceId))?.botToken ?? "",
});

/** A click, unlike a command or a form, has shown nothing yet. */
export const sayThatItWaits = async (deps: Deps, waiting: Waiting): Promise<void> => {
  const { body, placeholderViewId, workspaceId, traceId } = waiting;
  if (body["type"] !== "block_actions" || placeholderViewId !== null) return;
  const { what } = typedIn(body);
  const note = say(
    `CV Ops cannot reach its database just now. It keeps ${what} and tries again; the answer follows within 15 minutes at the latest.`,
  );
  try {
    await deliver({ ...ephemeral(note), replace_original: false }, await recipientOf(deps, waiting));
  } catch (error) {
    log("pending.note_not_said", { workspaceId, traceId, error: String(error) });
  }
};

/** "unknown" when D1 does not say. */
export const whatBecame = async (deps: Deps, { workspaceId, key }: Waiting): Promise<Became | "unknown"> => {
  try {
    return await fenceRequest(inWorkspace(deps, workspaceId), idempotencyKeyOf(key));
  } catch (error) {
    log("pending.not_fenced", { workspaceId, error: String(error) });
    return "unknown";
  }
};

const finalMessage = ({ body }: Waiting, isUndone: boolean): Reply => {
  const { what } = typedIn(body);
  const why = ":warning: For 15 minutes the database of CV Ops gave no answer, so";
  const outcome = isUndone
    ? `${why} this was not done. Nothing was changed. Send it again when \`/cv status\` answers:`
    : `${why} it is unknown whether this had its effect. Look with \`/cv status\` before you send it again:`;
  return { text: `${outcome} ${what}`, blocks: [section(outcome), ...listSections([what])] };
};

export const gaveUpAnswer = (waiting: Waiting, isUndone: boolean): unknown =>
  replyTo(waiting.body, finalMessage(waiting, isUndone), isUndone ? null : waiting.key);

/** What was opened for the request waits for a content that will not come. */
export const showInPlaceholder = async (deps: Deps, waiting: Waiting, isUndone: boolean): Promise<void> => {
  const { placeholderViewId, workspaceId, traceId } = waiting;
  const botToken = placeholderViewId === null ? null : (await deps.installation(workspaceId))?.botToken;
  if (placeholderViewId === null || !botToken) return;
  try {
    await slackClient(botToken, deps.slack).views.update({
      view_id: placeholderViewId,
      view: replyView(finalMessage(waiting, isUndone)),
    });
  } catch (error) {
    // It is probably closed; the message says it all the same.
    log("pending.placeholder_stays", { workspaceId, traceId, error: String(error) });
  }
};

/** Without the address and the trigger that Slack gave for answering. */
export const deadLetterOf = (
  { workspaceId, traceId, attempts, body }: Waiting,
  cause: string,
  dueAtMs: number,
): DeadLetter => {
  const { what, inputs } = typedIn(body);
  return {
    workspaceId,
    traceId,
    cause,
    attempts,
    body: { workspaceId, traceId, kind: kindOf(body), userId: userOf(body), typed: what, inputs },
    dueAtMs,
  };
};

/** Keeping it twice keeps it once. */
export const saveAsDeadLetter = async (deps: Deps, deadLetter: DeadLetter): Promise<void> => {
  const { workspaceId, traceId, cause, attempts, body } = deadLetter;
  await deps.withEffects((effects) =>
    keepDeadLetter(
      { ...inWorkspace(deps, workspaceId), effects },
      { id: traceId, queue: "slack", body, cause, attempts },
    ),
  );
};
