/** What a shell completes behind `cv`: its commands, and the options and first words of each. */
import { WrongUsage, commonOptions } from "./arguments.ts";
import type { Command } from "./command.ts";

export type Completed = Pick<Command, "name" | "summary" | "words" | "options">;

/** What may stand in place of a command. */
const firstOptions = ["--json", "--version", "--help"];

const optionsOf = ({ options = [] }: Completed) => [...options, ...commonOptions];

const wordsOf = (command: Completed): string =>
  [...(command.words ?? []), ...optionsOf(command).map(({ name }) => `--${name}`)].join(" ");

const bash = (commands: readonly Completed[]): string[] => [
  "_cv() {",
  '  local current="${COMP_WORDS[COMP_CWORD]}" words="" at=1',
  '  if [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[1]}" = --json ]; then at=2; fi',
  '  if [ "$COMP_CWORD" -eq "$at" ]; then',
  `    words="${[...commands.map(({ name }) => name), ...firstOptions].join(" ")}"`,
  "  else",
  '    case "${COMP_WORDS[at]}" in',
  ...commands.map((command) => `      ${command.name}) words="${wordsOf(command)}" ;;`),
  "    esac",
  "  fi",
  '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
  "}",
  "complete -F _cv cv",
];

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const zsh = (commands: readonly Completed[]): string[] => [
  "#compdef cv",
  "_cv() {",
  "  local -a found",
  "  local at=2",
  '  if (( CURRENT > 2 )) && [[ "$words[2]" == --json ]]; then at=3; fi',
  "  if (( CURRENT == at )); then",
  `    found=(${commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(":", "\\:")}`)).join(" ")})`,
  "    _describe 'command' found",
  `    compadd -- ${firstOptions.join(" ")}`,
  "    return",
  "  fi",
  '  case "$words[at]" in',
  ...commands.map((command) => `    ${command.name}) compadd -- ${wordsOf(command)} ;;`),
  "  esac",
  "}",
  "compdef _cv cv",
];

const fish = (commands: readonly Completed[]): string[] => [
  "complete -c cv -f",
  ...firstOptions.map((option) => `complete -c cv -n __fish_use_subcommand -l ${option.slice(2)}`),
  ...commands.flatMap((command) => [
    `complete -c cv -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...(command.words ?? []).map(
      (word) => `complete -c cv -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
    ),
    ...optionsOf(command).map(
      ({ name, value, summary }) =>
        `complete -c cv -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${value === undefined ? "" : " -r"} -d ${quoted(summary)}`,
    ),
  ]),
];

const shells = { bash, zsh, fish } as const;

export const shellNames = Object.keys(shells);

/** @returns the lines that the shell reads */
export const completionFor = (shell: string | undefined, commands: readonly Completed[]): string[] => {
  if (shell !== undefined && Object.hasOwn(shells, shell)) return shells[shell as keyof typeof shells](commands);
  throw new WrongUsage(`Say for which shell: ${shellNames.join(", ")}.`);
};
