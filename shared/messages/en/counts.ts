/** How many rows were changed. */
import type { Message } from "../message.ts";
import { commas } from "./grammar.ts";

const nouns = { inserted: "added", updated: "changed", deleted: "removed" } as const;

/** "1 added, 2 changed"; empty where nothing is counted. */
export const countsMessage = (counts: Readonly<Record<string, unknown>>): Message =>
  commas(
    Object.entries(nouns).flatMap(([field, noun]) => {
      const count = counts[field];
      return typeof count === "number" && count > 0 ? [`${count} ${noun}`] : [];
    }),
  );
