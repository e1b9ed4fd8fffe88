import type { KnownBlock } from "@slack/types";
import type { AnnounceLater } from "../../../shared/announce.ts";
import type { Role } from "../../../shared/domain/roles.ts";
import type { VerbContext } from "../../../shared/verbs/context.ts";
import { type Reason, explain } from "../reasons.ts";
import { section } from "../cards/blocks.ts";
import type { Arguments, OptionSpec } from "./grammar.ts";

export interface CommandCall {
  ctx: VerbContext;
  args: Arguments;
  /** Where it was typed. */
  channelId: string;
  announce: AnnounceLater;
}

/** What only the person who typed sees. */
export interface Reply {
  text: string;
  blocks: KnownBlock[];
}

export interface Command {
  name: string;
  /** What follows the name, as help shows it. */
  usage: string;
  summary: string;
  examples: string[];
  /** The least role that may use it. */
  role: Role;
  options: OptionSpec[];
  run: (call: CommandCall) => Promise<Reply>;
}

/** A reply of one text. */
export const say = (markdown: string): Reply => ({ text: markdown, blocks: [section(markdown)] });

export const refuse = (reason: Reason): Reply => say(`:warning: ${explain(reason)}`);

/** What to type, for a command that was typed without what it needs. */
export const usageOf = (command: Pick<Command, "name" | "usage" | "examples">, missing: string): Reply =>
  say(
    `:warning: ${missing}\nType \`/cv ${command.name} ${command.usage}\`, for example:\n${command.examples.map((example) => `\`${example}\``).join("\n")}`,
  );
