/** The last look before a request leaves: it never writes over what a newer commit has made of a row meanwhile. */
import { supersededBy } from "../../domain/commits/history.ts";
import type { Job } from "../../domain/pushes/push.ts";
import type { Operation } from "../../domain/staging/net-effect.ts";
import { type Result, fail, ok } from "../../result.ts";
import { newerChangesQuery } from "../../storage/commits/history.ts";
import { read } from "../../storage/database.ts";
import { setOperations } from "../../storage/pushes/job-writes.ts";
import { write } from "../../storage/write.ts";
import type { TargetClient, TargetFailure } from "../../targets/client.ts";
import type { Operations } from "../../targets/protocol.ts";
import { atNow } from "../context.ts";
import type { OutcomeContext } from "./outcome-context.ts";

export type WhyNotSent =
  /** The target did not say which rows it has. */
  | { code: "no_answer"; failure: TargetFailure }
  /** A newer commit has changed the same, or is about to. */
  | { code: "superseded"; message: string }
  /** Another message sends the job. */
  | { code: "overtaken" };

type Unpinned = Pick<Operation, "entityType" | "entityId" | "action" | "values">;

/** What was staged and pushed while its target gave no answer has no version: the target would take it at any time. */
const unpinnedOf = ({ updates, deletes }: Operations): Unpinned[] => [
  ...updates
    .filter(({ ifVersion }) => ifVersion === null)
    .map(({ entityType, id, changes }) => ({ entityType, entityId: id, action: "UPDATE" as const, values: changes })),
  ...deletes
    .filter(({ ifVersion }) => ifVersion === null)
    .map(({ entityType, id }) => ({ entityType, entityId: id, action: "DELETE" as const, values: {} })),
];

/**
 * Gives every operation without a version the one that its row has now, and stores it, so that each try sends the same.
 * Newer commits are looked up after the rows were read: one that is sent later changes the version, and the target
 * refuses what is pinned to the old one.
 */
export const pinVersions = async (
  ctx: OutcomeContext,
  client: TargetClient,
  job: Job,
  operations: Operations,
): Promise<Result<Operations, WhyNotSent>> => {
  const unpinned = unpinnedOf(operations);
  if (unpinned.length === 0) return ok(operations);
  const versions = await versionsOf(client, unpinned);
  if (!versions.ok) return fail({ code: "no_answer", failure: versions.reason });

  const [newer] = await read(ctx.db, newerChangesQuery(job.workspaceId, { id: job.commitId }, "sent"));
  const { by, isOnItsWay } = supersededBy([{ target: job.target, operations: unpinned }], newer);
  const [first] = by;
  if (first) return fail({ code: "superseded", message: supersededWords(job, first, by.length, isOnItsWay) });

  const pinned = withVersions(operations, versions.value);
  const written = await write(ctx, setOperations(atNow({ ...ctx, ...job }), job, pinned));
  return written.written ? ok(pinned) : fail({ code: "overtaken" });
};

const supersededWords = (
  { target }: Job,
  { commitNumber, entityType, entityId, fields }: ReturnType<typeof supersededBy>["by"][number],
  count: number,
  isOnItsWay: boolean,
): string => {
  const more = count > 1 ? ` and ${count - 1} more` : "";
  const what = `${entityType} ${entityId}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}${more}`;
  return isOnItsWay
    ? `The newer commit #${commitNumber} is on its way to ${target} and changes the same: ${what}`
    : `The newer commit #${commitNumber} has changed the same at ${target} meanwhile: ${what}`;
};

type Versions = (row: { entityType: string; id: string }) => string | null;

/** A row that is not there has none, nor has one that cannot be read: the target judges those by itself. */
const versionsOf = async (
  client: TargetClient,
  rows: readonly Unpinned[],
): Promise<Result<Versions, TargetFailure>> => {
  const found = new Map<string, string>();
  for (const [entityType, group] of Map.groupBy(rows, (row) => row.entityType)) {
    const answer = await client.rows(
      entityType,
      group.map(({ entityId }) => entityId),
    );
    if (answer.ok) for (const { id, version } of answer.value.rows) found.set(`${entityType}/${id}`, version);
    else if (answer.reason.code === "unreachable" || answer.reason.code === "unavailable") return answer;
  }
  return ok(({ entityType, id }) => found.get(`${entityType}/${id}`) ?? null);
};

const withVersions = ({ inserts, updates, deletes }: Operations, versionOf: Versions): Operations => ({
  inserts,
  updates: updates.map((each) => ({ ...each, ifVersion: each.ifVersion ?? versionOf(each) })),
  deletes: deletes.map((each) => ({ ...each, ifVersion: each.ifVersion ?? versionOf(each) })),
});
