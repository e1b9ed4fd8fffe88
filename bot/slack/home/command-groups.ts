/** What each command is for, as help and the docs page group them; a test holds it to the table. */
import type { Command } from "../core/commands/command.ts";

export const groups = {
  Prepare: ["stage", "staged", "edit", "unstage", "diff", "commit"],
  Review: ["review", "commits", "show", "approve", "reject", "drop", "reopen"],
  Push: ["push", "status", "why", "retry", "cancel"],
  Look: ["search", "log", "help"],
  Administer: ["verify", "reindex", "settings", "roles", "tokens", "webhooks", "dead-letters"],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof groups;

export const groupNames = Object.keys(groups) as Group[];

/** The commands of a group, in the order in which they are used. */
export const commandsOf = (group: Group, table: readonly Command[]): Command[] =>
  groups[group].flatMap((name) => table.find((command) => command.name === name) ?? []);

/** Typed alone, these show something or open a form; they change nothing by themselves. */
const alone = [
  "help",
  "stage",
  "staged",
  "diff",
  "commit",
  "commits",
  "status",
  "search",
  "log",
  "verify",
  "settings",
  "roles",
  "tokens",
  "webhooks",
  "dead-letters",
];

export const standsAlone = ({ name }: Pick<Command, "name">): boolean => alone.includes(name);
