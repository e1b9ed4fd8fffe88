import { type ApiToken, maxTokenName, maxTokens, tokenLife } from "../../domain/workspace/token.ts";
import { closest } from "../../domain/closest.ts";
import { type Scope, scopeNames, scopesOf } from "../../domain/workspace/roles.ts";
import { takeWritten } from "../../domain/unseen.ts";
import { sha256Hex } from "../../digest.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { Batch, Query } from "../../storage/database.ts";
import type { FromBatch } from "../../storage/from-batch.ts";
import { takeNumber, takenNumber } from "../../storage/counters.ts";
import { insertToken, tokensQuery } from "../../storage/workspace/tokens.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import {
  type NotWritten,
  type Session,
  type WriteRefusal,
  commitBatch,
  openSession,
  permit,
  shownOnce,
} from "../session.ts";
import { dayMs } from "../../domain/time.ts";

export interface CreateTokenInput {
  name: string;
  /** Names of scopes. */
  scopes: readonly string[];
  days: number;
  /** The new token itself, which is kept nowhere. */
  secret: string;
}

export type CreateTokenReason = WriteRefusal<
  | "token_name_required"
  | "text_not_allowed"
  | "scopes_required"
  | "unknown_scope"
  | "scope_exceeds_role"
  | "token_lifetime_out_of_range"
  | "too_many_tokens"
  | "token_not_allowed"
>;

/**
 * Makes a token that acts for whoever makes it. A repeat of the request gets the token without its secret.
 */
export const createToken = shownOnce(
  async (ctx: UseCaseContext, input: CreateTokenInput): Promise<Result<ApiToken, CreateTokenReason>> => {
    const [session, active] = await openSession(ctx, ownTokensQuery(ctx));
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    const token = draftToken(ctx, session, active, input);
    return token.ok ? writeToken(ctx, token.value, await sha256Hex(input.secret)) : token;
  },
);

/** Those of the acting person that have not ended. */
export const ownTokensQuery = (ctx: UseCaseContext): Query<ApiToken[]> =>
  tokensQuery(ctx.workspaceId, { userId: ctx.actor.id, endedAfter: nowOf(ctx), limit: maxTokens });

/** The token as it will be, or why it may not be made. @param active what `ownTokensQuery` finds */
export const draftToken = (
  ctx: UseCaseContext,
  session: Session,
  active: readonly ApiToken[],
  input: Omit<CreateTokenInput, "secret">,
): Result<NewToken, CreateTokenReason> => {
  if (session.token) return fail({ code: "token_not_allowed" });
  const checked = check(session, input);
  if (!checked.ok) return checked;
  if (active.filter(({ revokedAt }) => revokedAt === null).length >= maxTokens) {
    return fail({ code: "too_many_tokens", max: maxTokens });
  }
  return ok({
    id: ctx.newId(),
    number: takenNumber(ctx.workspaceId, "token"),
    ...checked.value,
    userId: ctx.actor.id,
    createdAt: nowOf(ctx),
    expiresAt: inMs(ctx, input.days * dayMs),
    revokedAt: null,
    revokedBy: null,
    lastUsedAt: null,
  });
};

type NewToken = Omit<ApiToken, "number"> & { number: FromBatch<number> };

/** @param hash of the token, by which it is found. @param more what belongs to the same batch */
export const writeToken = (
  ctx: UseCaseContext,
  token: NewToken,
  hash: string,
  ...more: Batch[]
): Promise<Result<ApiToken, NotWritten>> =>
  commitBatch<ApiToken>(
    ctx,
    token,
    [...more, takeNumber(ctx.workspaceId, "token"), insertToken(ctx.workspaceId, { ...token, hash })],
    { type: "token.created", data: { name: token.name, scopes: token.scopes, expiresAt: token.expiresAt } },
  );

const check = (
  session: Session,
  input: Omit<CreateTokenInput, "secret">,
): Result<Pick<ApiToken, "name" | "scopes">, CreateTokenReason> => {
  const taken = takeWritten("name", input.name);
  if (!taken.ok) return taken;
  const name = taken.value;
  if (name === "" || name.length > maxTokenName) return fail({ code: "token_name_required", maxLength: maxTokenName });
  const usable = scopesOf(session.role);
  const chosen: Scope[] = [];
  for (const typed of input.scopes) {
    const scope = scopeNames.find((known) => known === typed.toLowerCase());
    if (!scope) {
      return fail({ code: "unknown_scope", typed, suggestion: closest(typed, usable), allowed: usable });
    }
    if (!usable.includes(scope)) {
      return fail({ code: "scope_exceeds_role", scope, role: session.role });
    }
    if (!chosen.includes(scope)) chosen.push(scope);
  }
  if (chosen.length === 0) return fail({ code: "scopes_required", allowed: usable });
  const { min, max } = tokenLife;
  if (!Number.isInteger(input.days) || input.days < min || input.days > max) {
    return fail({ code: "token_lifetime_out_of_range", min, max });
  }
  return ok({ name, scopes: chosen });
};
