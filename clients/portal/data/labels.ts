import { useEntities } from "./queries.ts";

interface Labels {
  /** Of the kind of row. */
  kind: string;
  labelOf: (field: string) => string;
}

/** What people call a kind of row and its fields; their names where that is not known. */
export const useLabels = (entityType: string): Labels => {
  const entity = useEntities().data?.find(({ type }) => type === entityType);
  return {
    kind: entity?.label ?? entityType,
    labelOf: (name) => entity?.fields.find((field) => field.name === name)?.label ?? name.replaceAll("_", " "),
  };
};
