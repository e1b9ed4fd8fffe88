import { apiDeadLetter, apiToken } from "../../../shared/contract/operations/administration.ts";
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
      ? ok({ deadLetters: listed.value.deadLetters.map(apiDeadLetter), next: listed.value.older })
      : listed;
  },

  retryDeadLetter: async ({ ctx, params }) => {
    const retried = await retryDeadLetter(ctx, params.number);
    if (!retried.ok) return retried;
    return ok(apiDeadLetter(retried.value));
  },

  discardDeadLetter: async ({ ctx, params, body }) => {
    const discarded = await discardDeadLetter(ctx, { number: params.number, reason: body.reason });
    if (!discarded.ok) return discarded;
    return ok(apiDeadLetter(discarded.value));
  },

  listTokens: async ({ ctx }) => {
    const listed = await listTokens(ctx);
    if (!listed.ok) return listed;
    const { tokens, now } = listed.value;
    return ok({ tokens: tokens.map((token) => apiToken(token, now)) });
  },

  revokeToken: async ({ ctx, params }) => {
    const revoked = await revokeToken(ctx, params.number);
    if (!revoked.ok) return revoked;
    return ok(apiToken(revoked.value, nowOf(ctx)));
  },
};
