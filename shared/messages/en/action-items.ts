/** What a commit, or a person's work, waits for. Of a commit it stands behind the title. */
import type { ActionItem } from "../../domain/workspace/action-items.ts";
import { type Message, message, person } from "../message.ts";
import { anyOf, plural } from "./grammar.ts";

interface Facts {
  kind: string;
  /** Who can do it. */
  who: readonly string[];
  /** Of staged changes or of dead letters. */
  count?: number | null;
}

const ownMessages: Record<ActionItem["kind"], (count: number) => string> = {
  approve: () => "needs your approval",
  push: () => "ready for you to push",
  retry: () => "failed: you can retry it",
  revise: () => "rejected: reopen or drop it",
  ask: () => "your draft",
  unblock: () => "needs another approver",
  commit: (count) => `${plural(count, "staged change")} of yours: not in a commit yet`,
  dead_letters: (count) => `${plural(count, "message")} could not be delivered`,
};

const othersMessages: Partial<Record<ActionItem["kind"], (who: Message) => Message>> = {
  approve: (who) => message`needs approval by ${who}`,
  push: (who) => message`approved; ${who} may push it`,
  retry: (who) => message`failed; ${who} may retry it`,
  revise: (who) => message`rejected; ${who} may reopen or drop it`,
  ask: (who) => message`a draft of ${who}`,
  unblock: (who) => message`too few people can approve it; ${who} may change that`,
};

const at = <T>(messages: Partial<Record<string, T>>, kind: string): T | undefined =>
  Object.hasOwn(messages, kind) ? messages[kind] : undefined;

/** To a reader who can do it. Empty for a kind that only a newer server has. */
export const ownActionItem = ({ kind, count }: Facts): Message => message`${at(ownMessages, kind)?.(count ?? 0) ?? ""}`;

/** To everybody else. Empty where nobody can do it, too. */
export const othersActionItem = ({ kind, who }: Facts): Message =>
  who.length === 0 ? [] : (at(othersMessages, kind)?.(anyOf(who.map(person))) ?? []);
