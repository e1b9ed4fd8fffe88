/** What English needs to make sentences: numbers, lists, articles, capitals. */
import { type Message, type Value, message } from "../message.ts";

/** "1 change", "2 changes" */
export const plural = (count: number, noun: string, several = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : several}`;

/** "an editor" */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

/** More than these are counted. */
const maxNamed = 10;

/** "a, b or c" */
export const anyOf = (items: readonly Value[]): Message => joined(items, " or ");
/** "a, b and c" */
export const allOf = (items: readonly Value[]): Message => joined(items, " and ");
/** "a, b, c" */
export const commas = (items: readonly Value[]): Message => joined(items, ", ");

const joined = (items: readonly Value[], lastJoint: string): Message => {
  const shown =
    items.length > maxNamed ? [...items.slice(0, maxNamed - 1), `${items.length - maxNamed + 1} others`] : items;
  return shown.flatMap((item, index) => {
    const joint = index === 0 ? "" : index === shown.length - 1 ? lastJoint : ", ";
    return [...(joint === "" ? [] : [joint]), ...message`${item}`];
  });
};

/** Capitalized. */
export const capitalText = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Capitalized, where it begins with text. */
export const capital = (parts: Message): Message => {
  const [first, ...rest] = parts;
  return typeof first === "string" ? [capitalText(first), ...rest] : parts;
};

/** A target's or a person's sentence inside one of ours. */
export const unstopped = (sentence: string): string => sentence.trim().replace(/\.$/, "");
