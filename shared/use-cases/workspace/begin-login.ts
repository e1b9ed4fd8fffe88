import { type Login, loginLifeMs, loginState, maxDeviceName } from "../../domain/workspace/login.ts";
import { takeWritten } from "../../domain/unseen.ts";
import type { Refusal } from "../../contract/refusals.ts";
import { type Result, fail, ok } from "../../result.ts";
import { insertLogin, loginByHashQuery } from "../../storage/workspace/logins.ts";
import { writeQuietly } from "../../storage/write.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import { type LoginShown, shownLogin } from "./show-login.ts";

export interface BeginLoginInput {
  /** SHA-256 of the device's token, hex. */
  hash: string;
  device: string;
  /** A new one, for a device that has not asked yet. */
  code: string;
}

/**
 * A device asks to act for a person, or asks again what has become of that. It is nobody yet, so there is no permission
 * to ask for: whoever confirms needs one.
 */
export const beginLogin = async (
  ctx: Pick<UseCaseContext, "databases" | "nowMs">,
  { hash, device, code }: BeginLoginInput,
): Promise<Result<LoginShown, Refusal<"text_not_allowed" | "conflict">>> => {
  const taken = takeWritten("name", device);
  if (!taken.ok) return taken;
  const login: Login = {
    code,
    hash,
    device: taken.value.slice(0, maxDeviceName),
    createdAt: nowOf(ctx),
    expiresAt: inMs(ctx, loginLifeMs),
    confirmedAt: null,
    declinedAt: null,
  };
  const existing = loginByHashQuery(hash);
  const written = await writeQuietly(ctx.databases.first, [insertLogin(login), existing]);
  const found = written.written ? written.results.of(existing) : null;
  // Another device has the same code: the next one is another.
  if (!found) return fail({ code: "conflict" });
  return ok(shownLogin(found, loginState(found, nowOf(ctx))));
};
