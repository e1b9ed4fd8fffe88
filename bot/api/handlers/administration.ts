import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { DeadLetter } from "../../../shared/domain/dead-letters/dead-letter.ts";
import { type ApiToken, tokenState } from "../../../shared/domain/workspace/token.ts";
import { ok } from "../../../shared/result.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { discardDeadLetter, retryDeadLetter } from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { listDeadLetters } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { listTokens } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { revokeToken } from "../../../shared/use-cases/workspace/revoke-token.ts";
import type { Handlers } from "./handler.ts";

type AdministrationHandlers = Handlers<
  "listDeadLetters" | "retryDeadLetter" | "discardDeadLetter" | "listTokens" | "revokeToken"
>;

export const administrationHandlers: AdministrationHandlers = {
  listDeadLetters: async ({ ctx, query }) => {
    const { all, limit, before } = query;
    const listed = await listDeadLetters(ctx, { limit: limit ?? 20, before: before ?? null, all: all === "true" });
    return listed.ok
      ? ok({ deadLetters: listed.value.deadLetters.map(deadLetterReply), next: listed.value.older })
      : listed;
  },

  retryDeadLetter: async ({ ctx, params }) => {
    const retried = await retryDeadLetter(ctx, params.number);
    if (!retried.ok) return retried;
    return ok({ deadLetter: deadLetterReply(retried.value) });
  },

  discardDeadLetter: async ({ ctx, params, body }) => {
    const discarded = await discardDeadLetter(ctx, { number: params.number, reason: body.reason });
    if (!discarded.ok) return discarded;
    return ok({ deadLetter: deadLetterReply(discarded.value) });
  },

  listTokens: async ({ ctx }) => {
    const listed = await listTokens(ctx);
    if (!listed.ok) return listed;
    const { tokens, now } = listed.value;
    return ok({ tokens: tokens.map((token) => tokenReply(token, now)) });
  },

  revokeToken: async ({ ctx, params }) => {
    const revoked = await revokeToken(ctx, params.number);
    if (!revoked.ok) return revoked;
    return ok({ token: tokenReply(revoked.value, nowOf(ctx)) });
  },
};

/** Without its body: that is a message of ours, and may say more than its reader should know. */
const deadLetterReply = (deadLetter: DeadLetter): ReplyOf<"listDeadLetters">["deadLetters"][number] => ({
  number: deadLetter.number,
  state: deadLetter.state,
  queue: deadLetter.queue,
  cause: deadLetter.cause,
  attempts: deadLetter.attempts,
  retries: deadLetter.retries,
  jobId: deadLetter.jobId,
  traceId: deadLetter.traceId,
  receivedAt: deadLetter.receivedAt,
  failedAt: deadLetter.failedAt,
  decidedBy: deadLetter.decidedBy,
  decidedAt: deadLetter.decidedAt,
  reason: deadLetter.reason,
});

const tokenReply = (token: ApiToken, now: string): ReplyOf<"listTokens">["tokens"][number] => ({
  number: token.number,
  name: token.name,
  scopes: [...token.scopes],
  owner: token.userId,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  lastUsedAt: token.lastUsedAt,
  state: tokenState(token, now),
});
