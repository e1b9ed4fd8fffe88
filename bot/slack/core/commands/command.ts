import type { Permission } from "../../../../shared/domain/workspace/roles.ts";
import type { OpenModal } from "../modals/modal.ts";
import type { RequestContext } from "../request-context.ts";
import { code, escape } from "../../blocks/text.ts";
import type { Arguments, OptionSpec } from "./grammar.ts";
import { type Answer, type Reply, decline } from "../reply.ts";

export interface CommandCall {
  ctx: RequestContext;
  args: Arguments;
  /** The channel in which it was typed or clicked; null on Home, in a modal and in a conversation of a few. */
  channelId: string | null;
  /** Opens a modal for whoever asked: works once, within 3 s of what they did. */
  openModal: OpenModal;
}

export interface Command {
  name: string;
  /** What follows the name, as help shows it. */
  usage: string;
  summary: string;
  examples: string[];
  /** What somebody needs who uses it. Without it help leaves the command out; the use case checks it. */
  permission: Permission;
  options?: OptionSpec[];
  /** Its words name people or channels: they are read as ids, not as what people see. */
  namesIds?: true;
  run: (call: CommandCall) => Promise<Answer>;
}

/** What to type, for a command that was typed without what it needs. */
export const usageOf = (
  { name, usage, examples }: Pick<Command, "name" | "usage" | "examples">,
  missing: string,
): Reply =>
  decline(
    [
      missing,
      `Type \`/cv ${name} ${escape(usage)}\`, for example:`,
      ...examples.map((example) => `\`${example}\``),
    ].join("\n"),
  );

/** What to type in place of an option that is not the number that it should be; null where each is one. */
export const misnumbered = (command: Command, { options, numbers }: Arguments): Reply | null => {
  const wrong = command.options?.find(
    ({ name, isNumber }) => isNumber && options[name] !== undefined && numbers[name] === undefined,
  );
  if (!wrong) return null;
  const [what = ""] = wrong.value?.split(",") ?? [];
  return usageOf(command, `${code(options[wrong.name] ?? "", 40)} is not ${what}.`);
};
