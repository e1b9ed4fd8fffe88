/** An event's data, read with care: events are kept for ever, so nothing is certain about an old one. */
export type EventData = Readonly<Record<string, unknown>>;

/** Empty where it says no such text. */
export const textIn = (data: EventData, field: string): string => {
  const value = data[field];
  return typeof value === "string" ? value : "";
};

/** Null where it has no such number. */
export const numberIn = (data: EventData, field: string): number | null => {
  const value = data[field];
  return typeof value === "number" ? value : null;
};

export const textsIn = (data: EventData, field: string): string[] => {
  const value = data[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
};

export const fieldsIn = (data: EventData, field: string): EventData => {
  const value = data[field];
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

export const errorIn = (data: EventData): string => textIn(fieldsIn(data, "error"), "message");
