/** The OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), from the table that server and client read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toJSONSchema } from "zod/v4/core";
import * as z from "zod/mini";
import { FieldWriter, exampleTrace } from "./openapi-fields.ts";
import { type ProblemCode, problemCodes, statusOf } from "../../shared/contract/refusals.ts";
import { refusalTitle } from "../../shared/messages/en/refusals.ts";
import { login } from "../../shared/contract/operations/logins.ts";
import { event } from "../../shared/contract/event.ts";
import { operations } from "../../shared/contract/operations.ts";
import { type Operation, commonProblems } from "../../shared/contract/operations/operation.ts";
import { problem, problemMediaType } from "../../shared/contract/problem.ts";
import * as resources from "../../shared/contract/resources.ts";
import * as webhooks from "../../shared/contract/webhooks.ts";
import { time } from "../../shared/domain/time.ts";
import { type Permission, permissions, scopeNames } from "../../shared/domain/workspace/roles.ts";

type Json = { [name: string]: unknown };

/** Schemas that have a name of their own in the document. */
const named = {
  Change: resources.change,
  Commit: resources.commit,
  CommitDetail: resources.commitDetail,
  Push: resources.push,
  Job: resources.job,
  JobStatus: resources.jobStatus,
  Event: event,
  Webhook: webhooks.webhook,
  Delivery: webhooks.delivery,
  WebhookStatus: webhooks.webhookStatus,
  Login: login,
  Problem: problem,
};

const registry = z.registry<{ id?: string; format?: string }>();
for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
registry.add(time, { format: "date-time" });

/** @param io what is sent (input) or what is answered (output) */
const schemaOf = (schema: z.ZodMiniType, io: "input" | "output", components: Json): Json => {
  const { $schema: _dialect, $defs, ...json } = toJSONSchema(schema, { io, metadata: registry }) as Json;
  for (const [id, part] of Object.entries(($defs ?? {}) as Json)) components[id] = hoisted(part);
  return hoisted(json) as Json;
};

/** What has no name of its own is called by what it is. */
const titled = (title: string, schema: Json): Json => ("$ref" in schema ? schema : { title, ...schema });

/** Definitions stand in one place for the whole document. `id` would be an address in JSON Schema. */
const hoisted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(hoisted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, part]) => !(name === "id" && typeof part === "string"))
      .map(([name, part]) => [
        name,
        name === "$ref" && typeof part === "string" ? part.replace("#/$defs/", "#/components/schemas/") : hoisted(part),
      ]),
  );
};

const parametersOf = (operation: Operation, components: Json): Json[] =>
  (["params", "query"] as const).flatMap((part) => {
    const schema = operation[part];
    if (!schema) return [];
    const json = schemaOf(schema, "output", components);
    // In a query everything may be left out that the server does not need; what it makes of it always has a value.
    const required = new Set((schemaOf(schema, "input", components)["required"] ?? []) as string[]);
    return Object.entries(json["properties"] as Json).map(([name, of]) => ({
      name,
      in: part === "params" ? "path" : "query",
      required: part === "params" || required.has(name),
      schema: of,
    }));
  });

const exampleProblem = (code: ProblemCode): Json => ({
  type: `https://cv-ops.example.com/docs/problems#${code}`,
  title: refusalTitle(code),
  status: statusOf(code),
  detail: refusalTitle(code),
  code,
  traceId: exampleTrace,
});

const rateHeaders = ["RateLimit", "RateLimit-Policy"].map((name) => [name, { $ref: `#/components/headers/${name}` }]);

const answersOf = (operation: Operation, components: Json): Json => {
  const isWriting = operation.method !== "GET";
  const codes = [...operation.problems, ...commonProblems.always, ...(isWriting ? commonProblems.writing : [])];
  const known = problemCodes.filter((code) => codes.includes(code));
  const bodyCodes = isWriting
    ? problemCodes.filter((code) => ["malformed_body", "unsupported_media_type", "too_large"].includes(code))
    : [];
  const keyCodes = isWriting
    ? problemCodes.filter((code) => ["invalid_idempotency_key", "cross_origin"].includes(code))
    : [];
  const byStatus = Map.groupBy([...known, ...bodyCodes, ...keyCodes, "workspace_required" as const], statusOf);
  return {
    [operation.status]: {
      description: "Done",
      headers: Object.fromEntries(rateHeaders),
      content: { "application/json": { schema: titled("Reply", schemaOf(operation.reply, "output", components)) } },
    },
    ...Object.fromEntries(
      [...byStatus]
        .toSorted(([a], [b]) => a - b)
        .map(([status, list]) => [
          status,
          {
            description: list.map((code) => `\`${code}\`: ${refusalTitle(code)}`).join("  \n"),
            content: {
              [problemMediaType]: {
                schema: { $ref: "#/components/schemas/Problem" },
                example: exampleProblem(list[0] ?? "internal"),
              },
            },
          },
        ]),
    ),
  };
};

const idempotencyKey = { $ref: "#/components/parameters/IdempotencyKey" };

const neededFor = (permission: Permission): string => {
  const { role, scope } = permissions[permission];
  return `Needs the role \`${role}\`; a token besides the scope \`${scope}\`.`;
};

const operationOf = (id: string, operation: Operation, components: Json): Json => {
  const { method, tag, summary, description, permission, isPublic = false, body, cost = 1 } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description ? `${description}\n\n` : ""}${isPublic ? "Nobody has to sign in." : neededFor(permission)}${cost === 1 ? "" : ` It counts as ${cost} reads of the limit.`}`,
    ...(isPublic ? { security: [] } : {}),
    parameters: [...parametersOf(operation, components), ...(method === "GET" ? [] : [idempotencyKey])],
    ...(body
      ? {
          requestBody: {
            required: ((schemaOf(body, "input", components)["required"] ?? []) as string[]).length > 0,
            content: {
              "application/json": {
                schema: titled("Body", schemaOf(body, "input", components)),
                example: operation.example,
              },
            },
          },
        }
      : {}),
    responses: answersOf(operation, components),
  };
};

const introduction = `Everything that \`/cv\` can do in Slack, a program can do here, with the same roles and rules.

**Authentication.** A program sends \`Authorization: Bearer <token>\`; \`/cv tokens new\` in Slack makes one. It acts for its owner, within its scopes (${scopeNames.map((name) => `\`${name}\``).join(", ")}). People who are signed in at the portal need no token.

**Idempotency.** With an \`Idempotency-Key\`, a repeat of the request gets the same reply, and nothing is done twice, for at least 24 h.

**Shapes.** A resource has one shape wherever it appears: alone it is the reply itself, and a list has it under its plural, with \`next\` for the page after this one. What an operation says besides stands in \`meta\`.

**Problems** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) details: \`code\` is the reason as one word, \`detail\` says what to do, and by \`traceId\` whoever runs CV Ops finds the request.

**Live.** \`/v2/ws\` (WebSocket) and \`/v2/stream\` (server-sent events) bring events as they happen.`;

const bareDocument = (): Json => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
    version: string;
  };
  const components: Json = {};
  schemaOf(problem, "output", components);
  const paths: Record<string, Json> = {};
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = operationOf(id, operation, components);
  }
  const { $schema: _dialect, ...problemSchema } = toJSONSchema(problem, { io: "output" }) as Json;
  return {
    openapi: "3.1.1",
    info: { title: "CV Ops", version, license: { name: "MIT", identifier: "MIT" }, description: introduction },
    servers: [{ url: "/v2" }],
    security: [{ token: [] }],
    tags: [...new Set(Object.values(operations).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "cvops_…" } },
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          description: "Of your choice, such as a UUID; the same for repeats of the same request.",
          schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
        },
      },
      headers: {
        RateLimit: {
          description: "What is left of the quota, and when it is whole again.",
          schema: { type: "string" },
        },
        "RateLimit-Policy": { description: "The quota, for one actor.", schema: { type: "string" } },
      },
      schemas: {
        ...Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1))),
        Problem: problemSchema,
      },
    },
  };
};

/** @returns the document, the fields that have no words, and the words that no field has */
export const describedDocument = (): { document: Json; missing: string[]; unused: string[] } => {
  const bare = bareDocument();
  const writer = new FieldWriter();
  const components = bare["components"] as { schemas: Json };
  const schemas = Object.fromEntries(
    Object.entries(components.schemas).map(([name, schema]) => [name, writer.describe([name], schema)]),
  );
  const paths = Object.fromEntries(
    Object.entries(bare["paths"] as Record<string, Json>).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, described(writer, operation as DescribedPart)]),
      ),
    ]),
  );
  const document = { ...bare, paths, components: { ...components, schemas } };
  return { document, missing: writer.missing, unused: writer.unused };
};

interface DescribedPart {
  operationId: string;
  parameters: Json[];
}

const described = (writer: FieldWriter, operation: DescribedPart): Json => {
  const within = [operation.operationId];
  return {
    ...(writer.describe(within, operation) as Json),
    parameters: operation.parameters.map((each) =>
      typeof each["name"] === "string" ? { ...each, ...writer.parameter(within, each["name"]) } : each,
    ),
  };
};

export const openApiDocument = (): Json => describedDocument().document;
