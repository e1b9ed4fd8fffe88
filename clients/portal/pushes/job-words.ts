/** Where a job stands, in words, as in Slack's thread. Pure. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { ApiJob } from "../../../shared/contract/resources.ts";
import { duration } from "../messages/times.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";

const running: Record<string, string> = {
  accepted: "Accepted",
  writing: "Writing rows",
  indexing: "Indexing for search",
};

export const jobWords = (job: ApiJob): string => {
  switch (job.state) {
    case "pending":
      if (job.waitingSince !== null) return "Waits until it answers again";
      return job.dispatchedAt === null ? "Waits for its turn" : "Sending";
    case "processing":
      return running[job.stage ?? ""] ?? job.stage ?? "Working";
    case "completed":
      return ["Applied", ...(job.searchableAt ? ["searchable"] : []), ...(job.verifiedAt ? ["verified"] : [])].join(
        ", ",
      );
    case "failed":
      return "Failed";
    case "timeout":
      return "Outcome unknown";
    case "cancelled":
      return "Cancelled";
  }
};

export const jobTone = (job: ApiJob): "busy" | "good" | "bad" | "quiet" => {
  if (job.state === "completed") return "good";
  if (isStoppedJob(job)) return "bad";
  return job.state === "cancelled" || job.waitingSince !== null ? "quiet" : "busy";
};

export const jobPercent = ({ state, percent }: ApiJob): number =>
  state === "completed" ? 100 : state === "processing" ? percent : 0;

/** "1 added, 2 changed · 66 rows and 66 vectors there now · in 0.9 s"; empty while it runs. */
export const jobFacts = ({ result, dispatchedAt, completedAt, verifiedAt }: ApiJob): string => {
  const end = verifiedAt ?? completedAt;
  const count = (value: number, word: string): string[] => (value > 0 ? [`${value} ${word}`] : []);
  const done = result
    ? [
        ...count(result.inserted, "added"),
        ...count(result.updated, "changed"),
        ...count(result.deleted, "removed"),
      ].join(", ")
    : "";
  const there = result
    ? `${plural(result.d1Count, "row")}${result.vectorCount === null ? "" : ` and ${plural(result.vectorCount, "vector")}`} there now`
    : "";
  const took = dispatchedAt && end ? `in ${duration(Date.parse(end) - Date.parse(dispatchedAt))}` : "";
  return [done, there, took].filter((part) => part !== "").join(" · ");
};
