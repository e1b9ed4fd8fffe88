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
  "## Values",
  "",
  'A value is typed as `field=value`, in quotes where it has spaces: `role="Lead engineer"`. Nothing after the sign',
  "clears an optional field.",
  "",
  "- **Lists.** Items stand between commas. One that has a comma itself stands in quotes:",
  '  `technologies=Rust,"Compilers, advanced"`. Within quotes a quote takes a backslash, also where all of the list is',
  '  in quotes: `technologies="Rust, \\"Compilers, advanced\\""`. Lists are shown in the same form, and compared item by',
  "  item. In forms each item is a line. In a text of the API or of a shell a quote within an item is written twice:",
  '  `"say ""hi"", twice"`.',
  "- **Numbers.** `8`, `8.5`, `8,5`, `.5`, digits of any script, and the unit of the field: `8 years`. `1,000` has two",
  "  readings, so it is refused.",
  "- **Dates.** `2024`, `2024-05` or `2024-05-31`. An end is not before its start, as far as both say.",
  "- **Texts.** They are stored in one normal form (NFC). Invisible characters are refused where they mean nothing,",
  "  with their code point; emoji and scripts that need joiners keep them. Where a target has such a character already,",
  "  it is shown as an escape: `\\u{202E}`.",
  "- **Rows** are named by id or by name, in any case and width; the exact name goes first.",
  "",
  ...roles.flatMap((role) => {
    const ofRole = commands.filter((command) => roleOf(command) === role);
    return ofRole.length > 0 ? [`## From ${role} up`, "", ...ofRole.flatMap(sectionOf)] : [];
  }),
];

writeGenerated("docs/reference/commands.md", `${page.join("\n").trimEnd()}\n`, "npm run docs");
