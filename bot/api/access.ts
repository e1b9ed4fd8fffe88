/**
 * Cloudflare Access: proves who a person is with a JWT on each request
 * (developers.cloudflare.com/cloudflare-one, "Validate JWTs").
 */
import { type JSONWebKeySet, type JWTVerifyGetKey, createLocalJWKSet, errors, jwtVerify } from "jose";
import { log } from "../../shared/log.ts";
import { fetchWithin } from "../../shared/fetch-within.ts";

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

interface CachedKeys {
  keys: JSONWebKeySet;
  fetchedMs: number;
}

/**
 * The keys themselves are shared by requests, never a fetch under way: in workerd no request may wait for another's.
 * Cold, each request fetches for itself.
 */
const cachedKeys = new Map<string, CachedKeys>();

const freshMs = 60 * 60_000;
/** While they cannot be fetched, older ones do. */
const usableMs = 24 * 60 * 60_000;
/** An unknown key id is looked for again, but not by every request with a made-up one. */
const cooldownMs = 30_000;
const fetchTimeoutMs = 5000;
const clockToleranceSeconds = 30;

class KeysUnavailable extends Error {}

const fetchKeys = async (url: string, nowMs: number): Promise<CachedKeys> => {
  const response = await fetchWithin(
    (request) => fetch(request),
    new Request(url, { redirect: "manual" }),
    fetchTimeoutMs,
  );
  if (!response.ok) throw new Error(`status ${response.status}`);
  const keys: JSONWebKeySet = await response.json();
  createLocalJWKSet(keys);
  const fetched = { keys, fetchedMs: nowMs };
  cachedKeys.set(url, fetched);
  return fetched;
};

const keysFor = async (url: string, nowMs: number, maxAgeMs: number): Promise<CachedKeys> => {
  const found = cachedKeys.get(url);
  const ageMs = found ? nowMs - found.fetchedMs : Number.POSITIVE_INFINITY;
  if (found && ageMs < maxAgeMs) return found;
  try {
    return await fetchKeys(url, nowMs);
  } catch (error) {
    log("access.keys_failed", { error: String(error) });
    if (found && ageMs < usableMs) return found;
    throw new KeysUnavailable();
  }
};

const keyGetter =
  (url: string, nowMs: number): JWTVerifyGetKey =>
  async (header, token) => {
    const { keys } = await keysFor(url, nowMs, freshMs);
    try {
      return await createLocalJWKSet(keys)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const renewed = await keysFor(url, nowMs, cooldownMs);
      return createLocalJWKSet(renewed.keys)(header, token);
    }
  };

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
