/**
 * Cloudflare Access: proves who a person is with a JWT on each request
 * (developers.cloudflare.com/cloudflare-one, "Validate JWTs").
 */
import { errors, jwtVerify } from "jose";
import { log } from "../../shared/log.ts";
import { KeysUnavailable, keyGetter } from "./signing-keys.ts";

export interface AccessPolicy {
  /** `https://<team>.cloudflareaccess.com`, without a slash at its end. */
  issuer: string;
  audience: string;
}

export type AccessOutcome =
  | { ok: true; email: string; expiresAt: string }
  | { ok: false; because: string }
  /** Its keys cannot be had just now. */
  | { ok: false; unavailable: true };

const clockToleranceSeconds = 30;

/** Checks signature, issuer, audience and times. @param nowMs milliseconds since the epoch */
export const checkAccess = async (policy: AccessPolicy, jwt: string, nowMs: number): Promise<AccessOutcome> => {
  const url = `${policy.issuer}/cdn-cgi/access/certs`;
  try {
    const { payload } = await jwtVerify(jwt, keyGetter(url, nowMs), {
      issuer: policy.issuer,
      audience: policy.audience,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat"],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    });
    const { email, exp } = payload;
    if (typeof email !== "string" || email === "" || exp === undefined) {
      return { ok: false, because: "This sign-in names no person; programs use an API token." };
    }
    return { ok: true, email: email.toLowerCase(), expiresAt: new Date(exp * 1000).toISOString() };
  } catch (error) {
    if (error instanceof KeysUnavailable) return { ok: false, unavailable: true };
    if (!(error instanceof errors.JOSEError)) throw error;
    log("access.refused", { reason: error.code });
    return {
      ok: false,
      because:
        error.code === "ERR_JWT_EXPIRED"
          ? "Your sign-in has ended: reload the page to sign in again."
          : "Your sign-in is not valid here: reload the page to sign in again.",
    };
  }
};
