/** Where a job stands: present tense while it runs, past when it is done. */
import type { Job } from "../../domain/pushes/push.ts";
import { isBlocked, isWaiting } from "../../domain/pushes/push.ts";
import type { JobState } from "../../domain/states.ts";
import { type Message, message, quoted } from "../message.ts";
import { commas, plural } from "./grammar.ts";
import { duration } from "./times.ts";

/** What storage and the API both say of a job. */
export interface JobFacts extends Pick<
  Job,
  | "state"
  | "stage"
  | "percent"
  | "result"
  | "waitingSince"
  | "dispatchedAt"
  | "completedAt"
  | "searchableAt"
  | "verifiedAt"
> {
  /** Whether the target holds what it should; the API says so in the result alone. */
  synced?: boolean | null;
}

const stages: Readonly<Record<string, string>> = {
  accepted: "Accepted",
  writing: "Writing rows",
  indexing: "Indexing for search",
};

const states: Record<JobState, (job: JobFacts) => Message> = {
  pending: (job) => {
    if (isBlocked(job)) return ["Waiting for the target to answer"];
    return [isWaiting(job) ? "Waiting for its turn" : "Sending"];
  },
  processing: ({ stage }) => {
    if (stage === null) return ["Working"];
    return Object.hasOwn(stages, stage) ? message`${stages[stage] ?? ""}` : quoted(stage, 60);
  },
  completed: ({ searchableAt, verifiedAt, result, synced = result?.synced }) =>
    commas([
      "Applied",
      ...(searchableAt ? ["searchable"] : []),
      ...(verifiedAt ? [synced === false ? "verified with differences" : "verified"] : []),
    ]),
  failed: () => ["Failed"],
  timeout: () => ["Outcome unknown"],
  cancelled: () => ["Cancelled"],
};

/** "Applied, searchable, verified" */
export const jobState = (job: JobFacts): Message => states[job.state](job);

/** "Writing rows (40 %)" */
export const jobProgress = (job: JobFacts): Message =>
  job.state === "processing" ? message`${jobState(job)} (${Math.round(job.percent)} %)` : jobState(job);

/** "66 rows and 66 vectors there now"; vectors are counted once they are compared, as the index follows the rows. */
export const jobTotals = ({ result, verifiedAt }: Pick<JobFacts, "result" | "verifiedAt">): Message => {
  if (!result) return [];
  const vectors = result.vectorCount === null || !verifiedAt ? "" : ` and ${plural(result.vectorCount, "vector")}`;
  return message`${plural(result.d1Count, "row")}${vectors} there now`;
};

/** From when it was sent to its last fact; null while it runs. */
export const jobDuration = (job: Pick<JobFacts, "dispatchedAt" | "completedAt" | "verifiedAt">): string | null => {
  const end = job.verifiedAt ?? job.completedAt;
  if (!job.dispatchedAt || !end) return null;
  return duration(Date.parse(end) - Date.parse(job.dispatchedAt));
};
