import type { FieldValues } from "../portfolio/entity.ts";
import type { EntityType } from "../portfolio/registry.ts";
import type { ChangeState } from "../states.ts";

export const actions = ["CREATE", "UPDATE", "DELETE"] as const;
export type Action = (typeof actions)[number];

/** What a target said of the row when the change was staged. */
export type Base =
  | { seen: "row"; version: string; values: FieldValues }
  | { seen: "absent" }
  /** The target could not be asked; the push looks again. */
  | { seen: "unknown" };

export interface Change {
  id: string;
  number: number;
  state: ChangeState;
  commitId: string | null;
  targets: string[];
  entityType: EntityType;
  action: Action;
  entityId: string;
  /** The values asked for; empty for a DELETE. */
  payload: FieldValues;
  base: Record<string, Base>;
  summary: string;
  /** Of the message in Slack from which it was staged, and who wrote that; null when it was typed. */
  permalink: string | null;
  sourceAuthor: string | null;
  createdBy: string;
  createdAt: string;
}

/** The row as the first target that knows it shows it, or null. */
export const cachedRow = (base: Record<string, Base>): { version: string; values: FieldValues } | null => {
  for (const seen of Object.values(base)) if (seen.seen === "row") return seen;
  return null;
};
