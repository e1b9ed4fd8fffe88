/**
 * Standard Webhooks signatures (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, base64, with
 * `whsec_` secrets. Several secrets may be active at once while they are rotated.
 */

/** How far a timestamp may lie from our clock, in either direction, in seconds. */
export const toleranceSeconds = 300;

export interface SignedHeaders {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export type VerifyFailure = "missing_header" | "bad_timestamp" | "too_old" | "too_new" | "bad_signature";

export type Verified =
  | { ok: true; id: string; timestampSeconds: number; /** Name of the key that matched. */ keyName: string }
  | { ok: false; reason: VerifyFailure };

/** A secret under the name by which it is configured. */
export interface NamedSecret {
  name: string;
  secret: string;
}

const encoder = new TextEncoder();
/** A body as it came: decoding would let unsigned bytes through, a byte order mark or invalid UTF-8 for U+FFFD. */
export type RawBody = string | Uint8Array<ArrayBuffer>;

/** What is signed: text, then the body's own bytes. */
export const signedBytes = (before: string, body: RawBody): Uint8Array<ArrayBuffer> => {
  const prefix = encoder.encode(before);
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const all = new Uint8Array(prefix.length + bytes.length);
  all.set(prefix);
  all.set(bytes, prefix.length);
  return all;
};

const algorithm = { name: "HMAC", hash: "SHA-256" };
const keys = new Map<string, Promise<CryptoKey>>();

/** Imports a `whsec_` secret once. Throws when the secret is not base64 of 24 to 64 bytes. */
const keyOf = (secret: string): Promise<CryptoKey> => {
  const known = keys.get(secret);
  if (known) return known;
  const raw = decodeBase64(secret.replace(/^whsec_/, ""));
  if (!raw || raw.length < 24 || raw.length > 64) {
    throw new Error("A signing secret must be whsec_ followed by base64 of 24 to 64 bytes");
  }
  const key = crypto.subtle.importKey("raw", raw, algorithm, false, ["sign", "verify"]);
  keys.set(secret, key);
  return key;
};

/**
 * Signs `body` for sending.
 * @param nowMs the sender's clock, milliseconds since the epoch
 */
export const sign = (secret: string, id: string, body: string, nowMs: number): Promise<SignedHeaders> =>
  signWithEach([secret], id, body, nowMs);

/** The same with a signature for each of the secrets, as is done while they are rotated. */
export const signWithEach = async (
  secrets: readonly string[],
  id: string,
  body: string,
  nowMs: number,
): Promise<SignedHeaders> => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signed = signedBytes(`${id}.${timestamp}.`, body);
  const signatures = secrets.map(async (secret) => {
    const mac = await crypto.subtle.sign(algorithm, await keyOf(secret), signed);
    return `v1,${encodeBase64(new Uint8Array(mac))}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": (await Promise.all(signatures)).join(" "),
  };
};

/**
 * Verifies the raw body against every candidate secret, in constant time per comparison (`crypto.subtle.verify`).
 * @param nowMs the receiver's clock, milliseconds since the epoch
 */
export const verify = async (
  candidates: readonly NamedSecret[],
  headers: Headers,
  body: RawBody,
  nowMs: number,
): Promise<Verified> => {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const signatures = headers.get("webhook-signature");
  if (!id || !timestamp || !signatures) return { ok: false, reason: "missing_header" };
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: "bad_timestamp" };
  const timestampSeconds = Number(timestamp);
  const skewSeconds = Math.floor(nowMs / 1000) - timestampSeconds;
  if (skewSeconds > toleranceSeconds) return { ok: false, reason: "too_old" };
  if (skewSeconds < -toleranceSeconds) return { ok: false, reason: "too_new" };

  const signed = signedBytes(`${id}.${timestamp}.`, body);
  const offered = signatures
    .split(" ")
    .slice(0, 8)
    .filter((part) => signatureShape.test(part))
    .map((part) => decodeBase64(part.slice(3)))
    .filter((mac) => mac !== null);
  for (const { name, secret } of candidates) {
    const key = await keyOf(secret);
    for (const mac of offered) {
      if (await crypto.subtle.verify(algorithm, key, mac, signed)) {
        return { ok: true, id, timestampSeconds, keyName: name };
      }
    }
  }
  return { ok: false, reason: "bad_signature" };
};

/** The one way to write 32 bytes in base64: the last character before the padding carries four bits. */
const signatureShape = /^v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

const encodeBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
};
