import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { EntityType } from "../../../shared/domain/portfolio/registry.ts";

/** A row of the seeded portfolio, as both targets receive it. */
export interface SeedRow {
  entityType: EntityType;
  id: string;
  values: FieldValues;
}
