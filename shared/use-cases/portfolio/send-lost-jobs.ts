/**
 * Sends a target again what its database lost when it was put back in time: the same jobs in the same order, so that
 * rows, receipts and vectors come back as they were.
 */
import type { LiveRow } from "../../domain/commits/conflict.ts";
import { type FieldValues, sameValue } from "../../domain/portfolio/entity.ts";
import type { CompletedJob } from "../../domain/operations/rewound.ts";
import { read } from "../../storage/database.ts";
import { commitQuery } from "../../storage/commits/commits.ts";
import { jobQuery, operationsOfJobQuery } from "../../storage/pushes/jobs.ts";
import { pushOfJobQuery } from "../../storage/pushes/pushes.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { TargetClient } from "../../targets/client.ts";
import type { Operations } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";
import { readRows } from "../pushes/read-rows.ts";
import type { JobsCompared } from "./list-applied-jobs.ts";

/** In one request; a person who waits asks again. */
const maxSent = 50;

export interface Sent {
  /** Commits that the target has again. */
  sent: number[];
  /** Commits whose rows are not as they were: nothing is written over what somebody has changed since. */
  left: number[];
  /** Jobs that are still to be sent. */
  more: number;
  /** Why it stopped; null when it did not. */
  problem: string | null;
}

export const sendLostJobs = async (
  ctx: UseCaseContext,
  client: TargetClient,
  target: TargetBinding,
  { lostByTarget, since }: JobsCompared,
): Promise<Sent> => {
  const result: Sent = { sent: [], left: [], more: 0, problem: null };
  const state: Replay = {
    ours: new Set(),
    blocked: new Set(since.flatMap(({ rows }) => (rows ?? []).map(keyOf))),
    isBlocked: since.some(({ rows }) => rows === null),
  };
  for (const [index, lost] of lostByTarget.entries()) {
    const outcome = index < maxSent ? await sendOne(ctx, client, target, lost, state) : "later";
    if (outcome === "sent") result.sent.push(lost.commitNumber);
    else if (outcome === "left") result.left.push(lost.commitNumber);
    else {
      result.more = lostByTarget.length - index;
      if (outcome !== "later") result.problem = outcome.problem;
      break;
    }
  }
  return { ...result, sent: [...new Set(result.sent)], left: [...new Set(result.left)] };
};

interface Replay {
  /** Rows that were written again, whose versions are of this moment. */
  ours: Set<string>;
  /** Rows that nothing more is written to. */
  blocked: Set<string>;
  /** Which rows a push has reached since is not recorded, so it may be any. */
  isBlocked: boolean;
}

const keyOf = ({ entityType, id }: { entityType: string; id: string }): string => `${entityType}/${id}`;

const rowsOf = ({ inserts, updates, deletes }: Operations): string[] => [...inserts, ...updates, ...deletes].map(keyOf);

const sendOne = async (
  ctx: UseCaseContext,
  client: TargetClient,
  target: TargetBinding,
  { id }: CompletedJob,
  state: Replay,
): Promise<"sent" | "left" | { problem: string }> => {
  const [job, [operations], push, commit] = await read(
    ctx.db,
    jobQuery(ctx.workspaceId, id),
    operationsOfJobQuery(id),
    pushOfJobQuery(ctx.workspaceId, id),
    commitQuery(ctx.workspaceId, { jobId: id }),
  );
  if (!job || !operations || !push || !commit) return "left";
  const rows = rowsOf(operations);
  const leave = (): "left" => {
    for (const row of rows) state.blocked.add(row);
    return "left";
  };
  if (state.isBlocked || rows.some((row) => state.blocked.has(row))) return leave();
  const prepared = await prepare(client, operations, state);
  if (prepared === "no answer") return { problem: "did not answer, or a row cannot be read" };
  if (prepared === "changed") return leave();
  const answer = await client.apply({
    type: "apply",
    jobId: id,
    attempt: job.attempt,
    target: target.name,
    portfolioId: target.portfolioId,
    callbackUrl: client.callbackUrl,
    actor: push.requestedBy,
    commit: { number: commit.number, hash: commit.hash, message: commit.message },
    operations: prepared,
  });
  if (!answer.ok)
    return answer.reason.code === "conflict" || answer.reason.code === "refused"
      ? leave()
      : { problem: answer.reason.message };
  for (const row of rows) state.ours.add(row);
  return "sent";
};

/** The versions of the job's own time, except of rows that were written again: those have the version of now. */
const prepare = async (
  client: TargetClient,
  operations: Operations,
  { ours }: Replay,
): Promise<Operations | "changed" | "no answer"> => {
  const keys = [...operations.inserts, ...operations.updates, ...operations.deletes];
  const rowAt = await readRows(
    client,
    keys.map(({ entityType, id: entityId }) => ({ entityType, entityId })),
  );
  const live = new Map(keys.map((key) => [keyOf(key), rowAt({ entityType: key.entityType, entityId: key.id })]));
  if ([...live.values()].some((row) => row === undefined)) return "no answer";
  const liveOf = (key: { entityType: string; id: string }): LiveRow | null => live.get(keyOf(key)) ?? null;
  const isChanged = (key: Operations["deletes"][number]): boolean => {
    const row = liveOf(key);
    if (row === null) return true;
    return !ours.has(keyOf(key)) && key.ifVersion !== null && key.ifVersion !== row.version;
  };
  const { inserts, updates, deletes } = operations;
  if (inserts.some((each) => liveOf(each) !== null)) return "changed";
  if (updates.some((each) => isChanged(each) && !hasValues(liveOf(each), each.changes))) return "changed";
  if (deletes.some(isChanged)) return "changed";
  const pinned = <T extends Operations["deletes"][number]>(each: T): T => ({
    ...each,
    ifVersion: liveOf(each)?.version ?? null,
  });
  return { inserts, updates: updates.map(pinned), deletes: deletes.map(pinned) };
};

const hasValues = (row: LiveRow | null, values: FieldValues): boolean =>
  row !== null && Object.entries(values).every(([field, value]) => sameValue(value, row.values[field]));
