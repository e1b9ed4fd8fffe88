/** Asks Slack's directory daily whether those who have access are still there: the event of it may have been lost. */
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import type { Effects } from "../../../shared/effects.ts";
import { newTraceId } from "../../../shared/ids.ts";
import { log } from "../../../shared/log.ts";
import { type Database, read } from "../../../shared/storage/database.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import {
  type Access,
  confirmPerson,
  notePersonAsked,
  unconfirmedQuery,
} from "../../../shared/storage/workspace/people.ts";
import { removePerson } from "../../../shared/use-cases/workspace/remove-person.ts";
import type { Deps } from "../../env.ts";
import { type DirectoryDeps, clientOf, nameOf, userAnswer } from "./directory.ts";
import { failureOf } from "./slack-error.ts";

/** `db` is where the workspaces are. */
type PresenceDeps = DirectoryDeps & Pick<Deps, "useCaseContext"> & { db: Database; effects: Effects };

const hourMs = 60 * 60_000;
/** With time for another try within the day. */
const freshMs = 22 * hourMs;
const againMs = hourMs;

/** Slack does not answer at all: the others would meet the same. */
const stops = new Set(["rate_limited", "unauthorized"]);

/** @param max how many are asked about, one after the other. A read that fails changes nothing. */
export const checkPresence = async (
  deps: PresenceDeps,
  workspaceIds: readonly string[],
  max: number,
): Promise<{ left: number; unanswered: number }> => {
  const ago = (ms: number): string => new Date(deps.nowMs() - ms).toISOString();
  const [due] = await read(
    deps.db,
    unconfirmedQuery(workspaceIds, { now: ago(0), presentBefore: ago(freshMs), askedBefore: ago(againMs) }, max),
  );
  const counts = { left: 0, unanswered: 0 };
  const failing = new Set<string>();
  for (const person of due) {
    if (failing.has(person.workspaceId)) continue;
    try {
      if (!(await isThere(deps, person))) counts.left += 1;
    } catch (error) {
      counts.unanswered += 1;
      if (stops.has(failureOf(error).kind)) failing.add(person.workspaceId);
      log("directory.failed", { workspaceId: person.workspaceId, error: String(error) });
    }
  }
  return counts;
};

const isThere = async (deps: PresenceDeps, { workspaceId, userId }: Access): Promise<boolean> => {
  const client = await clientOf(deps, workspaceId);
  if (!client) throw new Error("The app is not installed in the workspace");
  const at = { workspaceId, now: new Date(deps.nowMs()).toISOString() };
  await writeQuietly(deps.db, [notePersonAsked(at, userId)]);
  const { user } = userAnswer.parse(await client.users.info({ user: userId }));
  if (!user.deleted) {
    await writeQuietly(deps.db, [confirmPerson(at, { userId, name: nameOf(user) })]);
    return true;
  }
  const actor = systemActor("slack");
  const { effects } = deps;
  const ctx = deps.useCaseContext({ workspaceId, actor, idempotencyKey: null, traceId: newTraceId(), effects });
  const removed = await removePerson(ctx, userId);
  if (!removed.ok) throw new Error(`Not removed: ${removed.reason.code}`);
  log("directory.person_left", { traceId: ctx.traceId, workspaceId });
  return false;
};
