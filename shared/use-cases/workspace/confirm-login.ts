import type { ApiToken } from "../../domain/workspace/token.ts";
import type { Result } from "../../result.ts";
import { mustChange } from "../../storage/database.ts";
import { confirmLoginRow, declineLoginRow, loginQuery } from "../../storage/workspace/logins.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import {
  type CreateTokenInput,
  type CreateTokenReason,
  draftToken,
  ownTokensQuery,
  writeToken,
} from "./create-token.ts";
import { type LoginShown, pendingLogin, shownLogin } from "./show-login.ts";

export type ConfirmLoginInput = Omit<CreateTokenInput, "secret"> & { code: string };

/** The device that showed the code acts for whoever confirms it from now on, with the token that it made: once. */
export const confirmLogin = repeatable(
  async (
    ctx: UseCaseContext,
    { code, ...input }: ConfirmLoginInput,
  ): Promise<Result<ApiToken, CreateTokenReason | WriteRefusal<"login_not_found">>> => {
    const [session, active, login] = await openSession(ctx, ownTokensQuery(ctx), loginQuery(code));
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    const found = pendingLogin(session, login, nowOf(ctx), code);
    if (!found.ok) return found;
    const token = draftToken(ctx, session, active, input);
    if (!token.ok) return token;
    return writeToken(ctx, token.value, found.value.hash, mustChange(confirmLoginRow(code, nowOf(ctx))));
  },
);

/** The device that showed the code acts for nobody. */
export const declineLogin = repeatable(
  async (
    ctx: UseCaseContext,
    code: string,
  ): Promise<Result<LoginShown, WriteRefusal<"login_not_found" | "token_not_allowed">>> => {
    const [session, login] = await openSession(ctx, loginQuery(code));
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    const found = pendingLogin(session, login, nowOf(ctx), code);
    if (!found.ok) return found;
    return commitBatch<LoginShown>(ctx, shownLogin(found.value, "declined"), [
      mustChange(declineLoginRow(code, nowOf(ctx))),
    ]);
  },
);
