/** Push 3 of commit 7 and its jobs, as the API shows them before anything has happened. */
import type { ApiJob, ApiPush } from "../../../shared/contract/resources.ts";

export const time = "2031-03-03T09:00:00.000Z";

export const jobOf = (id: string, target: string, changed: Partial<ApiJob> = {}): ApiJob => ({
  id,
  push: 3,
  commit: 7,
  target,
  state: "pending",
  attempt: 1,
  stage: null,
  percent: 0,
  result: null,
  error: null,
  dispatchedAt: null,
  acceptedAt: null,
  completedAt: null,
  searchableAt: null,
  verifiedAt: null,
  waitingSince: null,
  createdAt: time,
  updatedAt: time,
  ...changed,
});

export const pushOf = (jobs: ApiJob[], changed: Partial<ApiPush> = {}): ApiPush => ({
  number: 3,
  commit: 7,
  scope: "all",
  state: "running",
  percent: 0,
  jobs,
  requestedBy: "U0PRIYA01",
  createdAt: time,
  finishedAt: null,
  traceId: "0".repeat(32),
  ...changed,
});

/** What a target reports that has applied it. */
export const applied = { inserted: 0, updated: 1, deleted: 0, d1Count: 2, vectorCount: null, synced: null };
