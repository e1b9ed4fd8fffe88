/** Consonants that make no words and are not mixed up (RFC 8628, 6.1): as `loginCodeShape` takes them. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const length = 8;
/** Bytes from here on would make the first characters more likely. */
const end = 256 - (256 % alphabet.length);

/** A new code of `cv login`, such as WDJB-MJHT: 34 random bits, which are guessed once and for ten minutes. */
export const newLoginCode = (): string => {
  let code = "";
  while (code.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < end && code.length < length) code += alphabet.charAt(byte % alphabet.length);
    }
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
};
