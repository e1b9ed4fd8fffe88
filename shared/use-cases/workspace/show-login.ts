import type { Refusal } from "../../contract/refusals.ts";
import { type Login, type LoginState, loginState } from "../../domain/workspace/login.ts";
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { loginQuery } from "../../storage/workspace/logins.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type ReadRefusal, type Session, openSession, permit } from "../session.ts";

/** Without its hash, which is of the device alone. */
export interface LoginShown extends Pick<Login, "code" | "device" | "createdAt" | "expiresAt"> {
  state: LoginState;
}

export const shownLogin = ({ code, device, createdAt, expiresAt }: Login, state: LoginState): LoginShown => ({
  code,
  device,
  createdAt,
  expiresAt,
  state,
});

/** It is in the first database, because a device does not say whose it will be. */
export const readLogin = async ({ databases }: UseCaseContext, code: string): Promise<Login | null> =>
  (await read(databases.first, loginQuery(code)))[0];

/** A device that asks to act for whoever looks: only somebody who may make a token, and came themselves. */
export const showLogin = async (
  ctx: UseCaseContext,
  code: string,
): Promise<Result<LoginShown, ReadRefusal<"login_not_found" | "token_not_allowed">>> => {
  const [[session], login] = await Promise.all([openSession(ctx), readLogin(ctx, code)]);
  const allowed = permit(session, "tokens");
  if (!allowed.ok) return allowed;
  const found = pendingLogin(session, login, nowOf(ctx), code);
  return found.ok ? ok(shownLogin(found.value, "pending")) : found;
};

/** The one that can still be confirmed or declined; an expired, used or unknown code are the same to whoever asks. */
export const pendingLogin = (
  session: Pick<Session, "token">,
  login: Login | null,
  now: string,
  code: string,
): Result<Login, Refusal<"login_not_found" | "token_not_allowed">> => {
  if (session.token) return fail({ code: "token_not_allowed" });
  return login && loginState(login, now) === "pending" ? ok(login) : fail({ code: "login_not_found", typed: code });
};
