/** Where a job stands, in mrkdwn. */
import { type Job, isBlocked } from "../../../shared/domain/pushes/push.ts";
import { countsMessage } from "../../../shared/messages/en/counts.ts";
import { jobProgress, jobTotals } from "../../../shared/messages/en/jobs.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { moment, quoted } from "../blocks/text.ts";

export const progressText = (job: Job): string => mrkdwn(jobProgress(job));

/** "d1cv is not answering since 12:03 (answered 503)"; empty when the job does not wait for its target. */
export const outageText = (job: Job): string => {
  if (!isBlocked(job)) return "";
  const since = job.outage?.since ?? job.waitingSince ?? job.updatedAt;
  return `*${quoted(job.target)}* is not answering since ${moment(since)}${job.outage ? ` (${quoted(job.outage.error, 200)})` : ""}`;
};

/** "1 added, 1 changed, 1 removed" */
export const countsText = ({ asked }: Job): string => mrkdwn(countsMessage(asked));

export const totalsText = (job: Job): string => mrkdwn(jobTotals(job));
