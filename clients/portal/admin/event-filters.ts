/** Filters of a webhook as checkboxes: everything, a family, or single types. Pure. */
import { eventTypes } from "../../../shared/domain/events/event-types.ts";

export interface Family {
  /** "job" */
  name: string;
  /** "job.*" */
  filter: string;
  types: string[];
}

const familyNames = [...new Set(eventTypes.map((type) => type.split(".")[0] ?? ""))];

export const families: readonly Family[] = familyNames.map((name) => ({
  name,
  filter: `${name}.*`,
  types: eventTypes.filter((type) => type.startsWith(`${name}.`)),
}));

/** Whether the filters let it through, by itself or by what contains it. */
export const isChosen = (filters: readonly string[], filter: string): boolean =>
  filters.includes("*") || filters.includes(filter) || filters.includes(`${filter.split(".")[0]}.*`);

/** The filters after a box was set or cleared. A whole family is one filter, and what it contains is none besides. */
export const toggled = (filters: readonly string[], family: Family, filter: string, isOn: boolean): string[] => {
  const others = filters.filter((each) => each !== "*" && each.split(".")[0] !== family.name);
  // From everything, the other families stay.
  const kept = filters.includes("*")
    ? families.filter(({ name }) => name !== family.name).map((each) => each.filter)
    : others;
  if (filter === family.filter) return isOn ? [...kept, filter] : kept;
  const types = family.types.filter((type) => (type === filter ? isOn : isChosen(filters, type)));
  return types.length === family.types.length ? [...kept, family.filter] : [...kept, ...types];
};
