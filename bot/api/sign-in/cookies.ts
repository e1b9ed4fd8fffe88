/**
 * What a browser has: a cookie that says who is signed in, one that binds a sign-in in progress to the browser, and one
 * that says how new what it has read is.
 * `__Host-` keeps them from other hosts of the domain (RFC 6265bis, 4.1.3.2). Plain http, which is of the local stack
 * alone, has neither prefix nor `Secure`: not every browser takes them there.
 */
import { attemptLifeMs, wholeLifeMs } from "../../../shared/domain/workspace/sign-in.ts";

/** 256 bits in base64url. */
const secret = /^[\w-]{43}$/;

const kinds = {
  signIn: { name: "cv_ops_sign_in", lifeMs: wholeLifeMs, shape: secret },
  attempt: { name: "cv_ops_sign_in_attempt", lifeMs: attemptLifeMs, shape: secret },
  // Copies of a database are seconds behind it.
  bookmark: { name: "cv_ops_bookmark", lifeMs: 60_000, shape: /^[\w.-]{1,220}$/ },
} as const;
type Kind = keyof typeof kinds;

const isSecure = (origin: string): boolean => origin.startsWith("https:");

const nameOf = (kind: Kind, origin: string): string => `${isSecure(origin) ? "__Host-" : ""}${kinds[kind].name}`;

/** @param origin of the portal; null where the browser has none that we could have made */
export const readCookie = (headers: Headers, kind: Kind, origin: string): string | null => {
  const prefix = `${nameOf(kind, origin)}=`;
  const cookies = (headers.get("Cookie") ?? "").split(/;\s*/);
  const value = cookies.find((each) => each.startsWith(prefix))?.slice(prefix.length) ?? "";
  return kinds[kind].shape.test(value) ? value : null;
};

/** @param value null deletes it */
export const setCookie = (kind: Kind, value: string | null, origin: string): string => {
  const seconds = value === null ? 0 : kinds[kind].lifeMs / 1000;
  const secure = isSecure(origin) ? "; Secure" : "";
  return `${nameOf(kind, origin)}=${value ?? ""}; Path=/; Max-Age=${seconds}; HttpOnly${secure}; SameSite=Lax`;
};
