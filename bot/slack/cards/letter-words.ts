/** What a message that could not be delivered was about, in words. */
import { quoted } from "../text.ts";

const kinds: Record<string, string> = {
  "cv-push": "a step of a push",
  "cv-index": "an update of a search index",
  slack: "something asked for in Slack",
};

export const letterKind = (queue: string): string =>
  Object.hasOwn(kinds, queue) ? (kinds[queue] ?? "") : `from ${quoted(queue, 80)}`;
