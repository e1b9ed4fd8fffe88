import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { valueText } from "../../../shared/messages/en/conflicts.ts";
import { WrongUsage, commitFrom } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import type { Paint } from "../output.ts";

type Conflicts = ReplyOf<"listConflicts">["conflicts"];

export const resolve: Command = {
  name: "resolve",
  usage: "<commit> [mine|theirs] [<row> [<field>]] [field=value …]",
  summary: "Shows what somebody has changed under a commit; keeps your values, takes theirs, or sets others.",
  examples: [
    "cv resolve 42",
    "cv resolve 42 mine",
    "cv resolve 42 theirs python-1 level",
    "cv resolve 42 python-1 level=Expert",
  ],
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args, out }) => {
    const number = commitFrom(args);
    const [, word, ...rest] = args.words;
    const list = await client.listConflicts({ number });
    if (word === undefined) {
      out.show(list, ({ conflicts, unanswered }) => [
        ...conflictLines(conflicts, out.paint),
        ...(conflicts.length === 0 ? [`Nobody has changed the rows of commit #${number}.`] : []),
        ...unanswered.map((target) => `${target} gave no answer.`),
      ]);
      return exit.done;
    }
    const choices = choicesOf(word, rest, list.conflicts);
    const done = await client.resolveConflicts({ number }, { choices, seen: list.seen });
    out.show(done, ({ review, meta: { decided, left, voided } }) => [
      `Resolved ${plural(decided, "conflict")} in commit #${number}.`,
      ...(review === "dropped" ? ["Nothing is left of it, so it was dropped."] : []),
      ...(voided ? ["Its content is another one now, so it needs approval again."] : []),
      ...conflictLines(left, out.paint),
    ]);
    return exit.done;
  },
};

const conflictLines = (conflicts: Conflicts, paint: Paint): string[] =>
  conflicts.flatMap(({ name, entityType, entityId, kind, action, targets, fields }) => [
    paint("bold", `${entityType} ${name} (${entityId}) at ${targets.join(", ")}${notes[kind]}`),
    ...fields.map(
      ({ field, base, live, yours }) =>
        `  ${field}: staged on ${valueText(base)}, live now ${kind === "gone" ? "gone" : valueText(live)}, yours ${action === "DELETE" ? "deleted" : valueText(yours)}`,
    ),
  ]);

const notes = { changed: "", gone: ": gone", not_yet: ": waits for the commit that creates it" } as const;

type Choices = Parameters<Parameters<Command["run"]>[0]["client"]["resolveConflicts"]>[1]["choices"];

const choicesOf = (word: string, rest: readonly string[], conflicts: Conflicts): Choices => {
  const take = word === "mine" || word === "theirs" ? word : null;
  const [typed, ...fields] = take === null ? [word, ...rest] : rest;
  if (typed === undefined) return [{ take: take ?? "mine" }];
  const row = conflicts.find(({ entityId, name }) => entityId === typed || name.toLowerCase() === typed.toLowerCase());
  if (!row) throw new WrongUsage(`"${typed}" is not in conflict.`);
  const { entityType, entityId } = row;
  if (take !== null && fields.length === 0) return [{ take, entityType, entityId }];
  const choices = fields.map((each): Choices[number] => {
    const [, field = each, value] = /^([\w-]+)=([\s\S]*)$/.exec(each) ?? [];
    const name = field.replaceAll("-", "_");
    if (value !== undefined) return { take: "value", value, entityType, entityId, field: name };
    if (take === null) throw new WrongUsage(`Say mine, theirs, or ${field}=value.`);
    return { take, entityType, entityId, field: name };
  });
  if (choices.length === 0) throw new WrongUsage("Say mine, theirs, or a row and field=value.");
  return choices;
};
