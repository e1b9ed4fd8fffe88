/** Undefined for a text that is not JSON; no schema accepts that. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Null for a text that is not a JSON object. */
export const jsonObjectIn = (text: string): Record<string, unknown> | null => {
  const value = jsonIn(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
};
