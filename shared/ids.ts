/** 26 characters of Crockford's base32: 48 bits of time, 80 random; sorts by time (github.com/ulid/spec). */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

const encode = (value: bigint, length: number): string => {
  let text = "";
  for (let rest = value, index = 0; index < length; index += 1, rest >>= 5n) {
    text = (alphabet[Number(rest & 31n)] ?? "0") + text;
  }
  return text;
};

const randomBits = (bytes: number): bigint =>
  crypto.getRandomValues(new Uint8Array(bytes)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

export const newId = (nowMs: number = Date.now()): string => encode(BigInt(nowMs), 10) + encode(randomBits(10), 16);

/** 32 hex digits: a W3C trace id. */
export const newTraceId = (): string => randomBits(16).toString(16).padStart(32, "0");
