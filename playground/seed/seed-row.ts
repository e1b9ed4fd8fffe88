import type { FieldValues } from "../../shared/domain/entities/entity.ts";
import type { EntityType } from "../../shared/domain/entities/registry.ts";

/** A row of the seeded portfolio, as both targets receive it. */
export interface SeedRow {
  entityType: EntityType;
  id: string;
  values: FieldValues;
}
