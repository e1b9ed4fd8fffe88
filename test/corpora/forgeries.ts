/**
 * Forged requests, each made from a genuine one. A case is one line: a description and a change. Each is checked
 * against every verifier.
 */
import { type Bytes, type Sealed, base64, bytesOf, digest, hex, hmac, joined } from "./sealed.ts";

export type Forgery = readonly [what: string, forge: (real: Sealed) => Sealed | Promise<Sealed>];

const replaced = (text: string, index: number, change: (char: string) => string): string =>
  text.slice(0, index) + change(text[index] ?? "") + text.slice(index + 1);
const otherDigit = (char: string): string => (char === "0" ? "1" : "0");
const flipped = (bytes: Bytes, index: number): Bytes => bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));
const swappedCase = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));
const utf16 = (text: string): Bytes =>
  Uint8Array.from(text.split("").flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8]));
/** Replaces the first run of these bytes. */
const bytesReplaced = (bytes: Bytes, from: number[], to: number[]): Bytes => {
  const at = bytes.findIndex((_byte, index) => from.every((each, offset) => bytes[index + offset] === each));
  if (at < 0) throw new Error("The body of a forgery needs an é and a U+FFFD");
  return joined(bytes.slice(0, at), Uint8Array.from(to), bytes.slice(at + from.length));
};

// oxfmt-ignore
const signatures: Forgery[] = [
  ["no signature", (real) => real.withSignature(() => null)],
  ["an empty signature", (real) => real.withSignature(() => "")],
  ["the version alone", (real) => real.withSignature(() => real.scheme.version)],
  ["no version", (real) => real.withSignature(() => real.signature)],
  ["the version in capitals", (real) => real.withSignature(() => real.scheme.version.toUpperCase() + real.signature)],
  ["the next version", (real) => real.withSignature((value) => value.replace(/^v\d/, "v2"))],
  ["a version of two digits", (real) => real.withSignature((value) => value.replace(/^v(\d)/, "v0$1"))],
  ["the asymmetric version", (real) => real.withSignature((value) => value.replace(/^v\d./, "v1a,"))],
  ["the version twice", (real) => real.withSignature((value) => real.scheme.version + value)],
  ["a space behind the version", (real) => real.withSignature(() => `${real.scheme.version} ${real.signature}`)],
  ["another separator", (real) => real.withSignature((value) => value.replace(/^(v\d)./, "$1:"))],
  ["both separators", (real) => real.withSignature((value) => value.replace(/^(v\d)./, "$1=,"))],
  ["the sender's name of the algorithm", (real) => real.withSignature(() => `sha256=${real.signature}`)],
  ["the form of another service", (real) => real.withSignature(() => `t=${real.timestamp},v1=${real.signature}`)],
  ["the last character cut off", (real) => real.withSignature((value) => value.slice(0, -1))],
  ["the first character cut off", (real) => real.withSignature(() => real.scheme.version + real.signature.slice(1))],
  ["half a signature", (real) => real.withSignature((value) => value.slice(0, value.length / 2))],
  ["two characters of a signature", (real) => real.withSignature(() => real.scheme.version + real.signature.slice(0, 2))],
  ["one character more", (real) => real.withSignature((value) => `${value}0`)],
  ["a byte more", (real) => real.withSignature((value) => `${value}00`)],
  ["a null more, percent-encoded", (real) => real.withSignature((value) => `${value}%00`)],
  ["a signature twice without a space", (real) => real.withSignature((value) => value + real.signature)],
  ["its first character changed", (real) => real.withSignature(() => real.scheme.version + replaced(real.signature, 0, otherDigit))],
  ["its second character changed", (real) => real.withSignature(() => real.scheme.version + replaced(real.signature, 1, otherDigit))],
  ["a character in its middle changed", (real) => real.withSignature(() => real.scheme.version + replaced(real.signature, 31, otherDigit))],
  ["its last digit changed", (real) => real.withSignature(() => real.scheme.version + replaced(real.signature, real.scheme.version === "v0=" ? 63 : 41, otherDigit))],
  ["upper and lower case swapped", (real) => real.withSignature(() => real.scheme.version + swappedCase(real.signature))],
  ["all in capitals", (real) => real.withSignature(() => real.scheme.version + real.signature.toUpperCase())],
  ["read backwards", (real) => real.withSignature(() => real.scheme.version + real.signature.split("").toReversed().join(""))],
  ["rotated by one", (real) => real.withSignature(() => real.scheme.version + real.signature.slice(1) + real.signature[0])],
  ["all zeros in hex", (real) => real.withSignature(() => real.scheme.version + "0".repeat(64))],
  ["all ones in hex", (real) => real.withSignature(() => real.scheme.version + "f".repeat(64))],
  ["all zeros in base64", (real) => real.withSignature(() => real.scheme.version + base64(new Uint8Array(32)))],
  ["no bytes in base64", (real) => real.withSignature(() => `${real.scheme.version}====`)],
  ["the right mac in the other encoding", async (real) => { const mac = await hmac(real.scheme.key(real.secret), real.signedContent); return real.withSignature(() => real.scheme.version + (real.scheme.version === "v0=" ? base64(mac) : hex(mac))); }],
  ["the right mac in URL-safe base64", async (real) => { const mac = await hmac(real.scheme.key(real.secret), real.signedContent); return real.withSignature(() => `${real.scheme.version}-_${base64(mac).slice(2).replace(/\+/g, "-").replace(/\//g, "_")}`); }],
  ["the right mac without padding", async (real) => { const mac = await hmac(real.scheme.key(real.secret), real.signedContent); return real.withSignature(() => real.scheme.version + base64(mac).replace(/=/g, "")); }],
  ["the right mac with too much padding", async (real) => { const mac = await hmac(real.scheme.key(real.secret), real.signedContent); return real.withSignature(() => `${real.scheme.version}${base64(mac)}=`); }],
  ["the right mac with bits set that its encoding ignores", async (real) => { const mac = await hmac(real.scheme.key(real.secret), real.signedContent); return real.withSignature(() => real.scheme.version + replaced(base64(mac), 42, (char) => String.fromCharCode(char.charCodeAt(0) + 1))); }],
  ["the right mac with a space in it", (real) => real.withSignature((value) => `${value.slice(0, 20)} ${value.slice(20)}`)],
  ["the right mac with a tab in it", (real) => real.withSignature((value) => `${value.slice(0, 20)}\t${value.slice(20)}`)],
  ["quotes around it", (real) => real.withSignature((value) => `"${value}"`)],
  ["brackets around it", (real) => real.withSignature((value) => `["${value}"]`)],
  ["a letter that looks like the version's", (real) => real.withSignature((value) => value.replace("v", "\u00fd"))],
  ["a superscript for the version's digit", (real) => real.withSignature((value) => value.replace(/^v./, "v\u00b9"))],
  ["an unbroken space in front", (real) => real.withSignature((value) => `\u00a0${value}`)],
  ["the word undefined", (real) => real.withSignature(() => "undefined")],
  ["the word null behind the version", (real) => real.withSignature(() => `${real.scheme.version}null`)],
  ["the word true", (real) => real.withSignature(() => "true")],
  ["an asterisk", (real) => real.withSignature(() => `${real.scheme.version}*`)],
  ["a joker", (real) => real.withSignature(() => `${real.scheme.version}${"%".repeat(64)}`)],
  ["a list of two wrong ones", (real) => real.withSignature(() => `${real.scheme.version}${"0".repeat(64)} ${real.scheme.version}${base64(new Uint8Array(32))}`)],
  ["two signatures joined by a semicolon", (real) => real.withSignature((value) => `${value};${value}`)],
  ["two signatures joined by a comma", (real) => real.withSignature((value) => `${value},${value}`)],
  ["the right one behind more than are looked at", (real) => real.withSignature((value) => `${`${real.scheme.version}${"0".repeat(64)} `.repeat(8)}${value}`)],
  ["a signature of 100,000 characters", (real) => real.withSignature(() => real.scheme.version + "a".repeat(100_000))],
];

// oxfmt-ignore
const timestampsAfterwards: Forgery[] = [
  ["no timestamp", (real) => real.withTimestamp(() => null)],
  ["an empty timestamp", (real) => real.withTimestamp(() => "")],
  ["a second later than signed", (real) => real.withTimestamp((at) => String(Number(at) + 1))],
  ["a second earlier than signed", (real) => real.withTimestamp((at) => String(Number(at) - 1))],
  ["a zero in front", (real) => real.withTimestamp((at) => `0${at}`)],
  ["a plus in front", (real) => real.withTimestamp((at) => `+${at}`)],
  ["a minus in front", (real) => real.withTimestamp((at) => `-${at}`)],
  ["a fraction of nothing", (real) => real.withTimestamp((at) => `${at}.0`)],
  ["a dot at its end", (real) => real.withTimestamp((at) => `${at}.`)],
  ["an exponent of zero", (real) => real.withTimestamp((at) => `${at}e0`)],
  ["the same number in hex", (real) => real.withTimestamp((at) => `0x${Number(at).toString(16)}`)],
  ["the same number with separators", (real) => real.withTimestamp((at) => `${at.slice(0, 1)}_${at.slice(1)}`)],
  ["a big integer's suffix", (real) => real.withTimestamp((at) => `${at}n`)],
  ["quotes around the timestamp", (real) => real.withTimestamp((at) => `"${at}"`)],
  ["a list of one", (real) => real.withTimestamp((at) => `[${at}]`)],
  ["a second value behind a comma", (real) => real.withTimestamp((at) => `${at},${at}`)],
  ["an unbroken space behind it", (real) => real.withTimestamp((at) => `${at}\u00a0`)],
  ["superscript digits", (real) => real.withTimestamp((at) => at.replace(/[123]/g, (digit) => ({ 1: "\u00b9", 2: "\u00b2", 3: "\u00b3" })[digit] ?? digit))],
];

const withTime = (timestamp: (nowSeconds: number) => string) => (real: Sealed) =>
  real.signed({ timestamp: timestamp(Number(real.timestamp)) });

/** The signature is valid; the timestamp is missing or refused. */
// oxfmt-ignore
const timestampsSigned: Forgery[] = [
  ["signed 301 s ago", withTime((now) => String(now - 301))],
  ["signed 301 s from now", withTime((now) => String(now + 301))],
  ["signed an hour ago", withTime((now) => String(now - 3600))],
  ["signed a day from now", withTime((now) => String(now + 86_400))],
  ["signed a year ago", withTime((now) => String(now - 31_536_000))],
  ["signed at the beginning of time", withTime(() => "0")],
  ["signed one second before it", withTime(() => "-1")],
  ["signed at a negative now", withTime((now) => String(-now))],
  ["signed in milliseconds", withTime((now) => String(now * 1000))],
  ["signed in minutes", withTime((now) => String(Math.floor(now / 60)))],
  ["signed with a fraction", withTime((now) => `${now}.5`)],
  ["signed with an exponent", withTime((now) => `${now / 1e9}e9`)],
  ["signed with a plus", withTime((now) => `+${now}`)],
  ["signed with a word behind the number", withTime((now) => `${now}s`)],
  ["signed with a second number", withTime((now) => `${now} ${now}`)],
  ["signed in hex", withTime((now) => `0x${now.toString(16)}`)],
  ["signed in octal", withTime((now) => `0o${now.toString(8)}`)],
  ["signed in thirteen digits", withTime((now) => String(now).padStart(13, "0"))],
  ["signed with two to the 53rd", withTime(() => "9007199254740992")],
  ["signed with two to the 64th", withTime(() => "18446744073709551616")],
  ["signed with a number of 400 digits", withTime(() => "9".repeat(400))],
  ["signed not a number", withTime(() => "NaN")],
  ["signed for ever", withTime(() => "Infinity")],
  ["signed for ever, by an exponent", withTime(() => "1e999")],
  ["signed with a date", withTime((now) => new Date(now * 1000).toISOString())],
  ["signed with a date of HTTP", withTime((now) => new Date(now * 1000).toUTCString())],
  ["signed with a word", withTime(() => "now")],
  ["signed with null", withTime(() => "null")],
];

// oxfmt-ignore
const bodies: Forgery[] = [
  ["no body", (real) => real.withBody(() => new Uint8Array())],
  ["its first byte changed", (real) => real.withBody((body) => flipped(body, 0))],
  ["a byte in its middle changed", (real) => real.withBody((body) => flipped(body, body.length >> 1))],
  ["its last byte changed", (real) => real.withBody((body) => flipped(body, body.length - 1))],
  ["its last byte cut off", (real) => real.withBody((body) => body.slice(0, -1))],
  ["a byte order mark in front", (real) => real.withBody((body) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), body))],
  ["a byte order mark behind", (real) => real.withBody((body) => joined(body, Uint8Array.of(0xef, 0xbb, 0xbf)))],
  ["a space in front", (real) => real.withText((body) => ` ${body}`)],
  ["a space behind", (real) => real.withText((body) => `${body} `)],
  ["a line break behind", (real) => real.withText((body) => `${body}\n`)],
  ["a Windows line break behind", (real) => real.withText((body) => `${body}\r\n`)],
  ["a null behind", (real) => real.withText((body) => `${body}\u0000`)],
  ["the body twice", (real) => real.withBody((body) => joined(body, body))],
  ["a parameter more", (real) => real.withText((body) => `${body}&text=help`)],
  ["a property more", (real) => real.withText((body) => body.replace(/\}$/, ',"x":1}').replace(/^(?!\{)/, "x=1&"))],
  ["UTF-16 instead of UTF-8", (real) => real.withText((body) => body).withBody(() => utf16(new TextDecoder().decode(real.body)))],
  ["an é of two characters", (real) => real.withBody((body) => bytesReplaced(body, [0xc3, 0xa9], [0x65, 0xcc, 0x81]))],
  ["an é of Latin 1", (real) => real.withBody((body) => bytesReplaced(body, [0xc3, 0xa9], [0xe9]))],
  ["a byte that no UTF-8 has, for U+FFFD", (real) => real.withBody((body) => bytesReplaced(body, [0xef, 0xbf, 0xbd], [0xff]))],
  ["half a character, for U+FFFD", (real) => real.withBody((body) => bytesReplaced(body, [0xef, 0xbf, 0xbd], [0xc3]))],
  ["a surrogate, for U+FFFD", (real) => real.withBody((body) => bytesReplaced(body, [0xef, 0xbf, 0xbd], [0xed, 0xa0, 0x80]))],
  ["an overlong encoding, for U+FFFD", (real) => real.withBody((body) => bytesReplaced(body, [0xef, 0xbf, 0xbd], [0xc0, 0xaf]))],
  ["an e of another alphabet", (real) => real.withText((body) => body.replace("e", "\u0435"))],
  ["another body altogether", (real) => real.withText(() => "{}")],
];

const withMac = (mac: (request: Sealed) => Promise<Bytes>) => (real: Sealed) => real.signed({ mac });
const withKey = (key: (request: Sealed) => Bytes) => withMac((request) => hmac(key(request), request.signedContent));
const over = (content: (request: Sealed) => Bytes) =>
  withMac((request) => hmac(request.scheme.key(request.secret), content(request)));

// oxfmt-ignore
const keysAndContents: Forgery[] = [
  ["a key of nothing", withKey(() => Uint8Array.of(0))],
  ["a key of zeros", withKey(() => new Uint8Array(32))],
  ["a guessed key", withKey(() => bytesOf("secret"))],
  ["the key's text, where its bytes are meant, or its bytes doubled", withKey(({ secret, scheme }) => joined(bytesOf(secret), scheme.key(secret)))],
  ["the key in capitals", withKey(({ secret }) => bytesOf(secret.toUpperCase()))],
  ["the key read backwards", withKey(({ secret, scheme }) => scheme.key(secret).toReversed())],
  ["the key with its last byte cut off", withKey(({ secret, scheme }) => scheme.key(secret).slice(0, -1))],
  ["the key with a byte more", withKey(({ secret, scheme }) => joined(scheme.key(secret), Uint8Array.of(1)))],
  ["the id as the key", withKey(({ id }) => bytesOf(id))],
  ["the timestamp as the key", withKey(({ timestamp }) => bytesOf(timestamp))],
  ["the body as the key", withMac((request) => hmac(request.body, request.scheme.key(request.secret)))],
  ["a hash of the content, without a key", withMac((request) => digest(request.signedContent))],
  ["a hash of key and content, which can be lengthened", withMac((request) => digest(joined(request.scheme.key(request.secret), request.signedContent)))],
  ["a hash of content and key", withMac((request) => digest(joined(request.signedContent, request.scheme.key(request.secret))))],
  ["SHA-1", withMac((request) => hmac(request.scheme.key(request.secret), request.signedContent, "SHA-1"))],
  ["SHA-384", withMac((request) => hmac(request.scheme.key(request.secret), request.signedContent, "SHA-384"))],
  ["SHA-512", withMac((request) => hmac(request.scheme.key(request.secret), request.signedContent, "SHA-512"))],
  ["SHA-512, cut to 32 bytes", withMac(async (request) => (await hmac(request.scheme.key(request.secret), request.signedContent, "SHA-512")).slice(0, 32))],
  ["a mac of the mac", withMac(async (request) => hmac(request.scheme.key(request.secret), await hmac(request.scheme.key(request.secret), request.signedContent)))],
  ["only the body signed", over(({ body }) => body)],
  ["the body left out", over(({ scheme, id, timestamp }) => bytesOf(scheme.before(id, timestamp)))],
  ["the timestamp left out", over(({ scheme, id, body }) => joined(bytesOf(scheme.before(id, "")), body))],
  ["timestamp and body, without what stands before", over(({ timestamp, body }) => joined(bytesOf(`${timestamp}.`), body))],
  ["the parts in another order", over(({ id, timestamp, body }) => joined(body, bytesOf(`.${timestamp}.${id}`)))],
  ["id and timestamp swapped", over(({ id, timestamp, body }) => joined(bytesOf(`${timestamp}.${id}.`), body))],
  ["another separator between the parts", over(({ id, timestamp, body }) => joined(bytesOf(`${id}|${timestamp}|`), body))],
  ["no separator between the parts", over(({ id, timestamp, body }) => joined(bytesOf(`v0${id}${timestamp}`), body))],
  ["the next version's content", over(({ timestamp, body }) => joined(bytesOf(`v1:${timestamp}:`), body))],
  ["the parts as JSON", over(({ id, timestamp, body }) => bytesOf(JSON.stringify([id, timestamp, new TextDecoder().decode(body)])))],
  ["the timestamp as eight bytes", over(({ id, body, timestamp }) => joined(bytesOf(id), Uint8Array.from(timestamp.padStart(8, "0"), Number), body))],
];

const otherNames: Record<string, string[]> = {
  "x-slack-signature": ["x-slack_signature", "slack-signature", "x-hub-signature-256", "authorization"],
  "webhook-signature": ["svix-signature", "webhook_signature", "x-webhook-signature", "authorization"],
};

// oxfmt-ignore
const headers: Forgery[] = [
  ...[0, 1, 2, 3].map((index): Forgery => [`the signature in another header (${index + 1})`, (real) => real.withSignature(() => null).alsoWith(otherNames[real.scheme.signatureHeader]?.[index] ?? "x", `${real.scheme.version}${real.signature}`)]),
  ["two timestamps, the right one first", (real) => real.alsoWith(real.scheme.timestampHeader, "0")],
  ["two timestamps, the right one last", (real) => real.withTimestamp(() => "0").alsoWith(real.scheme.timestampHeader, real.timestamp)],
  ["the right timestamp twice", (real) => real.alsoWith(real.scheme.timestampHeader, real.timestamp)],
  ["timestamp and signature swapped", (real) => real.withTimestamp(() => `${real.scheme.version}${real.signature}`).withSignature(() => real.timestamp)],
  ["the timestamp inside the signature's header", (real) => real.withTimestamp(() => null).withSignature((value) => `${real.timestamp} ${value}`)],
];

/** For schemes that also sign an id. */
// oxfmt-ignore
export const idForgeries: Forgery[] = [
  ["no id", (real) => real.withHeader(real.scheme.idHeader, () => null)],
  ["an empty id", (real) => real.withHeader(real.scheme.idHeader, () => "")],
  ["another id, so that a repeat looks new", (real) => real.withHeader(real.scheme.idHeader, (id) => `${id}2`)],
  ["an id in capitals", (real) => real.withHeader(real.scheme.idHeader, (id) => id.toUpperCase())],
  ["an id cut short", (real) => real.withHeader(real.scheme.idHeader, (id) => id.slice(0, -1))],
  ["two ids", (real) => real.alsoWith(real.scheme.idHeader ?? "", "msg_other")],
  ["the same id twice", (real) => real.alsoWith(real.scheme.idHeader ?? "", real.id)],
  ["a dot moved from one part to the next", (real) => real.withHeader(real.scheme.idHeader, (id) => `${id}.${real.timestamp}`)],
  ["id and timestamp in each other's place", (real) => real.withHeader(real.scheme.idHeader, () => real.timestamp).withTimestamp(() => real.id)],
  ["an id with an unbroken space", (real) => real.withHeader(real.scheme.idHeader, (id) => `${id}\u00a0`)],
];

export const forgeries: readonly Forgery[] = [
  ...signatures,
  ...timestampsAfterwards,
  ...timestampsSigned,
  ...bodies,
  ...keysAndContents,
  ...headers,
];
