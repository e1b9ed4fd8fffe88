/** Mutated JSON: payloads with parts removed, replaced or of another type. */
import fc from "fast-check";
import { typed } from "./texts.ts";

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 1.5, 1e21, 2 ** 53, "", "0", "-1", "1e9", "null", [], {}),
  typed,
  fc.constantFrom("__proto__", "constructor", "toString", "x".repeat(5000), "../../etc/passwd", "1; DROP TABLE jobs"),
);
const anything = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });

/** `where` selects a position in any payload. */
const mutation = fc.record({
  where: fc.nat(),
  kind: fc.constantFrom("replace", "replace", "leave out", "add", "wrap", "repeat"),
  value: anything,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

type Container = Record<string, unknown>;
interface Place {
  parent: Container;
  key: string;
}

/** Values that the bot wrote and Slack returns unchanged. */
const ours = new Set(["blocks", "private_metadata", "title", "close", "submit"]);

const placesIn = (value: unknown): Place[] => {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Container;
  const keys = Object.keys(parent).filter((key) => !ours.has(key));
  return keys.flatMap((key) => [{ parent, key }, ...placesIn(parent[key])]);
};

/** Sets any name, including "__proto__". */
const define = (parent: Container, key: string, value: unknown): void => {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
};

const apply = (root: unknown, { where, kind, value }: Mutation): void => {
  const places = placesIn(root);
  const place = places[where % Math.max(places.length, 1)];
  if (!place) return;
  const { parent, key } = place;
  switch (kind) {
    case "replace":
      parent[key] = value;
      return;
    case "leave out":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case "add":
      if (Array.isArray(parent)) parent.push(parent[key]);
      else define(parent, typeof value === "string" ? value : `${key} too`, parent[key]);
      return;
    case "wrap":
      parent[key] = [parent[key]];
      return;
    case "repeat":
      parent[key] = [parent[key], parent[key]];
  }
};

/** One of the payloads, changed in up to four positions. */
export const near = (payloads: fc.Arbitrary<object>, atMost = 4): fc.Arbitrary<unknown> =>
  fc.tuple(payloads, fc.array(mutation, { maxLength: atMost })).map(([payload, mutations]) => {
    const root: unknown = structuredClone({ root: payload });
    for (const each of mutations) apply(root, each);
    return (root as { root?: unknown }).root;
  });
