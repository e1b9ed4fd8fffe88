import { closest } from "../../../shared/domain/closest.ts";
import { type Reply, answer, say } from "../core/reply.ts";
import { type Role, may, permissions } from "../../../shared/domain/workspace/roles.ts";
import type { TargetBinding } from "../../../shared/storage/pushes/targets.ts";
import { entities, entityOf, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, lines, listSections, section } from "../blocks/blocks.ts";
import { code, escape, quoted } from "../blocks/text.ts";
import type { Command } from "../core/commands/command.ts";
import { commandsOf, groupNames, standsAlone } from "./command-groups.ts";

/** Help is written from the table that it is itself an entry of. */
export const createHelp = (table: () => readonly Command[]): Command => ({
  name: "help",
  usage: "[command|type]",
  summary: "Explains the commands, one command, or the fields of a type.",
  examples: ["/cv help", "/cv help stage", "/cv help technology"],
  permission: "read",
  run: ({ ctx, args }) => {
    const word = args.positionals[0]?.toLowerCase().replace(/^\/?cv$/, "");
    return answer(listStaged(ctx), ({ session: { role, targets } }) =>
      word ? helpFor(word, table(), targets) : helpOf(role, table()),
    );
  },
});

const typed = ({ name, usage }: Command): string => escape(`/cv ${name} ${usage}`.trim());

export const helpOf = (role: Role, table: readonly Command[]): Reply => {
  const mine = table.filter((command) => may(role, command.permission));
  const others = table.filter((command) => !may(role, command.permission));
  const line = (command: Command): string =>
    `•  \`${command.examples[0] ?? typed(command)}\`  ${quoted(command.summary, 200)}`;
  const parts = groupNames
    .map((group) => ({ group, own: commandsOf(group, mine) }))
    .filter(({ own }) => own.length > 0);
  return {
    text: `Your role is ${role}. Commands: ${mine.map(({ name }) => `/cv ${name}`).join(", ")}`,
    blocks: [
      header("Change the portfolio like code: stage, commit, review, push"),
      section(
        "`/cv` alone shows your action items, with a button for each. Everything can be clicked, and typed as well:",
      ),
      ...parts.flatMap(({ group, own }) => listSections([`*${group}*`, ...own.map(line)], 2500)),
      actions(
        may(role, "stage") && commandButton("go", "Stage a change…", "stage", { style: "primary" }),
        commandButton("go", "Action items", ""),
      ),
      context(
        `Your role here is *${role}*.${others.length > 0 ? ` Other roles also have ${others.map(({ name }) => name).join(", ")}.` : ""}  ·  \`/cv help stage\` explains a command, \`/cv help technology\` the fields of a type (${Object.keys(entities).join(", ")})`,
      ),
    ],
    again: "help",
  };
};

const helpFor = (word: string, table: readonly Command[], targets: readonly TargetBinding[]): Reply => {
  const command = table.find(({ name }) => name === word);
  if (command) return commandHelp(command, targets);
  if (isEntityType(word)) {
    const entity = entityOf(word);
    const fields = Object.entries(entity.fields).map(
      ([name, field]) =>
        `\`${name}\`${field.required ? " (required)" : ""}: ${field.hint}, such as \`${name}=${field.example}\``,
    );
    return {
      text: `Fields of ${word}`,
      blocks: [
        section(`*Fields of ${word}*`),
        ...listSections(fields),
        actions(commandButton("go", "Stage a change…", "stage"), commandButton("go", "All commands", "help")),
      ],
      again: `help ${word}`,
    };
  }
  const near = closest(word, [...table.map(({ name }) => name), ...Object.keys(entities)]);
  return say(
    `:warning: There is no command or type ${code(word, 40)}. ${near ? `Did you mean \`/cv help ${near}\`?` : "`/cv help` lists the commands."}`,
  );
};

const takesTargets = ({ usage, options = [] }: Command): boolean =>
  usage.includes("<target>") || options.some(({ name }) => name === "target");

const targetLine = ({ name, alias }: TargetBinding): string =>
  `${code(name)}${alias === null ? "" : ` or ${code(alias)}`}`;

const commandHelp = (command: Command, targets: readonly TargetBinding[]): Reply => {
  const least = permissions[command.permission].role;
  const options = (command.options ?? []).map(
    ({ name, short, value }) => `•  \`--${name}\`${short ? ` or \`-${short}\`` : ""}${value ? `: ${value}` : ""}`,
  );
  return {
    text: `${typed(command)}: ${command.summary}`,
    blocks: blocksOf(
      section(lines(`*\`${typed(command)}\`*`, command.summary)),
      options.length > 0 && section(lines("*Options*", options)),
      takesTargets(command) && targets.length > 0 && section(`*Targets here*\n${targets.map(targetLine).join(", ")}`),
      section(
        lines(
          "*For example*",
          command.examples.map((example) => `>\`${example}\``),
        ),
      ),
      actions(
        standsAlone(command) && commandButton("go", "Try it", command.name, { style: "primary" }),
        command.name !== "help" && commandButton("go", "All commands", "help"),
      ),
      context(`For ${least}s${least === "admin" ? "" : " and roles above"}.`),
    ),
    again: `help ${command.name}`,
  };
};
