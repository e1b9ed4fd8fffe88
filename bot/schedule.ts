/** What cron does each minute: whatever a lost message, alarm or reply has left behind. */
import { log } from "../shared/log.ts";
import { workspacesWithStaleCardsQuery } from "../shared/storage/cards.ts";
import { read, write } from "../shared/storage/database.ts";
import { pruneInbox } from "../shared/storage/inbox.ts";
import { overdueJobsQuery } from "../shared/storage/jobs.ts";
import { relayOutbox } from "../shared/verbs/relay-outbox.ts";
import { settleJobs } from "../shared/verbs/settle-job.ts";
import type { Deps } from "./env.ts";

const inboxDays = 3;
const jobsPerRun = 50;

type SweepDeps = Pick<Deps, "db" | "announce" | "targets" | "timeouts" | "nowMs" | "newId">;

/** Bounded work; what is left over is the next minute's. */
export const sweep = async (deps: SweepDeps, queue: Parameters<typeof relayOutbox>[1]): Promise<void> => {
  const { db, nowMs } = deps;
  const now = new Date(nowMs()).toISOString();
  const [overdue, stale] = await read(
    db,
    overdueJobsQuery(db, now, jobsPerRun, null),
    workspacesWithStaleCardsQuery(db, 100),
  );
  await settleJobs(deps, overdue);
  const sent = await relayOutbox(db, queue);
  const workspaces = new Set([...stale, ...overdue.map(({ workspaceId }) => workspaceId)]);
  for (const workspaceId of workspaces) await deps.announce(workspaceId, { watchAt: now });
  await write(db, [pruneInbox(db, new Date(nowMs() - inboxDays * 86_400_000).toISOString())]);
  log("sweep.done", { overdue: overdue.length, sent, staleWorkspaces: stale.length });
};
