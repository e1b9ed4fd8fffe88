/**
 * The state of an installation (RFC 6749, section 10.12): signed, good for ten minutes, and only in the browser that
 * has begun. That it is used once is a row (`useInstallState`); beginning writes nothing.
 */
const lifetimeMs = 10 * 60_000;
const algorithm = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(encoder.encode(text));

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
};

const randomText = (): string => base64url(crypto.getRandomValues(new Uint8Array(24)));

const keyOf = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytesOf(`install state ${secret}`), algorithm, false, ["sign", "verify"]);

const signedText = (nonce: string, endsAtMs: number, browser: string): Uint8Array<ArrayBuffer> =>
  bytesOf(`${nonce}.${endsAtMs}.${browser}`);

/** What a browser keeps in its cookie. */
export const newBrowser = randomText;

export const createState = async (secret: string, browser: string, nowMs: number): Promise<string> => {
  const [nonce, endsAtMs] = [randomText(), nowMs + lifetimeMs];
  const mac = await crypto.subtle.sign(algorithm, await keyOf(secret), signedText(nonce, endsAtMs, browser));
  return `${nonce}.${endsAtMs}.${base64url(new Uint8Array(mac))}`;
};

/** @returns when it ends; null where it is none of ours, of another browser, or over */
export const checkState = async (
  secret: string,
  browser: string,
  state: string,
  nowMs: number,
): Promise<{ endsAt: string } | null> => {
  const [nonce = "", ends = "", signature = ""] = state.split(".");
  const mac = fromBase64url(signature);
  const endsAtMs = Number(ends);
  if (!mac || browser === "" || !/^\d{13}$/.test(ends)) return null;
  const isOurs = await crypto.subtle.verify(algorithm, await keyOf(secret), mac, signedText(nonce, endsAtMs, browser));
  return isOurs && endsAtMs > nowMs ? { endsAt: new Date(endsAtMs).toISOString() } : null;
};
