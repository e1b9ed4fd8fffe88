/** Slack's request signature v0: HMAC-SHA256 of `v0:timestamp:body` (docs.slack.dev, "Verifying requests"). */

import { type RawBody, signedBytes } from "../../../shared/signing.ts";

/** Either way: a timestamp from the future, as Slack's libraries accept it, lengthens the life of a stolen request. */
const toleranceSeconds = 300;
const algorithm = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();
const keys = new Map<string, Promise<CryptoKey>>();

export type SignatureFailure = "missing_header" | "bad_timestamp" | "too_old" | "too_new" | "bad_signature";

/** @returns null when the request is Slack's, else why not. Compares in constant time. */
export const checkSlackSignature = async (
  signingSecret: string,
  headers: Headers,
  body: RawBody,
  nowMs: number,
): Promise<SignatureFailure | null> => {
  const timestamp = headers.get("x-slack-request-timestamp");
  const signature = headers.get("x-slack-signature");
  if (!timestamp || !signature) return "missing_header";
  if (!/^\d{1,12}$/.test(timestamp)) return "bad_timestamp";
  const skewSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  if (skewSeconds > toleranceSeconds) return "too_old";
  if (skewSeconds < -toleranceSeconds) return "too_new";
  const offered = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (!offered) return "bad_signature";
  const bytes = Uint8Array.from(offered.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const valid = await crypto.subtle.verify(
    algorithm,
    await keyOf(signingSecret),
    bytes,
    signedBytes(`v0:${timestamp}:`, body),
  );
  return valid ? null : "bad_signature";
};

const keyOf = (secret: string): Promise<CryptoKey> => {
  const cached = keys.get(secret);
  if (cached) return cached;
  const key = crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["verify"]);
  keys.set(secret, key);
  return key;
};
