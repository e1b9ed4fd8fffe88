import { newToken } from "../../../shared/api-token.ts";
import { tokenLife } from "../../../shared/domain/workspace/token.ts";
import { checks } from "../../../shared/domain/operations/checks.ts";
import { remedyMessage } from "../../../shared/messages/en/operations.ts";
import { runDoctor } from "../../../shared/use-cases/operations/run-doctor.ts";
import { createToken } from "../../../shared/use-cases/workspace/create-token.ts";
import { tokenHint } from "../secrets.ts";
import { apiDeadLetter, apiToken } from "../../../shared/contract/operations/administration.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { discardDeadLetter, retryDeadLetter } from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { listDeadLetters } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { listTokens } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { revokeToken } from "../../../shared/use-cases/workspace/revoke-token.ts";
import { type Handlers, answer } from "./handler.ts";

export const administrationHandlers = {
  runDoctor: ({ ctx, examine }) =>
    answer(runDoctor(ctx, examine), (findings) => ({
      findings: findings.map((finding) => ({
        ...finding,
        says: checks[finding.check].says,
        remedy: remedyMessage(finding),
      })),
    })),

  listDeadLetters: ({ ctx, query: { all, limit = 20, before = null } }) =>
    answer(listDeadLetters(ctx, { limit, before, all: all === "true" }), ({ deadLetters, older }) => ({
      deadLetters: deadLetters.map(apiDeadLetter),
      next: older,
    })),

  retryDeadLetter: ({ ctx, params }) => answer(retryDeadLetter(ctx, params.number), apiDeadLetter),

  discardDeadLetter: ({ ctx, params, body }) =>
    answer(discardDeadLetter(ctx, { number: params.number, reason: body.reason }), apiDeadLetter),

  listTokens: ({ ctx }) =>
    answer(listTokens(ctx), ({ tokens, now }) => ({ tokens: tokens.map((token) => apiToken(token, now)) })),

  createToken: ({ ctx, body: { name, scopes, days = tokenLife.usual } }) =>
    answer(createToken(ctx, { name, scopes, days, secret: newToken() }), ({ secret, ...token }) => ({
      ...apiToken(token, nowOf(ctx)),
      meta: { secret, hint: secret === null ? tokenHint(token.number) : null },
    })),

  revokeToken: ({ ctx, params }) => answer(revokeToken(ctx, params.number), (token) => apiToken(token, nowOf(ctx))),
} satisfies Partial<Handlers>;
