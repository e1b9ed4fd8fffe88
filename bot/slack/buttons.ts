/** What each button does: it calls the use case of the typed command. The person gets a reply only where the card does not show it. */
import { approveCommit, checkReject } from "../../shared/use-cases/reviews/decide-commit.ts";
import { retryPush } from "../../shared/use-cases/pushes/retry-push.ts";
import { showCommit } from "../../shared/use-cases/commits/show-commit.ts";
import { startPush } from "../../shared/use-cases/pushes/start-push.ts";
import type { UseCaseContext } from "../../shared/use-cases/context.ts";
import { type Reply, refuse } from "./core/reply.ts";
import { approvedReply } from "./reviews/decide-reply.ts";
import { commitDiff } from "./commits/diff/diff-command.ts";
import { rejectView } from "./reviews/reject-modal.ts";
import { type OpenModal, replyView } from "./core/modals/modal.ts";
import type { ButtonAction, ButtonValue } from "./core/buttons/codec.ts";

export interface ButtonCall {
  ctx: UseCaseContext;
  button: ButtonValue;
  channelId: string | null;
  openModal: OpenModal;
}

/** Null: nothing to say, the card shows it. */
type Handler = (call: ButtonCall) => Promise<Reply | null>;

const approve: Handler = async ({ ctx, button }) => {
  const decided = await approveCommit(ctx, { number: button.number, seenHash: button.seenHash ?? null });
  if (!decided.ok) return refuse(decided.reason);
  return decided.value.missing > 0 ? approvedReply(button.number, decided.value.missing) : null;
};

/** Asks for the reason. Who may not reject, or comes too late, reads so before they write one. */
const reject: Handler = async ({ ctx, button, openModal }) => {
  const seenHash = button.seenHash ?? null;
  const loaded = await checkReject(ctx, { number: button.number, seenHash });
  if (!loaded.ok) return refuse(loaded.reason);
  await openModal(rejectView(loaded.value, seenHash));
  return null;
};

const push: Handler = async ({ ctx, button, channelId }) => {
  const started = await startPush(ctx, { number: button.number, scope: button.target ?? "all", channelId });
  if (!started.ok) return refuse(started.reason);
  return null;
};

const retry: Handler = async ({ ctx, button }) => {
  const retried = await retryPush(ctx, { number: button.number, target: button.target ?? null });
  if (!retried.ok) return refuse(retried.reason);
  return null;
};

const diff: Handler = async ({ ctx, button, openModal }) => {
  const shown = await showCommit(ctx, button.number);
  if (!shown.ok) return refuse(shown.reason);
  await openModal(replyView(commitDiff(shown.value), `Commit #${button.number}`));
  return null;
};

export const buttonHandlers = {
  "commit.approve": approve,
  "commit.reject": reject,
  "commit.diff": diff,
  "commit.push": push,
  "push.retry": retry,
} as const satisfies Record<ButtonAction, Handler>;
