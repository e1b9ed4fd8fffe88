import type { ApiToken } from "../../domain/workspace/token.ts";
import { type Result, fail } from "../../result.ts";
import { changed } from "../../storage/changed.ts";
import { confirmLoginRow, declineLoginRow, reopenLoginRow } from "../../storage/workspace/logins.ts";
import { writeQuietly } from "../../storage/write.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import {
  type CreateTokenInput,
  type CreateTokenReason,
  draftToken,
  ownTokensQuery,
  writeToken,
} from "./create-token.ts";
import { type LoginShown, pendingLogin, readLogin, shownLogin } from "./show-login.ts";

export type ConfirmLoginInput = Omit<CreateTokenInput, "secret"> & { code: string };

/** The device that showed the code acts for whoever confirms it from now on, with the token that it made: once. */
export const confirmLogin = repeatable(
  async (
    ctx: UseCaseContext,
    { code, ...input }: ConfirmLoginInput,
  ): Promise<Result<ApiToken, CreateTokenReason | WriteRefusal<"login_not_found">>> => {
    const [[session, active], login] = await Promise.all([openSession(ctx, ownTokensQuery(ctx)), readLogin(ctx, code)]);
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    const found = pendingLogin(session, login, nowOf(ctx), code);
    if (!found.ok) return found;
    const token = draftToken(ctx, session, active, input);
    if (!token.ok) return token;
    // Logins are in the first database, the token is in the workspace's: the code is used up before there is one.
    if (!(await changed(ctx.databases.first, confirmLoginRow(code, nowOf(ctx))))) return fail({ code: "conflict" });
    const written = await writeToken(ctx, token.value, found.value.hash);
    if (!written.ok) await writeQuietly(ctx.databases.first, [reopenLoginRow(code)]);
    return written;
  },
);

/** The device that showed the code acts for nobody. */
export const declineLogin = repeatable(
  async (
    ctx: UseCaseContext,
    code: string,
  ): Promise<Result<LoginShown, WriteRefusal<"login_not_found" | "token_not_allowed">>> => {
    const [[session], login] = await Promise.all([openSession(ctx), readLogin(ctx, code)]);
    const allowed = permit(session, "tokens");
    if (!allowed.ok) return allowed;
    const found = pendingLogin(session, login, nowOf(ctx), code);
    if (!found.ok) return found;
    if (!(await changed(ctx.databases.first, declineLoginRow(code, nowOf(ctx))))) return fail({ code: "conflict" });
    return commitBatch<LoginShown>(ctx, shownLogin(found.value, "declined"), []);
  },
);
