import * as z from "zod/mini";
import { type FieldValues, fieldValues } from "../portfolio/entity.ts";
import { entityTypes } from "../portfolio/registry.ts";
import { stateNames } from "../states.ts";
import { time } from "../time.ts";

export const actions = ["CREATE", "UPDATE", "DELETE"] as const;
export type Action = (typeof actions)[number];

/** Characters of the line that stands for a change in lists. */
export const maxNote = 300;

const baseSchema = z.discriminatedUnion("seen", [
  z.object({ seen: z.literal("row"), version: z.string(), values: fieldValues }),
  z.object({ seen: z.literal("absent") }),
  /** The target could not be asked; the push looks again. */
  z.object({ seen: z.literal("unknown") }),
]);
/** What a target said of the row when the change was staged. */
export type Base = z.infer<typeof baseSchema>;

const unseenEditSchema = z.object({
  /** Who has edited it. */
  by: z.array(z.string()),
  /** As its author saw it last. */
  before: z.object({ payload: fieldValues, targets: z.array(z.string()) }),
});
/** What others have made of a staged change without its author. */
export type UnseenEdit = z.infer<typeof unseenEditSchema>;

export const changeSchema = z.object({
  id: z.string(),
  number: z.int(),
  state: z.enum(stateNames("change")),
  commitId: z.nullable(z.string()),
  targets: z.array(z.string()),
  entityType: z.enum(entityTypes),
  action: z.enum(actions),
  entityId: z.string(),
  /** The values asked for; empty for a DELETE. */
  payload: fieldValues,
  /** By target. */
  base: z.record(z.string(), baseSchema),
  /** The author's own words about it; what it does is derived. */
  note: z.nullable(z.string()),
  /** Of the message in Slack from which it was staged, and who wrote that; null when it was typed. */
  permalink: z.nullable(z.string()),
  sourceAuthor: z.nullable(z.string()),
  createdBy: z.string(),
  /** Whose input is in it: who has staged it, edited it, or resolved a conflict in it. */
  contributors: z.array(z.string()),
  /** Null: its author knows all of it. */
  unseenEdit: z.nullable(unseenEditSchema),
  createdAt: time,
});
export type Change = z.infer<typeof changeSchema>;

/** No target has answered since it was staged: its row is what was typed, an id or a name. */
export const isUnresolved = ({ action, base }: Pick<Change, "action" | "base">): boolean =>
  action !== "CREATE" && Object.values(base).every(({ seen }) => seen === "unknown");

/** The row as the first target that knows it shows it, or null. */
export const cachedRow = (base: Record<string, Base>): { version: string; values: FieldValues } | null => {
  for (const seen of Object.values(base)) if (seen.seen === "row") return seen;
  return null;
};
