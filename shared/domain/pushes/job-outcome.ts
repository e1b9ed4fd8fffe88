import type { ApplyResult } from "../../targets/protocol.ts";
import type { Job } from "./push.ts";
import { canMove, isActiveJob } from "../states.ts";

/** What is learnt about a job: from its target's webhook, from the target's answer when asked, or from no answer. */
export type JobOutcome =
  | { kind: "accepted" }
  | { kind: "progress"; stage: string; percent: number }
  | { kind: "completed"; result: ApplyResult }
  /** tries: it is ours to say as long as no more requests of it have left. */
  | { kind: "failed"; error: { code: string; message: string }; tries?: 0 | 1 }
  | { kind: "timeout"; error: { code: string; message: string } }
  | { kind: "searchable"; vectorCount: number }
  | { kind: "verified"; result: { d1Count: number; vectorCount: number | null; synced: boolean } };

export type Ignored = "older_attempt" | "already_final" | "already_known" | "unknown_attempt";

/** Whether an outcome of `attempt` still says something new about the job; otherwise why not. */
export const whyIgnored = (job: Job, attempt: number, outcome: JobOutcome): Ignored | null => {
  if (attempt > job.attempt) return "unknown_attempt";
  // Its target has said that it will never apply it, so nothing that follows an apply can be true of it.
  if (job.state === "cancelled") return "already_final";
  switch (outcome.kind) {
    case "completed":
      if (job.state === "completed") return "already_known";
      return canMove("job", job.state, "completed") ? null : "already_final";
    case "searchable":
      return job.searchableAt === null ? null : "already_known";
    case "verified":
      return job.verifiedAt === null ? null : "already_known";
    case "accepted":
      if (attempt < job.attempt) return "older_attempt";
      return job.state === "pending" ? null : "already_known";
    case "progress":
      if (attempt < job.attempt) return "older_attempt";
      return isActiveJob(job) ? null : "already_final";
    case "failed":
    case "timeout":
      if (attempt < job.attempt) return "older_attempt";
      return canMove("job", job.state, outcome.kind) ? null : "already_final";
  }
};
