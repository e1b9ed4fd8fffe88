import { loginCodeAlphabet } from "./domain/workspace/login.ts";

const length = 8;
/** Bytes from here on would make the first characters more likely. */
const end = 256 - (256 % loginCodeAlphabet.length);

/** A new code of `cv login`, such as WDJB-MJHT: 34 random bits, which are guessed once and for ten minutes. */
export const newLoginCode = (): string => {
  let code = "";
  while (code.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < end && code.length < length) code += loginCodeAlphabet.charAt(byte % loginCodeAlphabet.length);
    }
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
};
