import { useEntities } from "./queries.ts";

interface Labels {
  /** Label of the entity type. */
  kind: string;
  labelOf: (field: string) => string;
}

/** Labels of an entity type and its fields; their names before the schema has loaded. */
export const useLabels = (entityType: string): Labels => {
  const entity = useEntities().data?.find(({ type }) => type === entityType);
  return {
    kind: entity?.label ?? entityType,
    labelOf: (name) => entity?.fields.find((field) => field.name === name)?.label ?? name.replaceAll("_", " "),
  };
};
