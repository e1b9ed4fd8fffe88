/** A message as plain text: the detail of an API problem, a line in a shell, a text in the portal. */
import { type Medium, type Message, render } from "./message.ts";
import type { Step } from "./step.ts";

export interface PlainMedium {
  /** What a person is called; their id when left out. */
  nameOf?: (userId: string) => string;
  /** ISO 8601 in UTC when left out. */
  moment?: (at: string) => string;
  strong?: (text: string) => string;
  /** Null: there is no such step. There is none when left out. */
  step?: (step: Step) => string | null;
  /** One after the other, in one sentence, when left out. */
  list?: (lines: readonly string[]) => string;
}

const itself = (text: string): string => text;

export const plainText = (
  parts: Message,
  { nameOf = itself, moment = itself, strong = itself, step = () => null, list = inSentence }: PlainMedium = {},
): string => {
  const medium: Medium<string> = {
    text: itself,
    code: (text) => `"${text}"`,
    strong: (content) => strong(content.join("")),
    person: nameOf,
    channel: itself,
    moment,
    list: (lines) => list(lines.map((line) => line.join(""))),
    step,
  };
  return render(parts, medium).join("");
};

const inSentence = (lines: readonly string[]): string => ` ${lines.join("; ")}.`;
