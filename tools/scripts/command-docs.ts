/** Writes docs/reference/commands.md from the table of commands. */
import type { Command } from "../../bot/slack/core/commands/command.ts";
import { commands } from "../../bot/slack/commands.ts";
import { type Role, permissions, roles } from "../../shared/domain/workspace/roles.ts";
import { writeGenerated } from "./generated-file.ts";

const typed = ({ name, usage }: Pick<Command, "name" | "usage">): string => `/cv ${name} ${usage}`.trim();

const roleOf = ({ permission }: Command): Role => permissions[permission].role;

const optionsOf = ({ options = [] }: Command): string[] =>
  options.map(({ name, short, value }) => {
    const names = [`\`--${name}\``, ...(short ? [`\`-${short}\``] : [])].join(" or ");
    return `- ${names}${value ? `: ${value}` : ""}`;
  });

const sectionOf = (command: Command): string[] => [
  `### \`/cv ${command.name}\``,
  "",
  "```",
  typed(command),
  "```",
  "",
  command.summary,
  "",
  ...(command.options ? ["Options:", "", ...optionsOf(command), ""] : []),
  ...(command.examples.length > 0 ? ["For example:", "", "```", ...command.examples, "```", ""] : []),
];

const page = [
  "# Commands",
  "",
  "Written by `npm run docs` from `bot/slack/commands.ts`; change it there.",
  "",
  "In Slack, `/cv help` lists what your role may use. `/cv help stage` explains one command, and `/cv help technology`",
  "the fields of a type. Each role may do what the roles before it may.",
  "",
  "| command | what it does | from role |",
  "|---|---|---|",
  ...commands.map(
    (command) => `| \`${typed(command).replaceAll("|", "\\|")}\` | ${command.summary} | ${roleOf(command)} |`,
  ),
  "",
  ...roles.flatMap((role) => {
    const ofRole = commands.filter((command) => roleOf(command) === role);
    return ofRole.length > 0 ? [`## From ${role} up`, "", ...ofRole.flatMap(sectionOf)] : [];
  }),
];

writeGenerated("docs/reference/commands.md", `${page.join("\n").trimEnd()}\n`, "npm run docs");
