/** What a commit, or a person's work, waits for. Of a commit it stands behind the title. */
import type { ActionItem } from "../../domain/workspace/action-items.ts";
import type { UnreadableRow } from "../../domain/unreadable-row.ts";
import { type Message, code, message, next, person, quoted } from "../message.ts";
import { anyOf, plural } from "./grammar.ts";

interface Facts {
  kind: string;
  /** Who can do it. */
  who: readonly string[];
  /** Of staged changes, dead letters or rows. */
  count?: number | null;
}

const ownMessages: Record<ActionItem["kind"], (count: number) => string> = {
  approve: () => "needs your approval",
  push: () => "ready for you to push",
  resolve: () => "in conflict: keep your values, or take theirs",
  retry: () => "failed: you can retry it",
  split: () => "too large for a target: commit it again in smaller parts",
  revise: () => "rejected: reopen or drop it",
  ask: () => "your draft",
  unblock: () => "needs another approver",
  commit: (count) => `${plural(count, "staged change")} of yours: not in a commit yet`,
  unreadable: (count) => `${plural(count, "stored row")} cannot be read`,
  dead_letters: (count) => `${plural(count, "message")} could not be delivered`,
};

const othersMessages: Partial<Record<ActionItem["kind"], (who: Message) => Message>> = {
  approve: (who) => message`needs approval by ${who}`,
  push: (who) => message`approved; ${who} may push it`,
  resolve: (who) => message`in conflict; ${who} may resolve it`,
  retry: (who) => message`failed; ${who} may retry it`,
  split: (who) => message`too large for a target; ${who} may commit it again in smaller parts`,
  revise: (who) => message`rejected; ${who} may reopen or drop it`,
  ask: (who) => message`a draft of ${who}`,
  unblock: (who) => message`too few people can approve it; ${who} may change that`,
};

/** Which row, why it cannot be read, and what to do about it. */
export const unreadableRowMessage = ({ table, id, number, cause }: UnreadableRow): Message => {
  const isChange = table === "staged_changes" && number !== null;
  const name = isChange ? message`Change ${number}` : message`A row of ${code(table ?? "a table")} (${id ?? "no id"})`;
  const repair = isChange
    ? next({ to: "unstage", number }, (how) => message` ${how} discards it; then it can be staged again.`)
    : " Nothing else stops; the log names it as row.unreadable.";
  return message`${name} cannot be read: ${quoted(cause, 200)}.${repair}`;
};

const at = <T>(messages: Partial<Record<string, T>>, kind: string): T | undefined =>
  Object.hasOwn(messages, kind) ? messages[kind] : undefined;

/** To a reader who can do it. Empty for a kind that only a newer server has. */
export const ownActionItem = ({ kind, count }: Facts): Message => message`${at(ownMessages, kind)?.(count ?? 0) ?? ""}`;

/** To everybody else. Empty where nobody can do it, too. */
export const othersActionItem = ({ kind, who }: Facts): Message =>
  who.length === 0 ? [] : (at(othersMessages, kind)?.(anyOf(who.map(person))) ?? []);
