/** What stands around a commit: how much it changes, and its author's words, which never stand for what it does. */
import type { CancelledRow } from "../../domain/staging/net-operations.ts";
import { type Message, type Value, message, quoted } from "../message.ts";
import { allOf, plural } from "./grammar.ts";

/** "3 changes", or "3 rows from 5 changes" where some are about the same row or leave nothing. */
export const sizeText = (rows: number, changes: number): string =>
  rows === changes ? plural(changes, "change") : `${plural(rows, "row")} from ${plural(changes, "change")}`;

/** "Changes 3 and 4 cancel each other out: nothing of them is left." */
export const cancelledMessage = ({ numbers }: Pick<CancelledRow, "numbers">): Message =>
  numbers.length === 1
    ? message`Change ${numbers[0] ?? ""} leaves its row as it is.`
    : message`Changes ${allOf(numbers)} cancel each other out: nothing of them is left.`;

/** Quotation marks inside would end the quotation early. */
const withoutMarks = (words: string): string => words.replace(/[“”„«»]/g, '"');

/** “Skill updates”: somebody's own words, on one line. */
export const quotation = (words: string, max: number): Message => ["“", ...quoted(withoutMarks(words), max), "”"];

/** "Avery wrote: “Skill updates”" @param author how the medium names them */
export const wroteMessage = (author: Value, words: string, max: number): Message =>
  message`${author} wrote: ${quotation(words, max)}`;

/** Where a commit was made before its line was derived. */
export const summaryText = (summary: string | null): string => summary ?? "its diff shows what it changes";
