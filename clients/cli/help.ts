import { type OptionSpec, commonOptions } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands } from "./table.ts";

export const typed = ({ name, usage }: Pick<Command, "name" | "usage">): string => `cv ${name} ${usage}`.trim();

export const optionWords = ({ name, short, value }: OptionSpec): string =>
  `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` <${value}>`}`;

const optionLines = (options: readonly OptionSpec[]): string[] => {
  const width = Math.max(...options.map((option) => optionWords(option).length));
  return options.map((option) => `  ${optionWords(option).padEnd(width)}  ${option.summary}`);
};

export const helpOf = (command: Command): string[] => [
  typed(command),
  "",
  command.summary,
  "",
  "Options:",
  ...optionLines([...command.options, ...commonOptions]),
  "",
  "For example:",
  ...command.examples.map((example) => `  ${example}`),
];

export const environmentWords = [
  ["CV_OPS_URL", "where CV Ops is, such as https://cv-ops.example.com"],
  ["CV_OPS_TOKEN", "an API token: /cv tokens new in Slack makes one"],
  ["NO_COLOR", "no colours, whatever it is set to"],
] as const;

export const exitWords = [
  ["0", "done"],
  ["1", "refused or failed: the command, or the push that was followed"],
  ["2", "wrong usage: nothing was asked"],
  ["3", "CV Ops cannot be reached"],
  ["130", "left with Ctrl-C: a push goes on without you"],
] as const;

export const help = (): string[] => {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "cv: changes a portfolio as code is changed, from a shell.",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    `  ${"help".padEnd(width)}  Explains a command: cv help push`,
    "",
    "Settings:",
    ...environmentWords.map(([name, words]) => `  ${name.padEnd(12)}  ${words}`),
    "",
    "Exit codes:",
    ...exitWords.map(([code, words]) => `  ${code.padEnd(3)}  ${words}`),
  ];
};
