/** The public keys of somebody who signs JWTs: Cloudflare Access, Slack. They rotate their keys without a word. */
import { type JSONWebKeySet, type JWTVerifyGetKey, createLocalJWKSet, errors } from "jose";
import { log } from "../../shared/log.ts";
import { fetchWithin } from "../../shared/fetch-within.ts";

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

/** They cannot be had just now. */
export class KeysUnavailable extends Error {}

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
    log("jwt.keys_failed", { error: String(error) });
    if (found && ageMs < usableMs) return found;
    throw new KeysUnavailable();
  }
};

/** @param url of a JSON Web Key Set; @param nowMs milliseconds since the epoch */
export const keyGetter =
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
