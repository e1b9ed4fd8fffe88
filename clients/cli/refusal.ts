/** A refusal of the API for a person at a shell. */
import { refusalIn } from "../../shared/contract/refusals.ts";
import { commandOf, isOption } from "../../shared/messages/commands.ts";
import { refusalMessage } from "../../shared/messages/en/refusals.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import type { Step } from "../../shared/messages/step.ts";
import type { ApiProblem } from "../sdk/index.ts";
import { commands } from "./table.ts";
import { moment } from "./lines.ts";

const names = new Set(commands.map(({ name }) => name));

/** What `cv` cannot do is done in Slack. */
const step = (of: Step): string | null => {
  const command = commandOf(of);
  if (command === null || isOption(command)) return null;
  const [name = ""] = command.split(" ");
  return names.has(name) ? `cv ${command}` : `/cv ${command} in Slack`;
};

const list = (lines: readonly string[]): string => `${lines.map((line) => `\n  ${line}`).join("")}\n`;

/** A newer server may refuse for reasons that are not in this version: then its own detail stands. */
export const refusalText = ({ code, message }: ApiProblem, members: unknown): string => {
  const refusal = refusalIn(code, members);
  return refusal === null ? message : plainText(refusalMessage(refusal), { moment, step, list }).trimEnd();
};
