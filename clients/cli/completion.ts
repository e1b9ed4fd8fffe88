/** What a shell completes behind `cv`: its commands, and the options and first words of each. */
import { type OptionSpec, WrongUsage, commonOptions } from "./arguments.ts";
import type { Command } from "./command.ts";

const names = ({ options = [] }: Command): string[] =>
  [...options, ...commonOptions].map(({ name }: OptionSpec) => `--${name}`);

const wordsOf = (command: Command): string => [...(command.words ?? []), ...names(command)].join(" ");

const bash = (commands: readonly Command[]): string[] => [
  "_cv() {",
  '  local current="${COMP_WORDS[COMP_CWORD]}" words=""',
  '  if [ "$COMP_CWORD" -eq 1 ]; then',
  `    words="${commands.map(({ name }) => name).join(" ")} help completion"`,
  "  else",
  '    case "${COMP_WORDS[1]}" in',
  ...commands.map((command) => `      ${command.name}) words="${wordsOf(command)}" ;;`),
  "    esac",
  "  fi",
  '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
  "}",
  "complete -F _cv cv",
];

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const zsh = (commands: readonly Command[]): string[] => [
  "#compdef cv",
  "_cv() {",
  "  local -a found",
  "  if (( CURRENT == 2 )); then",
  `    found=(${commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(":", "\\:")}`)).join(" ")})`,
  "    _describe 'command' found",
  "    return",
  "  fi",
  '  case "$words[2]" in',
  ...commands.map((command) => `    ${command.name}) compadd -- ${wordsOf(command)} ;;`),
  "  esac",
  "}",
  "compdef _cv cv",
];

const fish = (commands: readonly Command[]): string[] => [
  "complete -c cv -f",
  ...commands.flatMap((command) => [
    `complete -c cv -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...(command.words ?? []).map(
      (word) => `complete -c cv -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
    ),
    ...[...(command.options ?? []), ...commonOptions].map(
      ({ name, value, summary }) =>
        `complete -c cv -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${value === undefined ? "" : " -r"} -d ${quoted(summary)}`,
    ),
  ]),
];

const shells = { bash, zsh, fish } as const;

export const shellNames = Object.keys(shells);

/** @returns the lines that the shell reads */
export const completionFor = (shell: string | undefined, commands: readonly Command[]): string[] => {
  if (shell !== undefined && Object.hasOwn(shells, shell)) return shells[shell as keyof typeof shells](commands);
  throw new WrongUsage(`Say for which shell: ${shellNames.join(", ")}.`);
};
