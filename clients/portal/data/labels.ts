import { entities, isEntityType } from "../../../shared/domain/portfolio/registry.ts";

interface Labels {
  /** Label of the entity type. */
  kind: string;
  labelOf: (field: string) => string;
}

/** Labels of an entity type and its fields; the name of one that only a newer server has. */
export const labelsOf = (entityType: string): Labels => {
  const entity = isEntityType(entityType) ? entities[entityType] : null;
  const labels = new Map(Object.entries(entity?.fields ?? {}).map(([name, { label }]) => [name, label]));
  return {
    kind: entity?.label ?? entityType,
    labelOf: (name) => labels.get(name) ?? name.replaceAll("_", " "),
  };
};
