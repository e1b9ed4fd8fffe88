/** What the server sends, for tests: each with what matters to it. */
import type { LiveEvent } from "../../sdk/index.ts";
import { jobOf, pushOf, time as at } from "../../sdk/testing/pushes.ts";
import { liveEventOf } from "../../../shared/contract/live.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ApiCommitDetail, ApiJob, ApiPush } from "../../../shared/contract/resources.ts";

export const eventWith = (given: Partial<ApiEvent> & Pick<ApiEvent, "type">): LiveEvent =>
  liveEventOf({
    id: 1,
    at,
    actor: { kind: "slack", id: "U0PRIYA01", token: null },
    commit: null,
    push: null,
    change: null,
    deadLetter: null,
    jobId: null,
    target: null,
    attempt: null,
    data: {},
    traceId: "ab".repeat(16),
    ...given,
  });

export const jobWith = (given: Partial<ApiJob> = {}): ApiJob => jobOf("job-a", "d1cv", { dispatchedAt: at, ...given });

export const pushWith = (given: Partial<ApiPush> = {}): ApiPush =>
  pushOf([jobWith(), jobWith({ id: "job-b", target: "ai-agent", dispatchedAt: null })], given);

export const commitWith = (given: Partial<ApiCommitDetail> = {}): ApiCommitDetail => ({
  number: 7,
  message: "Skill updates",
  summary: "Python: experience_years 5 → 8",
  hash: "c".repeat(64),
  review: "in_review",
  status: "pending",
  error: null,
  author: "U0AVERY01",
  contributors: ["U0AVERY01"],
  createdAt: at,
  appliedBy: null,
  drifted: [],
  changes: [],
  operations: [],
  operationCount: 0,
  rowCount: 0,
  next: null,
  cancelled: [],
  overlaps: [],
  overlapCount: 0,
  targets: [
    { target: "d1cv", state: "pending", error: null, appliedAt: null },
    { target: "ai-agent", state: "pending", error: null, appliedAt: null },
  ],
  approvals: [],
  missing: 1,
  pushes: [],
  ...given,
});
