/** Requests of an operation of the OpenAPI document: as its schemas say, nearly so, and not at all. */
import fc from "fast-check";

type Schema = Record<string, unknown>;

export interface DocumentedOperation {
  method: string;
  path: string;
  parameters: { name: string; in: string; required?: boolean; schema: Schema }[];
  body: Schema | null;
  responses: Responses;
}

/** By status, then by media type. */
type Responses = Record<string, { content: Record<string, { schema: Schema }> }>;

export interface RequestPlan {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
  /** Which of the callers. */
  caller: number;
}

/** What there is in the workspace that is asked. */
export interface WorldFacts {
  jobIds: readonly string[];
  deliveryNumbers: readonly string[];
  hashes: readonly string[];
}

interface Document {
  paths: Record<string, Record<string, unknown>>;
}

interface RawOperation {
  parameters?: ({ name: string; in: string; required?: boolean; schema: Schema } | { $ref: string })[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
  responses: Responses;
}

export const documentedOperations = ({ paths }: Document): DocumentedOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, RawOperation>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []).flatMap((each) => ("$ref" in each ? [] : [each])),
      body: operation.requestBody?.content["application/json"].schema ?? null,
      responses: operation.responses,
    })),
  );

const nasty = fc.constantFrom(
  "",
  " ",
  "0",
  "-1",
  "1e9",
  "null",
  "undefined",
  "../../etc/passwd",
  "%00",
  "\u0000",
  "\ud800",
  "'; DROP TABLE commits; --",
  "<!channel>",
  "${7*7}",
  "__proto__",
  "constructor",
  "9".repeat(40),
  "😀".repeat(50),
  "x".repeat(4000),
);

/** Names that the workspace has, so that not everything is refused at once. */
const known = fc.constantFrom(
  "technology",
  "project",
  "python-1",
  "jquery-1",
  "d1cv",
  "ai-agent",
  "both",
  "all",
  "Python",
  "https://hooks.example.com/cv",
  "job.*",
  "fast",
);

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  nasty,
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, [], {}, [[]], { a: { b: [null] } }),
);

const textOf = (schema: Schema): fc.Arbitrary<unknown> => {
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  if (schema["format"] === "date-time") return fc.constantFrom("2026-11-28T09:30:00Z", "2031-03-03T00:00:00.000Z");
  const pattern = schema["pattern"];
  if (typeof pattern === "string") return fc.stringMatching(new RegExp(pattern));
  const maxLength = Math.min(Number(schema["maxLength"] ?? 40), 300);
  return fc.oneof(
    known,
    fc.string({ minLength: Number(schema["minLength"] ?? 0), maxLength, unit: "grapheme" }),
    nasty,
  );
};

const numberOf = (schema: Schema): fc.Arbitrary<unknown> => {
  const min = Number(schema["minimum"] ?? -10);
  const max = Number(schema["maximum"] ?? 100);
  // The numbers of what there is are small.
  const small = fc.integer({ min: Math.max(min, 0), max: Math.min(max, 8) });
  return fc.oneof(small, small, fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, 2 ** 31)) }));
};

const fitting = (schema: Schema): fc.Arbitrary<unknown> => {
  const anyOf = schema["anyOf"];
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Schema[]).map(fitting));
  switch (schema["type"]) {
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fitting(schema["items"] as Schema), {
        minLength: Number(schema["minItems"] ?? 0),
        maxLength: Math.min(Number(schema["maxItems"] ?? 4), 4),
      });
    case "object":
      return objectOf(schema);
    default:
      return anything;
  }
};

/** Of an entity's fields, beside what nobody knows. */
const fieldNames = fc.constantFrom(
  "name",
  "category",
  "experience_years",
  "level",
  "is_featured",
  "summary",
  "url",
  "nope",
);

const objectOf = (schema: Schema): fc.Arbitrary<unknown> => {
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const required = new Set((schema["required"] ?? []) as string[]);
  const additional = schema["additionalProperties"];
  if (Object.keys(properties).length === 0 && typeof additional === "object" && additional !== null) {
    return fc.dictionary(fieldNames, fitting(additional as Schema), { maxKeys: 4 });
  }
  const names = Object.keys(properties);
  return fc.record(Object.fromEntries(names.map((name) => [name, fitting(properties[name] ?? {})])), {
    requiredKeys: names.filter((name) => required.has(name)),
  });
};

/** One part of a body that fits is replaced, taken away or added to. */
const spoiled = (schema: Schema): fc.Arbitrary<unknown> =>
  fc
    .tuple(fitting(schema), fc.nat(), anything, fc.constantFrom("replace", "remove", "add", "whole"))
    .map(([value, index, other, how]) => {
      if (how === "whole" || typeof value !== "object" || value === null || Array.isArray(value)) return other;
      const copy: Record<string, unknown> = { ...value };
      const names = Object.keys(copy);
      const name = names[index % Math.max(names.length, 1)];
      if (how === "add") copy[`extra${index}`] = other;
      else if (name !== undefined && how === "remove") delete copy[name];
      else if (name !== undefined) copy[name] = other;
      return copy;
    });

/** What a client could not send at all is left out: JSON has no lone surrogates, an address no such characters. */
const sendable = (text: string): string => encodeURIComponent(text.toWellFormed());

/** What a part of the path can name, where chance would not find it. */
const realOf = (path: string, name: string, { jobIds, deliveryNumbers }: WorldFacts): readonly string[] => {
  if (name === "id") return [...jobIds, "nobody"];
  return path.startsWith("/deliveries/") ? deliveryNumbers : [];
};

const parameterOf = (
  path: string,
  { name, in: place, schema }: DocumentedOperation["parameters"][number],
  facts: WorldFacts,
): fc.Arbitrary<string> => {
  const fits = fitting(schema).map(String);
  const known = realOf(path, name, facts);
  const real = known.length > 0 ? fc.oneof(fc.constantFrom(...known), fits) : fits;
  return fc.oneof({ weight: 5, arbitrary: real }, { weight: 1, arbitrary: nasty }).map((text) => {
    const sent = sendable(text);
    // An empty part, or one of dots alone, is another path.
    return place === "path" && /^(?:\.|%2E)*$/i.test(sent) ? "0" : sent;
  });
};

/** No commit has a hash that is made up: now and then one gets what it was shown. */
const withRealHash = (body: unknown, { hashes }: WorldFacts): unknown => {
  if (typeof body !== "object" || body === null || !("hash" in body) || typeof body.hash !== "string") return body;
  const index = body.hash.charCodeAt(0);
  return index % 2 === 0 ? body : { ...body, hash: hashes[index % hashes.length] ?? body.hash };
};

/** Not part of a key: what fetch itself refuses in a header. */
const keys = fc.oneof(fc.uuid(), fc.constantFrom("k", "same", "x".repeat(200), "x".repeat(201), "a b"));

export const requestArbitrary = (operation: DocumentedOperation, facts: WorldFacts): fc.Arbitrary<RequestPlan> => {
  const { method, path, parameters, body } = operation;
  const inPath = parameters.filter(({ in: place }) => place === "path");
  const inQuery = parameters.filter(({ in: place }) => place === "query");
  return fc
    .record({
      path: fc.record(Object.fromEntries(inPath.map((each) => [each.name, parameterOf(path, each, facts)]))),
      query: fc.record(Object.fromEntries(inQuery.map((each) => [each.name, parameterOf(path, each, facts)])), {
        requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name),
      }),
      body: body === null ? fc.constant(undefined) : fc.oneof({ weight: 3, arbitrary: fitting(body) }, spoiled(body)),
      key: method === "GET" ? fc.constant(undefined) : fc.option(keys, { nil: undefined }),
      caller: fc.nat({ max: 3 }),
    })
    .map((plan) => ({ ...plan, body: withRealHash(plan.body, facts) }))
    .map((plan) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => plan.path[name] ?? "");
      const query = Object.entries(plan.query).map(([name, value]) => `${name}=${value}`);
      return {
        method,
        path: `${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`,
        body: plan.body,
        headers: plan.key === undefined ? {} : { "Idempotency-Key": plan.key },
        caller: plan.caller,
      };
    });
};
