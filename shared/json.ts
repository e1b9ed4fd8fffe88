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

const unseen = /[\u007f-\u009f\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu;

/** JSON in which nothing steers the terminal or turns the line that shows it: what is invisible is escaped. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(unseen, (char) =>
    char
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
