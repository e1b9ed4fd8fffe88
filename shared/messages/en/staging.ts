/** What whoever staged a change should know besides. */
import type { Action } from "../../domain/staging/change.ts";
import { type Message, code, message } from "../message.ts";
import { commas } from "./grammar.ts";

interface Staged {
  action: Action;
  /** As it was typed, where no target has answered. */
  entityId: string;
  targets: readonly string[];
}

/** Of the targets that did not answer; empty when all did. */
export const notAskedMessage = ({ action, entityId, targets }: Staged, notAsked: readonly string[]): Message => {
  if (notAsked.length === 0) return [];
  const silent = message`${commas(notAsked)} did not answer`;
  return action !== "CREATE" && notAsked.length === targets.length
    ? message`${silent}, so nobody knows yet which row ${code(entityId, 80)} is. It is looked up, as an id or a name, when you commit.`
    : message`${silent}, so the row was not looked at there. The push looks again, and waits if it must.`;
};
