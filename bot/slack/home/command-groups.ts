/** What each command is for, as help and the docs page group them; a test holds it to the table. */
import type { Command } from "../core/commands/command.ts";

export const groups = {
  Prepare: ["stage", "staged", "edit", "unstage", "diff", "commit"],
  Review: ["review", "commits", "show", "approve", "reject", "withdraw", "drop", "reopen"],
  Push: ["push", "status", "why", "resolve", "retry", "cancel"],
  Look: ["search", "log", "help"],
  Administer: [
    "verify",
    "reindex",
    "reconcile",
    "setup",
    "settings",
    "roles",
    "tokens",
    "targets",
    "webhooks",
    "dead-letters",
    "doctor",
  ],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof groups;

export const groupNames = Object.keys(groups) as Group[];

/** The commands of a group, in the order in which they are used. */
export const commandsOf = (group: Group, table: readonly Command[]): Command[] =>
  groups[group].flatMap((name) => table.find((command) => command.name === name) ?? []);

const doAtOnce: readonly string[] = ["reindex", "reconcile"];

/** With nothing after it, such a command shows something or opens a form; only these do their work at once. */
export const standsAlone = ({ name, usage }: Pick<Command, "name" | "usage">): boolean =>
  !doAtOnce.includes(name) && (usage === "" || usage.startsWith("["));
