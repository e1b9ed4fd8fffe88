import { describe, expect, test } from "vitest";
import { type Ignored, type JobOutcome, whyIgnored } from "./job-outcome.ts";
import type { Job } from "./push.ts";
import { type JobState, stateNames } from "../states.ts";

const error = { code: "refused", message: "no" };
const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 3, vectorCount: null, synced: null };

const outcomes: Record<JobOutcome["kind"], JobOutcome> = {
  accepted: { kind: "accepted" },
  progress: { kind: "progress", stage: "writing", percent: 40 },
  completed: { kind: "completed", result },
  failed: { kind: "failed", error },
  timeout: { kind: "timeout", error },
  searchable: { kind: "searchable", vectorCount: 3 },
  verified: { kind: "verified", result: { d1Count: 3, vectorCount: 3, synced: true } },
};

const jobIn = (state: JobState, overrides: Partial<Job> = {}): Job => ({
  workspaceId: "T1",
  id: "job-1",
  pushId: "push-1",
  commitId: "commit-1",
  target: "d1cv",
  position: 0,
  state,
  attempt: 2,
  stage: null,
  percent: 0,
  asked: { inserted: 0, updated: 0, deleted: 0 },
  result: null,
  errorCode: null,
  errorMessage: null,
  dispatchedAt: "2026-11-23T08:00:00.000Z",
  acceptedAt: null,
  deadlineAt: null,
  completedAt: null,
  searchableAt: null,
  verifiedAt: null,
  synced: null,
  tries: 1,
  waitingSince: null,
  traceId: null,
  outage: null,
  completedAfter: null,
  createdAt: "2026-11-23T08:00:00.000Z",
  updatedAt: "2026-11-23T08:00:00.000Z",
  ...overrides,
});

const news = null;
type Row = Record<JobState, Ignored | null>;
const everywhere = (answer: Ignored | null): Row => ({
  pending: answer,
  processing: answer,
  timeout: answer,
  failed: answer,
  completed: answer,
  cancelled: "already_final",
});

const ofThisAttempt: Record<JobOutcome["kind"], Row> = {
  accepted: { ...everywhere("already_known"), pending: news },
  progress: { ...everywhere("already_final"), pending: news, processing: news },
  completed: { ...everywhere(news), completed: "already_known" },
  failed: { ...everywhere("already_final"), pending: news, processing: news, timeout: news },
  timeout: { ...everywhere("already_final"), pending: news, processing: news },
  searchable: everywhere(news),
  verified: everywhere(news),
};

/** What is true whichever attempt brought it about still counts. */
const ofAnOlderAttempt: Record<JobOutcome["kind"], Row> = {
  ...ofThisAttempt,
  accepted: everywhere("older_attempt"),
  progress: everywhere("older_attempt"),
  failed: everywhere("older_attempt"),
  timeout: everywhere("older_attempt"),
};

const cases = (Object.keys(outcomes) as JobOutcome["kind"][]).flatMap((kind) =>
  stateNames("job").flatMap((state) => [
    { kind, state, attempt: 2, expected: ofThisAttempt[kind][state] },
    { kind, state, attempt: 1, expected: ofAnOlderAttempt[kind][state] },
    { kind, state, attempt: 3, expected: "unknown_attempt" },
  ]),
);

describe("reports about a job", () => {
  test.each(cases)(
    "$kind of attempt $attempt, for a job at attempt 2 that is $state: $expected",
    ({ kind, state, attempt, expected }) => {
      expect(whyIgnored(jobIn(state), attempt, outcomes[kind])).toBe(expected);
    },
  );

  test("a job is searchable and verified once, and a repeat of either is ignored", () => {
    const at = "2026-11-23T08:01:00.000Z";
    expect(whyIgnored(jobIn("completed", { searchableAt: at }), 2, outcomes.searchable)).toBe("already_known");
    expect(whyIgnored(jobIn("completed", { verifiedAt: at }), 2, outcomes.verified)).toBe("already_known");
    expect(whyIgnored(jobIn("completed", { searchableAt: at }), 2, outcomes.verified)).toBe(news);
  });
});
