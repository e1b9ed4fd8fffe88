/** Where a job stands, in words: present tense while it works, past when it is done. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Job, isBlocked, isWaiting } from "../../../shared/domain/pushes/push.ts";
import { duration, moment, quoted } from "../blocks/text.ts";

const running: Record<string, string> = {
  accepted: "Accepted",
  writing: "Writing rows",
  indexing: "Indexing for search",
};

export const stageWords = (job: Job): string => {
  switch (job.state) {
    case "pending":
      if (isBlocked(job)) return "Waits until it answers again";
      return isWaiting(job) ? "Waits for its turn" : "Sending";
    case "processing":
      return `${running[job.stage ?? ""] ?? quoted(job.stage ?? "Working", 60)} (${Math.round(job.percent)} %)`;
    case "completed":
      return factsOf(job).join(", ");
    case "failed":
      return "Failed";
    case "timeout":
      return "Outcome unknown";
    case "cancelled":
      return "Cancelled";
  }
};

/** "d1cv is not answering since 12:03 (answered 503)", in mrkdwn; empty when the job does not wait for its target. */
export const outageWords = (job: Job): string => {
  if (!isBlocked(job)) return "";
  const since = job.outage?.since ?? job.waitingSince ?? job.updatedAt;
  return `*${quoted(job.target)}* is not answering since ${moment(since)}${job.outage ? ` (${quoted(job.outage.error, 200)})` : ""}`;
};

/** What is known to be true of a completed job. */
export const factsOf = (job: Job): string[] => [
  "Applied",
  ...(job.searchableAt ? ["searchable"] : []),
  ...(job.verifiedAt ? [job.synced ? "verified" : "verified with differences"] : []),
];

/** "1 added, 1 changed, 1 removed" */
export const countWords = (job: Job): string => {
  const { inserts, updates, deletes } = job.operations;
  const parts = [
    ...(inserts.length > 0 ? [`${inserts.length} added`] : []),
    ...(updates.length > 0 ? [`${updates.length} changed`] : []),
    ...(deletes.length > 0 ? [`${deletes.length} removed`] : []),
  ];
  return parts.join(", ");
};

/** "66 rows and 66 vectors there now"; vectors are counted once they are compared, as the index follows the rows. */
export const totalWords = ({ result, verifiedAt }: Job): string => {
  if (!result) return "";
  const vectors = result.vectorCount === null || !verifiedAt ? "" : ` and ${plural(result.vectorCount, "vector")}`;
  return `${plural(result.d1Count, "row")}${vectors} there now`;
};

/** From the moment it was sent to its last known fact; null while it runs. */
export const tookWords = (job: Job): string | null => {
  const end = job.verifiedAt ?? job.completedAt;
  if (!job.dispatchedAt || !end) return null;
  return duration(Date.parse(end) - Date.parse(job.dispatchedAt));
};
