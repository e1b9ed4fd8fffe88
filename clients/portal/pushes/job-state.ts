/** Where a job stands, as in Slack's thread. Pure. */
import type { Tone } from "../components/state.tsx";
import type { ApiJob } from "../../../shared/contract/resources.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";
import { countsMessage } from "../../../shared/messages/en/counts.ts";
import { jobDuration, jobState, jobTotals } from "../../../shared/messages/en/jobs.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";

export const jobStateText = (job: ApiJob): string => plainText(jobState(job));

export const jobTone = ({ state, waitingSince }: ApiJob): Tone => {
  if (state === "completed") return "good";
  if (isStoppedJob({ state })) return "bad";
  return state === "cancelled" || waitingSince !== null ? "quiet" : "busy";
};

export const jobPercent = ({ state, percent }: ApiJob): number =>
  state === "completed" ? 100 : state === "processing" ? percent : 0;

/** "1 added, 2 changed · 66 rows and 66 vectors there now · in 0.9 s"; empty while it runs. */
export const jobFacts = (job: ApiJob): string => {
  const took = jobDuration(job);
  return [plainText(countsMessage(job.result ?? {})), plainText(jobTotals(job)), took === null ? "" : `in ${took}`]
    .filter((part) => part !== "")
    .join(" · ");
};
