export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Parses text that somebody else wrote; undefined when it is not JSON. */
export const parseUntrusted = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Parses text that this program wrote itself as a `T`. */
export const parseOwn = <T>(text: string): T => JSON.parse(text) as T;

export const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const objectsOf = (value: unknown): JsonObject[] => listOf(value).filter(isObject);
