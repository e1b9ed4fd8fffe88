/**
 * A device asks to act for a person, who confirms it where they are signed in: the device authorization grant (RFC
 * 8628), without a secret that travels. The device makes the token itself and sends its hash.
 */
import * as z from "zod/mini";
import { time } from "../time.ts";

export const loginSchema = z.object({
  /** Compared by the person: the device shows it, too. */
  code: z.string(),
  /** Of the token that the device has made: SHA-256, hex. */
  hash: z.string(),
  /** What the device calls itself. */
  device: z.string(),
  createdAt: time,
  expiresAt: time,
  confirmedAt: z.nullable(time),
  declinedAt: z.nullable(time),
});
export type Login = z.infer<typeof loginSchema>;

export const loginStates = ["pending", "confirmed", "declined", "expired"] as const;
export type LoginState = (typeof loginStates)[number];

/** @param now ISO 8601 */
export const loginState = (
  { confirmedAt, declinedAt, expiresAt }: Pick<Login, "confirmedAt" | "declinedAt" | "expiresAt">,
  now: string,
): LoginState =>
  confirmedAt !== null ? "confirmed" : declinedAt !== null ? "declined" : expiresAt <= now ? "expired" : "pending";

/** As `shared/login-code.ts` makes them. */
export const loginCodeShape = /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/;

/** As people type it: in any case, with or without the dash. Null: it is no code. */
export const loginCodeIn = (typed: string): string | null => {
  const bare = typed.toUpperCase().replaceAll(/[\s-]/g, "");
  const code = `${bare.slice(0, 4)}-${bare.slice(4)}`;
  return loginCodeShape.test(code) ? code : null;
};

/** How long a person has to confirm it. */
export const loginLifeMs = 10 * 60_000;
/** How long a device waits before it asks again. */
export const loginIntervalSeconds = 3;
export const maxDeviceName = 60;
