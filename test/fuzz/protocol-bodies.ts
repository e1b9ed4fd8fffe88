/** Bodies of the target protocol in both directions, as bases of mutations. */
import fc from "fast-check";
import { home } from "./harness.ts";
import { typed } from "./texts.ts";

const said = { attempt: 1, target: "d1cv", portfolioId: home.portfolioId, occurredAt: "2026-11-01T12:00:00.000Z" };
const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 6, vectorCount: null, synced: null };
export const webhooks = [
  { ...said, type: "job.progress", stage: "writing", percent: 40 },
  { ...said, type: "job.completed", result },
  { ...said, type: "job.failed", error: { code: "x", message: "y" } },
  { ...said, type: "job.searchable", vectorCount: 6 },
  { ...said, type: "job.verified", result: { d1Count: 6, vectorCount: null, synced: true, mismatches: [] } },
];

const rowId = fc.constantFrom("python-1", "jquery-1", "rust-1", "new-1", "new-2");
const operations = fc.record({
  inserts: fc.array(
    fc
      .tuple(rowId, typed)
      .map(([id, name]) => ({ entityType: "technology", id, values: { name: name || "x", category: "Backend" } })),
    { maxLength: 2 },
  ),
  updates: fc.array(
    fc.tuple(rowId, fc.integer({ min: 0, max: 60 }), fc.constantFrom("1", "2", null)).map(([id, years, ifVersion]) => ({
      entityType: "technology",
      id,
      changes: { experience_years: years },
      ifVersion,
    })),
    { maxLength: 2 },
  ),
  deletes: fc.array(
    fc.tuple(rowId, fc.constantFrom("1", null)).map(([id, ifVersion]) => ({ entityType: "technology", id, ifVersion })),
    { maxLength: 1 },
  ),
});
const jobId = fc.integer({ min: 1, max: 60 }).map((number) => `job-${number}`);
export const protocolBody = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(jobId, operations, fc.integer({ min: 1, max: 3 })).map(([id, requested, attempt]) => ({
      type: "apply",
      jobId: id,
      attempt,
      callbackUrl: "https://cv-ops.internal/v2/webhook/d1cv",
      actor: "slack:U1",
      commit: { number: 1, hash: "0a1b2c", message: "x" },
      operations: requested,
    })),
  },
  { weight: 1, arbitrary: jobId.map((id) => ({ type: "cancel", jobId: id, attempt: 1 })) },
  { weight: 1, arbitrary: jobId.map((id) => ({ type: "reindex", requestId: id })) },
);
