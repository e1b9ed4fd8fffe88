import * as z from "zod/mini";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import { searchBody, verifyBody } from "../../targets/protocol.ts";
import { fieldValues } from "../../domain/portfolio/entity.ts";
import { limit } from "../schemas.ts";
import { operationsOf } from "./operation.ts";

const field = z.object({
  name: z.string(),
  kind: z.string(),
  label: z.string(),
  /** The rule in words. */
  hint: z.string(),
  example: z.string(),
  required: z.boolean(),
  options: z.nullable(z.array(z.string())),
});

const { get, post } = operationsOf("Portfolio", "push");

export const portfolioOperations = {
  search: get("/search", {
    summary: "Search the portfolio by meaning",
    scope: "read",
    query: z.strictObject({ q: z.string(), limit: limit(50) }),
    reply: z.object({ query: z.string(), target: z.string(), hits: searchBody.shape.hits }),
    problems: ["query_required", "query_too_long", "search_unavailable"],
  }),

  listRows: get("/rows/{entityType}", {
    summary: "List the rows of an entity type, with their values",
    description: "From the first target that answers, by name. Staged changes are not included.",
    scope: "read",
    reply: z.object({
      target: z.string(),
      rows: z.array(z.object({ id: z.string(), name: z.string(), values: fieldValues })),
      /** Rows of the target that cannot be read: which, and why. */
      unreadable: z.array(z.object({ id: z.nullable(z.string()), cause: z.string() })),
    }),
    problems: ["rows_unavailable"],
  }),

  verify: get("/verify", {
    summary: "Compare the targets",
    reply: z.object({
      targets: z.array(
        z.object({ target: z.string(), found: z.nullable(verifyBody), problem: z.nullable(z.string()) }),
      ),
      /** Whether all that answered hold the same number of rows; null with fewer than two answers. */
      sameCount: z.nullable(z.boolean()),
    }),
  }),

  reindex: post("/reindex", {
    summary: "Rebuild search indexes",
    body: z.strictObject({ target: z.optional(z.string().check(z.maxLength(40))) }),
    example: { target: "all" },
    status: 202,
    reply: z.object({
      begun: z.array(z.object({ target: z.string(), rows: z.int() })),
      without: z.array(z.string()),
      failed: z.array(z.object({ target: z.string(), message: z.string() })),
    }),
    problems: ["unknown_target", "reindex_failed"],
  }),

  describeEntities: get("/entities", {
    summary: "List the entity types and their fields",
    scope: "read",
    reply: z.object({
      entities: z.array(
        z.object({ type: z.enum(entityTypes), label: z.string(), plural: z.string(), fields: z.array(field) }),
      ),
    }),
  }),
};
