/** What each button does: it calls the typed command's use case, and replies only where no card shows the result. */
import { approveCommit, checkReject } from "../../shared/use-cases/reviews/decide-commit.ts";
import { retryPush } from "../../shared/use-cases/pushes/retry-push.ts";
import { showCommit } from "../../shared/use-cases/commits/show-commit.ts";
import { startPush } from "../../shared/use-cases/pushes/start-push.ts";
import type { UseCaseContext } from "../../shared/use-cases/context.ts";
import { type Answer, answer } from "./core/reply.ts";
import { resolveConflicts } from "../../shared/use-cases/commits/resolve-conflicts.ts";
import { resolvedReply } from "./conflicts/resolve-reply.ts";
import { approvedReply } from "./reviews/decide-reply.ts";
import { commitDiff } from "./commits/diff/diff-command.ts";
import { rejectView } from "./reviews/reject-modal.ts";
import { replyView } from "./core/modals/modal.ts";
import type { ButtonAction, ButtonValue } from "./core/buttons/codec.ts";

export interface ButtonCall {
  ctx: UseCaseContext;
  button: ButtonValue;
  channelId: string | null;
}

type Handler = (call: ButtonCall) => Promise<Answer>;

const approve: Handler = ({ ctx, button: { number, seenHash = null } }) =>
  answer(approveCommit(ctx, { number, seenHash }), (decided) =>
    decided.missing > 0 ? approvedReply(number, decided) : null,
  );

/** Asks for the reason. Who may not reject, or comes too late, reads so before they write one. */
const reject: Handler = ({ ctx, button: { number, seenHash = null } }) =>
  answer(checkReject(ctx, { number, seenHash }), (commit) => rejectView(commit, seenHash));

const push: Handler = ({ ctx, button: { number, target: scope = "all" }, channelId }) =>
  answer(startPush(ctx, { number, scope, channelId }), () => null);

const retry: Handler = ({ ctx, button: { number, target = null } }) =>
  answer(retryPush(ctx, { number, target }), () => null);

const resolveAll =
  (take: "mine" | "theirs"): Handler =>
  ({ ctx, button: { number, seenHash: seen = null } }) =>
    answer(
      resolveConflicts(ctx, { number, choices: [{ row: null, field: null, target: null, take }], seen }),
      resolvedReply,
    );

const diff: Handler = ({ ctx, button: { number } }) =>
  answer(showCommit(ctx, number), (details) => replyView(commitDiff(details), `Commit #${number}`));

export const buttonHandlers = {
  "commit.approve": approve,
  "commit.reject": reject,
  "commit.diff": diff,
  "commit.push": push,
  "push.retry": retry,
  "conflicts.mine": resolveAll("mine"),
  "conflicts.theirs": resolveAll("theirs"),
} as const satisfies Record<ButtonAction, Handler>;
