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
import { type Group, commandsOf, groupNames, standsAlone } from "./command-groups.ts";

/** Help is written from the table that it is itself an entry of. */
export const createHelp = (table: () => readonly Command[]): Command => ({
  name: "help",
  usage: "[command|type]",
  summary: "Explains the commands, one command, or the fields of a type.",
  examples: ["/cv help", "/cv help stage", "/cv help technology"],
  permission: "read",
  run: ({ ctx, args }) => {
    const word = args.positionals[0]?.toLowerCase().replace(/^\/?cv$/, "");
    const topic = groupNames.find((group) => group.toLowerCase() === args.positionals[1]?.toLowerCase());
    return answer(listStaged(ctx), ({ session: { role, targets } }) => {
      if (word === "about" && topic) return topicHelp(topic, role, table());
      return word ? helpFor(word, table(), targets) : helpOf(role, table());
    });
  },
});

const typed = ({ name, usage }: Command): string => escape(`/cv ${name} ${usage}`.trim());

/** It fits a phone: what there is, by topic. A topic's button lists its commands with what each does. */
export const helpOf = (role: Role, table: readonly Command[]): Reply => {
  const mine = table.filter((command) => may(role, command.permission));
  const others = table.filter((command) => !may(role, command.permission));
  return {
    text: `Your role is ${role}. Commands: ${mine.map(({ name }) => `/cv ${name}`).join(", ")}`,
    blocks: [
      header("Change the portfolio like code"),
      section("Stage, commit, review, push. `/cv` alone shows your action items; everything can be clicked or typed."),
      ...groupNames.flatMap((group) => {
        const own = commandsOf(group, mine);
        const names = own.map(({ name }) => name).join(", ");
        const accessory = commandButton("go", group, `help about ${group.toLowerCase()}`);
        return own.length === 0 ? [] : [{ ...section(`*${group}*  ${names}`), accessory }];
      }),
      ...(may(role, "stage") ? [actions(commandButton("go", "Stage a change…", "stage", { style: "primary" }))] : []),
      context(
        `You are *${role}*.${others.length > 0 ? ` Other roles also have ${others.map(({ name }) => name).join(", ")}.` : ""}  ·  \`/cv help stage\` explains a command, \`/cv help technology\` a type's fields.`,
      ),
    ],
    again: "help",
  };
};

const topicHelp = (group: Group, role: Role, table: readonly Command[]): Reply => {
  const own = commandsOf(
    group,
    table.filter((command) => may(role, command.permission)),
  );
  const line = (command: Command): string =>
    `•  \`${command.examples[0] ?? typed(command)}\`  ${quoted(command.summary, 200)}`;
  return {
    text: `${group}: ${own.map(({ name }) => `/cv ${name}`).join(", ")}`,
    blocks: [
      ...listSections([`*${group}*`, ...own.map(line)], 2900),
      actions(commandButton("go", "All commands", "help")),
    ],
    again: `help about ${group.toLowerCase()}`,
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
