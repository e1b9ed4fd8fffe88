import type { Action } from "./change.ts";
import type { FieldValues } from "../portfolio/entity.ts";
import type { EntityType } from "../portfolio/registry.ts";

/** A row of the portfolio as it is now. */
export interface CachedRow {
  entityType: EntityType;
  id: string;
  values: FieldValues;
}

/** A change that a message seems to ask for. A person looks at it before it is staged. */
export interface Proposal {
  entityType: EntityType;
  action: Action;
  /** Id; null for a new row. */
  row: string | null;
  /** Only what fits the fields. */
  values: FieldValues;
  /** The words that it was read from. */
  line: string;
}
