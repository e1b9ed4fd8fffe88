/** A signature verifies, and every change of one byte invalidates it. */
import fc from "fast-check";
import { checkSlackSignature } from "../../bot/slack/core/signature.ts";
import { sign, verify } from "../../shared/signing.ts";
import { type Bytes, Sealed, bytesOf, slackScheme } from "../corpora/sealed.ts";
import { type Subject, holdsLater } from "./subject.ts";

const secrets = ["a", "b", "c"].map((name) => `whsec_${btoa(`a secret of 24 bytes or more: ${name}`)}`);
const candidates = secrets.slice(0, 2).map((secret, index) => ({ name: `key ${index}`, secret }));
const slackSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const nowMs = 1_930_294_800_000;

const text = fc.string({ unit: "binary", maxLength: 60 }).map((each) => each.toWellFormed());
const id = fc.stringMatching(/^msg_[A-Za-z0-9]{1,20}$/);
/** The part, position and bit to change. */
const change = fc.record({
  part: fc.constantFrom("body", "id", "timestamp", "signature", "longer", "shorter"),
  at: fc.nat(),
  bit: fc.integer({ min: 0, max: 6 }),
});
type Slip = { part: string; at: number; bit: number };

const slippedText = (value: string, { at, bit }: Slip): string => {
  const index = at % value.length;
  return value.slice(0, index) + String.fromCharCode(value.charCodeAt(index) ^ (1 << bit)) + value.slice(index + 1);
};
const slippedBytes = (bytes: Bytes, { at, bit }: Slip): Bytes =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << bit) : byte));

/** The body after the change; null when the change is elsewhere. */
const slippedBody = (bytes: Bytes, wrong: Slip): Bytes | null => {
  if (wrong.part === "longer") return Uint8Array.from([...bytes, wrong.at & 255]);
  if (wrong.part === "shorter") return bytes.length === 0 ? Uint8Array.of(0) : bytes.slice(0, -1);
  if (wrong.part === "body") return bytes.length === 0 ? Uint8Array.of(1) : slippedBytes(bytes, wrong);
  return null;
};

/** Null when the change makes a header that no request can carry. */
const headersWith = (headers: Record<string, string>, name: string, wrong: Slip): Headers | null => {
  try {
    return new Headers({ ...headers, [name]: slippedText(headers[name] ?? "", wrong) });
  } catch {
    return null;
  }
};

/** Headers are trimmed in transit, so a space added at either end is no change. */
const same = (left: Headers, right: Headers): boolean => JSON.stringify([...left]) === JSON.stringify([...right]);

const standardWebhooks: Subject = {
  name: "Standard Webhooks: a round trip verifies, a change of one byte does not",
  share: 1,
  property: () =>
    holdsLater(fc.tuple(fc.nat({ max: 2 }), id, text, fc.integer({ min: -320, max: 320 }), change), async (input) => {
      const [key, messageId, body, skewSeconds, wrong] = input;
      const headers = { ...(await sign(secrets[key] ?? "", messageId, body, nowMs)) };
      const receivedMs = nowMs + skewSeconds * 1000;
      const verified = await verify(candidates, new Headers(headers), bytesOf(body), receivedMs);
      const expected = key < 2 && Math.abs(skewSeconds) <= 300;
      if (verified.ok !== expected) return `${JSON.stringify(verified)} after ${skewSeconds} s with key ${key}`;
      if (verified.ok && verified.keyName !== `key ${key}`) return `took it for ${verified.keyName}`;
      const other = slippedBody(bytesOf(body), wrong);
      const sent = new Headers(headers);
      const changed = other ? sent : headersWith(headers, `webhook-${wrong.part}`, wrong);
      if (!changed || (!other && same(changed, sent))) return null;
      const changedResult = await verify(candidates, changed, other ?? bytesOf(body), receivedMs);
      return changedResult.ok ? `a change of ${wrong.part} verifies` : null;
    }),
};

const slacks: Subject = {
  name: "Slack's signature: a round trip verifies, a change of one byte does not",
  share: 1,
  property: () =>
    holdsLater(fc.tuple(text, fc.integer({ min: -320, max: 320 }), change), async ([body, skewSeconds, wrong]) => {
      const sealed = await Sealed.of(slackScheme, slackSecret, nowMs / 1000, body);
      const headers = Object.fromEntries(sealed.headers);
      const receivedMs = nowMs + skewSeconds * 1000;
      const check = (sent: Headers, bytes: Bytes) => checkSlackSignature(slackSecret, sent, bytes, receivedMs);
      const failure = await check(new Headers(headers), sealed.body);
      if ((failure === null) !== Math.abs(skewSeconds) <= 300) return `${failure} after ${skewSeconds} s`;
      const other = slippedBody(sealed.body, wrong);
      const name = wrong.part === "timestamp" ? slackScheme.timestampHeader : slackScheme.signatureHeader;
      const sent = new Headers(headers);
      const changed = other ? sent : headersWith(headers, name, wrong);
      if (!changed || (!other && same(changed, sent))) return null;
      return (await check(changed, other ?? sealed.body)) === null ? `a change of ${wrong.part} verifies` : null;
    }),
};

export const signatureSubjects: Subject[] = [standardWebhooks, slacks];
