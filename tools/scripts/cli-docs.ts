/** Writes docs/reference/command-line.md from the command line's own table. */
import { commonOptions } from "../../clients/cli/arguments.ts";
import type { Command } from "../../clients/cli/command.ts";
import { environmentVariables, exitCodes, optionText, synopsisOf } from "../../clients/cli/help.ts";
import { commands } from "../../clients/cli/table.ts";
import { writeGenerated } from "./generated-file.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

const sectionOf = (command: Command): string[] => [
  `### \`cv ${command.name}\``,
  "",
  "```",
  synopsisOf(command),
  "```",
  "",
  command.summary,
  "",
  ...(command.options
    ? [...command.options.map((option) => `- \`${optionText(option)}\`: ${option.summary}`), ""]
    : []),
  "```sh",
  ...command.examples,
  "```",
  "",
];

const page = [
  "# The `cv` command line",
  "",
  "Written by `npm run docs` from `clients/cli/table.ts`; change it there.",
  "",
  "Everything that `/cv` does in Slack for a change, in a shell and in CI:",
  "",
  "```sh",
  "export CV_OPS_URL=https://cv-ops.example.com CV_OPS_TOKEN=cvops_…   # /cv tokens new in Slack makes one",
  "cv stage update technology python-1 experience_years=8",
  'cv commit -m "Skill updates"',
  "cv push 42 --follow --verified --timeout 10m                        # once somebody has approved commit 42",
  "```",
  "",
  "## Install",
  "",
  "- From the registry: `npm install --global @cv-ops/cli`, or `npx @cv-ops/cli <command>` without installing it.",
  "- From a packed file, which is all there is before the first release: `npm pack --workspace @cv-ops/cli` in this",
  "  repository, then `npm install --global ./cv-ops-cli-<version>.tgz`.",
  "- From its source: `npm run --silent cv -- <command>` in this repository.",
  "",
  "It needs Node 22.13 or newer and nothing else.",
  "",
  "## Settings",
  "",
  "| variable | what it is |",
  "|---|---|",
  ...environmentVariables.map(([name, words]) => `| \`${name}\` | ${cell(words)} |`),
  "",
  "The token is never an argument: arguments stand in the list of processes and in the shell's history.",
  "",
  "## Exit codes",
  "",
  "| code | what it says |",
  "|---|---|",
  ...exitCodes.map(([code, words]) => `| ${code} | ${cell(words)} |`),
  "",
  "What was wrong stands on stderr, as the server says it, with the request's trace id. A request without an answer is",
  "tried again, five times in all, with the same idempotency key: nothing is done twice.",
  "",
  "## Output",
  "",
  "Text for people. A push that is followed is a bar on a terminal, and a line for each step elsewhere. Colours are for",
  "terminals only, and characters that would control one are written as `\\u001b`.",
  "",
  "With `--json`, one JSON document on stdout in the shape of [the API](openapi.json), or one for each line while",
  'following. `cv push --follow --json` writes `{"push", "event", "outcome"}`. The `outcome` is null until the last line,',
  "and then `completed`, `failed` or `cancelled`.",
  "",
  "Times are in UTC. People are named by their Slack user id.",
  "",
  "## Commands",
  "",
  "| command | what it does |",
  "|---|---|",
  ...commands.map((command) => `| \`${cell(synopsisOf(command))}\` | ${cell(command.summary)} |`),
  "| `cv help [command]` | Explains the commands, or one of them. |",
  "",
  "Options of every command:",
  "",
  ...commonOptions.map((option) => `- \`${optionText(option)}\`: ${option.summary}`),
  "",
  ...commands.flatMap(sectionOf),
];

writeGenerated("docs/reference/command-line.md", `${page.join("\n").trimEnd()}\n`, "npm run docs");
