/**
 * A guide of docs/guides/, read as instructions: each code block goes where the line above it says, each command is
 * run, and a quote below a block says what fails without it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/scripts/tree.ts";

export interface Edit {
  kind: "edit";
  path: string;
  /** Where the text goes: a new file, the end of the file, or at the one line that contains the anchor. */
  place: { at: "new" | "end" } | { at: "after" | "before" | "in place of"; anchor: string };
  text: string;
  missed: Missed | null;
}

/** How somebody notices that a step was forgotten. */
export type Missed = { by: "type check"; path: string } | { by: "command"; command: string };

export interface Command {
  kind: "command";
  command: string;
}

export type Step = Edit | Command;

const newFile = /^Create `([^`]+)`:$/;
const atEnd = /^At the end of `([^`]+)`:$/;
const atLine = /^In `([^`]+)`, (after|before|in place of) `([^`]+)`:$/;
const inTypes = /^> Without this step the type check fails in `([^`]+)`\.$/;
const inCommand = /^> Without this step `([^`]+)` fails\.$/;

const placeOf = (line: string): Pick<Edit, "path" | "place"> => {
  const [, created] = newFile.exec(line) ?? [];
  if (created !== undefined) return { path: created, place: { at: "new" } };
  const [, ended] = atEnd.exec(line) ?? [];
  if (ended !== undefined) return { path: ended, place: { at: "end" } };
  const [, path, at, anchor] = atLine.exec(line) ?? [];
  if (path === undefined || at === undefined || anchor === undefined) {
    throw new Error(`A code block needs a line above that says where it goes, not: ${line}`);
  }
  return { path, place: { at: at as "after" | "before" | "in place of", anchor } };
};

const missedOf = (line: string): Missed | null => {
  const [, path] = inTypes.exec(line) ?? [];
  if (path !== undefined) return { by: "type check", path };
  const [, command] = inCommand.exec(line) ?? [];
  return command === undefined ? null : { by: "command", command };
};

/** The block's lines as the file has them. */
const blockAfter = (lines: readonly string[], start: number): { text: string; end: number } => {
  const end = lines.findIndex((line, index) => index > start && line === "```");
  if (end === -1) throw new Error("A code block does not end");
  return { text: `${lines.slice(start + 1, end).join("\n")}\n`, end };
};

export const parseGuide = (page: string): Step[] => {
  const lines = page.split("\n");
  const steps: Step[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const [, language] = /^```(\w+)$/.exec(lines[index] ?? "") ?? [];
    // What is typed elsewhere.
    if (language === undefined || language === "console") continue;
    const { text, end } = blockAfter(lines, index);
    if (language === "sh")
      steps.push(
        ...text
          .trim()
          .split("\n")
          .map((command): Command => ({ kind: "command", command })),
      );
    else {
      const above = lines.slice(0, index).findLast((line) => line !== "") ?? "";
      const below = lines.slice(end + 1).find((line) => line !== "") ?? "";
      steps.push({ kind: "edit", ...placeOf(above), text, missed: missedOf(below) });
    }
    index = end;
  }
  return steps;
};

export const readGuide = (name: string): Step[] => parseGuide(readFileSync(join(root, "docs/guides", name), "utf8"));

/** The file after the edit; `before` is null where there is none. */
export const edited = ({ path, place, text }: Edit, before: string | null): string => {
  if (place.at === "new") {
    if (before !== null) throw new Error(`${path} is there already`);
    return text;
  }
  if (before === null) throw new Error(`${path} is not there`);
  if (place.at === "end") return `${before}\n${text}`;
  const { at, anchor } = place;
  const lines = before.split("\n");
  const found = lines.flatMap((line, index) => (line.includes(anchor) ? [index] : []));
  const [line] = found;
  if (line === undefined || found.length > 1) throw new Error(`${found.length} lines of ${path} contain ${anchor}`);
  const [start, removed] = at === "after" ? [line + 1, 0] : [line, at === "before" ? 0 : 1];
  return lines.toSpliced(start, removed, ...text.trimEnd().split("\n")).join("\n");
};
