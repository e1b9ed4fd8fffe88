/** Text after `/cv`: the tokenizer, the grammar, and command lines that the bot generates. */
import fc from "fast-check";
import { parseArguments, splitCommand } from "../../bot/slack/core/commands/grammar.ts";
import { readStage } from "../../bot/slack/staging/stage-input.ts";
import { commands, runCommand } from "../../bot/slack/commands.ts";
import { tokenize } from "../../bot/slack/core/commands/tokenize.ts";
import { typedLine } from "../../bot/slack/staging/typed-change.ts";
import { refusalText } from "../../bot/slack/blocks/mrkdwn.ts";
import { escape } from "../../bot/slack/blocks/text.ts";
import { actions } from "../../shared/domain/staging/change.ts";
import { entityOf, entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { markupProblems } from "../corpora/markup.ts";
import { type Subject, holds, holdsLater } from "./subject.ts";
import { typed, written } from "./texts.ts";

const options = commands.flatMap((command) => command.options ?? []);
const noMentions = { people: [], channels: [] };

const problemOfReply = (text: string): string | null => {
  if (text.trim() === "") return "the answer is empty";
  return markupProblems({ type: "mrkdwn", text }, noMentions)[0] ?? null;
};

const grammar: Subject = {
  name: "command grammar: every text is parsed, or refused with a hint",
  share: 1,
  property: () =>
    holds(typed, (text) => {
      const words = tokenize(text);
      const parsed = parseArguments(text, options);
      if (!parsed.ok) return problemOfReply(refusalText(parsed.reason));
      if (!words.ok) return "the grammar takes what the tokenizer refuses";
      if (splitCommand(text).name.includes(" ")) return "the name is more than a word";
      const read = readStage(parsed.value);
      if (read.kind === "slip") return problemOfReply(read.missing);
      return read.kind === "refused" ? problemOfReply(refusalText(read.reason)) : null;
    }),
};

const unused = {
  get ctx(): never {
    throw new Error("An unknown command needs no context");
  },
} as unknown as Parameters<typeof runCommand>[1];

const unknownUseCases: Subject = {
  name: "unknown commands: each refusal lists the commands",
  share: 1,
  property: () =>
    holdsLater(
      typed.filter((text) => !commands.some(({ name }) => name === splitCommand(text).name) && text.trim() !== ""),
      async (text) => {
        const reply = await runCommand(text, unused);
        if (!reply) return "no answer";
        return reply.text.includes("/cv") ? problemOfReply(reply.text) : "the answer names no command";
      },
    ),
};

/** A stored text: trimmed, with single spaces. */
const fieldText = written.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
const proposal = fc
  .record({ action: fc.constantFrom(...actions), entityType: fc.constantFrom(...entityTypes), row: fieldText })
  .chain(({ action, entityType, row }) => {
    const names = Object.keys(entityOf(entityType).fields);
    return fc
      .dictionary(fc.constantFrom(...names), fc.oneof(fieldText, fc.integer().map(String)), { minKeys: 1, maxKeys: 4 })
      .map((values) => ({ action, entityType, row: action === "CREATE" ? null : row, values }));
  });

const typedLines: Subject = {
  name: "typed lines: the bot's own lines are parsed back",
  share: 1,
  property: () =>
    holds(proposal, (proposed) => {
      const line = typedLine(proposed);
      // Slack's encoding of typed text.
      const parsed = parseArguments(escape(line), options);
      if (!parsed.ok) return `${line} is refused: ${refusalText(parsed.reason)}`;
      const { positionals, fields } = parsed.value;
      const expected = [
        proposed.action.toLowerCase(),
        proposed.entityType,
        ...(proposed.row === null ? [] : [proposed.row]),
      ];
      const same = JSON.stringify([positionals, { ...fields }]) === JSON.stringify([expected, { ...proposed.values }]);
      return same ? null : `${line} is read as ${JSON.stringify([positionals, fields])}`;
    }),
};

export const commandSubjects: Subject[] = [grammar, unknownUseCases, typedLines];
