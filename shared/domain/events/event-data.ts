/** What an event says besides, read with care: events are kept for ever, so nothing is taken for granted about an old one. */
export type EventData = Readonly<Record<string, unknown>>;

/** Empty where it says no such text. */
export const textIn = (data: EventData, field: string): string => {
  const value = data[field];
  return typeof value === "string" ? value : "";
};

export const textsIn = (data: EventData, field: string): string[] => {
  const value = data[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
};

export const fieldsIn = (data: EventData, field: string): EventData => {
  const value = data[field];
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

/** "writing, 40 %", as far as it is known. @param shown the stage as the reader's medium shows a text */
export const progressIn = (data: EventData, shown: (text: string) => string = (text) => text): string => {
  const { percent } = data;
  return [shown(textIn(data, "stage")), typeof percent === "number" ? `${Math.round(percent)} %` : ""]
    .filter((part) => part !== "")
    .join(", ");
};

export const errorIn = (data: EventData): string => textIn(fieldsIn(data, "error"), "message");

/** ": 1 added, 2 changed"; empty where nothing is counted. */
export const countsIn = (data: EventData): string => {
  const { inserted, updated, deleted } = fieldsIn(data, "result");
  const count = (value: unknown, word: string): string[] =>
    typeof value === "number" && value > 0 ? [`${value} ${word}`] : [];
  const counts = [...count(inserted, "added"), ...count(updated, "changed"), ...count(deleted, "removed")];
  return counts.length === 0 ? "" : `: ${counts.join(", ")}`;
};
