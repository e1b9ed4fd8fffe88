/**
 * The wire format between CV Ops and a target service: docs/reference/target-protocol.md in code. Both sides parse with
 * it.
 */
import * as z from "zod/mini";
import { fieldValues } from "../domain/portfolio/entity.ts";
import { entityTypes } from "../domain/portfolio/registry.ts";
import { isRowId, rowIdRule } from "../domain/portfolio/row-id.ts";

/** What CV Ops and the configuration make up. */
const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/));
/** What the services make up. */
const rowId = z.string().check(z.refine(isRowId, `must have ${rowIdRule}`));
const entityType = z.enum(entityTypes);

/** At most one operation a row. `ifVersion: null` means any version. */
const operationsOn = (id: z.ZodMiniType<string>) => {
  const row = { entityType, id };
  const ifVersion = z.nullable(z.string());
  return z.object({
    inserts: z.array(z.object({ ...row, values: fieldValues })),
    updates: z.array(z.object({ ...row, changes: fieldValues, ifVersion })),
    deletes: z.array(z.object({ ...row, ifVersion })),
  });
};

/** A commit's operations for one target. */
export const operations = operationsOn(rowId);
export type Operations = z.infer<typeof operations>;

/** The same as CV Ops has stored them: what was accepted once is read again, whatever the rule for ids is by now. */
export const storedOperations = operationsOn(z.string());

/** What a target takes of one request, in bytes. */
export const maxRequestBytes = 900_000;

const jobReference = {
  jobId: identifier,
  /** 1 for the first try; a retry by a person counts up. Higher attempts may run again what failed. */
  attempt: z.int().check(z.minimum(1)),
  target: identifier,
  portfolioId: identifier,
};

export const applyRequest = z.object({
  type: z.literal("apply"),
  ...jobReference,
  /** Which addresses a target calls is its own rule: `address.ts`. */
  callbackUrl: z.string(),
  /** Who pushed, for the target's own audit columns. */
  actor: z.string(),
  commit: z.object({ number: z.int(), hash: z.string(), message: z.string() }),
  operations,
});
export type ApplyRequest = z.infer<typeof applyRequest>;

export const cancelRequest = z.object({ type: z.literal("cancel"), ...jobReference });
export type CancelRequest = z.infer<typeof cancelRequest>;

/** Asks how a target is, and whether its webhooks reach us: it sends one of the type `ping` before it answers. */
export const pingRequest = z.object({
  type: z.literal("ping"),
  target: identifier,
  portfolioId: identifier,
  callbackUrl: z.string(),
});
export type PingRequest = z.infer<typeof pingRequest>;

export const pingAnswer = z.object({
  /** Of the target's own code; null where it has none. */
  version: z.nullable(z.string()),
  /** What became of its webhook. */
  callback: z.object({ ok: z.boolean(), error: z.nullable(z.string()) }),
  /** Null for a target without an index; `dimensions` is null where the index gives no answer. */
  index: z.nullable(z.object({ dimensions: z.nullable(z.int()), needed: z.int(), vectors: z.nullable(z.int()) })),
});
export type PingAnswer = z.infer<typeof pingAnswer>;

/** The webhook of a ping is of no job: it proves the way, and changes nothing. */
export const pingWebhook = z.object({
  type: z.literal("ping"),
  target: identifier,
  portfolioId: identifier,
  occurredAt: z.string(),
});
export type PingWebhook = z.infer<typeof pingWebhook>;

export const conflict = z.object({
  entityType: z.string(),
  id: z.string(),
  /** exists: insert of a row that is there. missing: no such row (or deleted). version: the row has changed. */
  reason: z.enum(["exists", "missing", "version"]),
  expected: z.nullable(z.string()),
  actual: z.nullable(z.string()),
});
export type Conflict = z.infer<typeof conflict>;

/** Body of every answer that is not 2xx. */
export const errorBody = z.object({
  error: z.string(),
  message: z.string(),
  conflicts: z.optional(z.array(conflict)),
});
export type ErrorBody = z.infer<typeof errorBody>;

export const acceptedBody = z.object({ accepted: z.literal(true) });

export const applyResult = z.object({
  inserted: z.int(),
  updated: z.int(),
  deleted: z.int(),
  /** Live rows of the portfolio after the apply. */
  d1Count: z.int(),
  /** Vectors of the portfolio; null where the target keeps none. */
  vectorCount: z.nullable(z.int()),
  synced: z.nullable(z.boolean()),
});
export type ApplyResult = z.infer<typeof applyResult>;

export const jobFailure = z.object({ code: z.string(), message: z.string() });

export const webhookTypes = ["job.progress", "job.completed", "job.failed", "job.searchable", "job.verified"] as const;

/** What a target reports to `callbackUrl`. `occurredAt` is the target's clock, ISO 8601. */
export const targetWebhook = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("job.progress"),
    ...jobReference,
    occurredAt: z.string(),
    stage: z.string().check(z.maxLength(60)),
    percent: z.number().check(z.minimum(0), z.maximum(100)),
  }),
  z.object({ type: z.literal("job.completed"), ...jobReference, occurredAt: z.string(), result: applyResult }),
  z.object({ type: z.literal("job.failed"), ...jobReference, occurredAt: z.string(), error: jobFailure }),
  z.object({ type: z.literal("job.searchable"), ...jobReference, occurredAt: z.string(), vectorCount: z.int() }),
  z.object({
    type: z.literal("job.verified"),
    ...jobReference,
    occurredAt: z.string(),
    result: z.object({ d1Count: z.int(), vectorCount: z.nullable(z.int()), synced: z.boolean() }),
  }),
]);
export type TargetWebhook = z.infer<typeof targetWebhook>;

/** `GET /api/admin/jobs/:jobId`; 404 when no job has the key. */
export const jobReport = z.object({
  jobId: z.string(),
  attempt: z.int(),
  state: z.enum(["in_progress", "applied", "failed", "cancelled"]),
  stage: z.nullable(z.string()),
  result: z.nullable(applyResult),
  error: z.nullable(jobFailure),
  searchableAt: z.nullable(z.string()),
  verifiedAt: z.nullable(z.string()),
});
export type JobReport = z.infer<typeof jobReport>;

/** What a target has applied: by it a database that was put back in time is found, its own or ours. */
const appliedJob = z.object({
  jobId: z.string(),
  attempt: z.int(),
  appliedAt: z.string(),
  /** Rises with each commit that is applied; where the next page goes on. */
  revision: z.int(),
  /** Null where it was applied before the target kept it. */
  commit: z.nullable(z.object({ number: z.int(), hash: z.string() })),
  /** What it wrote; null where it wrote more than 200 rows, or before the target kept it. */
  rows: z.nullable(z.array(z.object({ entityType: z.string(), id: z.string() }))),
});
export type AppliedJob = z.infer<typeof appliedJob>;

/** `GET /api/admin/jobs?portfolio=[&before=<revision>]`: newest first, at most 100. Optional. */
export const appliedJobs = z.object({ jobs: z.array(appliedJob) });
export type AppliedJobs = z.infer<typeof appliedJobs>;

/** `POST /api/admin/jobs/:jobId/cancel`: from then on the key can never be applied, or it already was. */
export const cancelAnswer = z.object({ state: z.enum(["applied", "cancelled"]), result: z.nullable(applyResult) });
export type CancelAnswer = z.infer<typeof cancelAnswer>;

/** `POST /api/admin/reindex`: every live row of the portfolio is brought into the index again. */
export const reindexRequest = z.object({
  type: z.literal("reindex"),
  /** A repeat of the same id does nothing again. */
  requestId: identifier,
  target: identifier,
  portfolioId: identifier,
});
export type ReindexRequest = z.infer<typeof reindexRequest>;

/** Its 202: how many rows are to be indexed. */
export const reindexAnswer = z.object({ accepted: z.literal(true), rows: z.int().check(z.minimum(0)) });
export type ReindexAnswer = z.infer<typeof reindexAnswer>;

export const targetRow = z.object({
  id: rowId,
  /** Opaque: compare for equality only. */
  version: z.string(),
  values: fieldValues,
  deletedAt: z.nullable(z.string()),
});
export type TargetRow = z.infer<typeof targetRow>;

/** `GET /api/portfolios/:portfolioId/:entityType[?id=a&id=b]` and, with one row, `…/:id`. */
export const rowsBody = z.object({ rows: z.array(z.unknown()) });
export const rowBody = z.object({ row: targetRow });

/** `GET /api/admin/verify?portfolio=`: whether the target's stores agree with each other. */
export const verifyBody = z.object({
  d1Count: z.int(),
  vectorCount: z.nullable(z.int()),
  synced: z.boolean(),
  /** Rows that do not agree, at most 100 of them. */
  mismatches: z.array(z.object({ entityType: z.string(), id: z.string(), reason: z.string() })),
});
export type VerifyBody = z.infer<typeof verifyBody>;

/** `GET /api/search?q=&portfolio=&limit=` of a target with semantic search; best hit first. */
export const searchBody = z.object({
  hits: z.array(z.object({ entityType, id: z.string(), name: z.string(), score: z.number() })),
});
export type SearchBody = z.infer<typeof searchBody>;
