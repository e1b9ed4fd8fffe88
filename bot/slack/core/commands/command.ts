import type { Permission } from "../../../../shared/domain/workspace/roles.ts";
import type { OpenModal } from "../modals/modal.ts";
import type { RequestContext } from "../request-context.ts";
import { escape } from "../../blocks/text.ts";
import type { Arguments, OptionSpec } from "./grammar.ts";
import { type Reply, say } from "../reply.ts";

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
  options: OptionSpec[];
  /** Null: a modal is open, which says the rest. */
  run: (call: CommandCall) => Promise<Reply | null>;
}

/** What to type, for a command that was typed without what it needs. */
export const usageOf = (command: Pick<Command, "name" | "usage" | "examples">, missing: string): Reply => ({
  ...say(
    `:warning: ${missing}\nType \`/cv ${command.name} ${escape(command.usage)}\`, for example:\n${command.examples.map((example) => `\`${example}\``).join("\n")}`,
  ),
  refused: true,
});
