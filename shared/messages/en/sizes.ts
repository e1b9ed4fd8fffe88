import { type Message, message } from "../message.ts";
import { commas } from "./grammar.ts";

/** "900 kB" */
export const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} kB`;

/** "1,204 kB for the first target, 1,190 kB for the second" */
export const oversizedMessage = (oversized: readonly { target: string; bytes: number }[]): Message =>
  commas(oversized.map(({ target, bytes }) => message`${kilobytes(bytes)} for ${target}`));
