import { type OptionSpec, commonOptions } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands } from "./table.ts";

/** What `cv` says of itself. Everything else asks CV Ops. */
export const ownCommands = ["help", "completion", "version"] as const;

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
  ["CV_OPS_URL", "address of CV Ops, such as https://cv-ops.example.com"],
  ["CV_OPS_TOKEN", "an API token: /cv tokens new in Slack makes one"],
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
  const width = Math.max(...commands.map(({ name }) => name.length), "completion".length);
  return [
    "cv: changes a portfolio as code is changed, from a shell.",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    `  ${"help".padEnd(width)}  Explains a command: cv help push`,
    `  ${"completion".padEnd(width)}  Prints what a shell needs to complete: cv completion bash, zsh or fish`,
    `  ${"version".padEnd(width)}  Prints the version.`,
    "",
    "Settings:",
    ...environmentVariables.map(([name, meaning]) => `  ${name.padEnd(12)}  ${meaning}`),
    "",
    "Exit codes:",
    ...exitCodes.map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
  ];
};
