/** A message: what people read, in parts that each medium shows its own way. No medium, no clock, no look-ups. */
import { firstOf } from "../domain/text.ts";
import { visible } from "../domain/unseen.ts";
import type { Step } from "./step.ts";

export type Part =
  /** Plain text: each medium escapes it. */
  | string
  /** What is typed, or the name of a field or an option. */
  | { kind: "code"; text: string }
  | { kind: "strong"; message: Message }
  | { kind: "person"; userId: string }
  | { kind: "channel"; channelId: string }
  | { kind: "moment"; at: string }
  | { kind: "list"; lines: readonly Message[] }
  /** How to do something: a command, a request, a link. */
  | { kind: "step"; step: Step }
  /** A sentence that says how to go on; left out where the medium has no such step. */
  | { kind: "next"; step: Step; message: Message };

export type Message = readonly Part[];

/** A string is somebody's text: it is shown on one line, at most `maxText` characters of it. */
export type Value = string | number | Part | Message;

const maxText = 300;

/** message`There is no commit #${number}.`: the words between are ours. */
export const message = (words: TemplateStringsArray, ...values: readonly Value[]): Message =>
  words.flatMap((text, index) => [...(text === "" ? [] : [text]), ...partsOf(values[index] ?? "")]);

const partsOf = (value: Value): Message => {
  // Not trimmed: what stands between two texts may be a space.
  if (typeof value === "string") return textPart(clip(onOneLine(value), maxText));
  if (typeof value === "number") return [String(value)];
  return isMessage(value) ? value : [value];
};

const isMessage = (value: Part | Message): value is Message => Array.isArray(value);

const textPart = (text: string): Message => (text === "" ? [] : [text]);

/** Somebody's text on one line, cut to `max` characters. */
export const clipLine = (text: string, max = maxText): string => clip(onOneLine(text).trim(), max);

/** Escapes come first: some of what is invisible is a space for a program. */
const onOneLine = (text: string): string => visible(text).replace(/\s+/g, " ");

/** Cuts to `max` code units, counting what stands for the rest; never through a character. Nothing unseen is left. */
export const clip = (text: string, max: number): string => {
  const shown = visible(text);
  return shown.length <= max ? shown : `${firstOf(shown, max - 1)}…`;
};

/** Somebody's text where another length is right. */
export const quoted = (text: string, max: number): Message => textPart(clipLine(text, max));
export const code = (text: string, max = maxText): Part => ({ kind: "code", text: clipLine(text, max) });
export const strong = (value: Value): Part => ({ kind: "strong", message: partsOf(value) });
export const person = (userId: string): Part => ({ kind: "person", userId });
export const channel = (channelId: string): Part => ({ kind: "channel", channelId });
export const moment = (at: string): Part => ({ kind: "moment", at });
export const list = (lines: readonly Message[]): Part => ({ kind: "list", lines });

/** next({ to: "commits" }, (how) => message`${how} lists them.`) */
export const next = (step: Step, sentence: (how: Part) => Message): Part => ({
  kind: "next",
  step,
  message: sentence({ kind: "step", step }),
});

/** How a medium shows the parts. */
export interface Medium<Shown> {
  text: (text: string) => Shown;
  code: (text: string) => Shown;
  strong: (content: Shown[]) => Shown;
  person: (userId: string) => Shown;
  channel: (channelId: string) => Shown;
  moment: (at: string) => Shown;
  list: (lines: Shown[][]) => Shown;
  /** Null: the medium has no such step. */
  step: (step: Step) => Shown | null;
}

export const render = <Shown>(parts: Message, medium: Medium<Shown>): Shown[] =>
  parts.flatMap((part) => renderPart(part, medium));

const renderPart = <Shown>(part: Part, medium: Medium<Shown>): Shown[] => {
  if (typeof part === "string") return [medium.text(part)];
  switch (part.kind) {
    case "code":
      return [medium.code(part.text)];
    case "strong":
      return [medium.strong(render(part.message, medium))];
    case "person":
      return [medium.person(part.userId)];
    case "channel":
      return [medium.channel(part.channelId)];
    case "moment":
      return [medium.moment(part.at)];
    case "list":
      return [medium.list(part.lines.map((line) => render(line, medium)))];
    case "step": {
      const shown = medium.step(part.step);
      return shown === null ? [] : [shown];
    }
    case "next":
      return medium.step(part.step) === null ? [] : [medium.text(" "), ...render(part.message, medium)];
  }
};

/** The people whom it names. */
export const peopleIn = (parts: Message): string[] =>
  parts.flatMap((part) => {
    if (typeof part === "string") return [];
    if (part.kind === "person") return [part.userId];
    if (part.kind === "strong" || part.kind === "next") return peopleIn(part.message);
    return part.kind === "list" ? part.lines.flatMap(peopleIn) : [];
  });
