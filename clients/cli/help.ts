import { type OptionSpec, commonOptions } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Completed, shellNames } from "./completion.ts";
import { commands } from "./table.ts";

/** What `cv` says of itself. Everything else asks CV Ops. */
export const ownCommands = [
  {
    name: "help",
    usage: "[command]",
    summary: "Explains the commands, or one of them.",
    words: [...commands.map(({ name }) => name), "completion", "version"],
  },
  {
    name: "completion",
    usage: "bash|zsh|fish",
    summary: "Prints what a shell needs to complete commands and options.",
    words: shellNames,
  },
  { name: "version", usage: "", summary: "Prints the version; so does cv --version.", words: [] },
] as const;

/** What a shell completes. */
export const completed: readonly Completed[] = [...commands, ...ownCommands];

export const synopsisOf = ({ name, usage }: Pick<Command, "name" | "usage">): string => `cv ${name} ${usage}`.trim();

export const optionText = ({ name, short, value }: OptionSpec): string =>
  `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` <${value}>`}`;

const optionLines = (options: readonly OptionSpec[]): string[] => {
  const width = Math.max(...options.map((option) => optionText(option).length));
  return options.map((option) => `  ${optionText(option).padEnd(width)}  ${option.summary}`);
};

export const helpOf = (command: Command): string[] => [
  synopsisOf(command),
  "",
  command.summary,
  "",
  "Options:",
  ...optionLines([...(command.options ?? []), ...commonOptions]),
  "",
  "For example:",
  ...command.examples.map((example) => `  ${example}`),
];

export const environmentVariables = [
  ["CV_OPS_URL", "address of CV Ops, such as https://cv-ops.example.com; else that of the last cv login"],
  ["CV_OPS_TOKEN", "an API token, which outranks the one of cv login: /cv tokens new in Slack makes one"],
  ["NO_COLOR", "turns colours off, with any value"],
] as const;

export const exitCodes = [
  ["0", "done"],
  ["1", "refused or failed: the command, or the push that was followed"],
  ["2", "wrong usage: no request was sent"],
  ["3", "CV Ops cannot be reached"],
  ["130", "stopped with Ctrl-C: the push continues"],
] as const;

export const help = (): string[] => {
  const width = Math.max(...completed.map(({ name }) => name.length));
  return [
    "cv: changes a portfolio as code is changed, from a shell.",
    "",
    ...completed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Settings:",
    ...environmentVariables.map(([name, meaning]) => `  ${name.padEnd(12)}  ${meaning}`),
    "",
    "Exit codes:",
    ...exitCodes.map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
  ];
};
