/** What a target has applied, and what of it either side lacks since its database was put back in time. */
import { type CompletedJob, lostJobs } from "../../domain/operations/rewound.ts";
import { type Result, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { lastCompletedQuery, notCompletedQuery, storedJobIdsQuery } from "../../storage/pushes/reconciled.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { TargetClient, TargetFailure } from "../../targets/client.ts";
import type { AppliedJob } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";

/** Of a target, so many of the last pushes are compared with so many of the last jobs that it lists. */
const comparedPushes = 400;
const pages = 5;
const listedAtOnce = 100;

export interface JobsCompared {
  /** What the target lacks, in the order in which it had applied it. */
  lostByTarget: CompletedJob[];
  /** What the bot lacks, in the order in which the target has applied it. */
  lostByBot: AppliedJob[];
  /** What the target has applied while it stands here as not applied, in the same order. */
  notRecorded: AppliedJob[];
  /** What both have, and the target has applied after what it lacks. */
  since: AppliedJob[];
}

/** Null where the target does not list its jobs. */
export const compareJobs = async (
  ctx: UseCaseContext,
  client: TargetClient,
  { name }: TargetBinding,
): Promise<Result<JobsCompared | null, TargetFailure>> => {
  // Ours first: what ends meanwhile is then no difference.
  const [ours] = await read(ctx.db, lastCompletedQuery(ctx.workspaceId, name, comparedPushes));
  const listed = await list(client);
  if (!listed.ok) return listed;
  if (listed.value === null) return ok(null);
  const { jobs: theirs, isWhole } = listed.value;
  const ids = theirs.map(({ jobId }) => jobId);
  const [stored, [open]] = await Promise.all([
    ctx.databases.gather(storedJobIdsQuery(ids)),
    read(ctx.db, notCompletedQuery(ctx.workspaceId, ids)),
  ]);
  const { byTarget, byBot } = lostJobs({ ours, theirs, stored, isWhole });
  const firstLost = byTarget.at(-1);
  return ok({
    lostByTarget: byTarget.toReversed(),
    lostByBot: byBot.toReversed(),
    notRecorded: theirs.filter(({ jobId }) => open.includes(jobId)).toReversed(),
    since: firstLost ? theirs.filter(({ appliedAt }) => appliedAt > firstLost.completedAt) : [],
  });
};

const list = async (
  client: TargetClient,
): Promise<Result<{ jobs: AppliedJob[]; isWhole: boolean } | null, TargetFailure>> => {
  const jobs: AppliedJob[] = [];
  for (let page = 0; page < pages; page += 1) {
    const answer = await client.appliedJobs(jobs.at(-1)?.revision);
    if (!answer.ok) return answer;
    if (answer.value === null) return ok(null);
    jobs.push(...answer.value.jobs);
    if (answer.value.jobs.length < listedAtOnce) return ok({ jobs, isWhole: true });
  }
  return ok({ jobs, isWhole: false });
};
