/** Who had which role, and how a workspace worked, when a request may have begun. */
import type { World } from "../world/world.ts";
import { workspaces } from "../world/workspaces.ts";

export const ranks = ["viewer", "editor", "approver", "admin"];

/** A request that has begun ends by the roles and settings that it began with. */
const requestMs = 60_000;

/** The highest role that the person had when the request may have begun, or since. */
export const rankOf = (world: World, workspaceId: string, userId: string, eventId: number): number => {
  const people = workspaces.find(({ id }) => id === workspaceId)?.people ?? [];
  const first = people.find((person) => person.userId === userId)?.role ?? "viewer";
  const given = world.staging.rows<{ role: string; created_at: string }>(
    `SELECT data ->> '$.role' AS role, created_at FROM job_events
     WHERE workspace_id = ?1 AND type = 'member.role_set' AND data ->> '$.userId' = ?2 AND id < ?3 ORDER BY id`,
    workspaceId,
    userId,
    eventId,
  );
  const since = sinceOf(world);
  const before = given.findLastIndex(({ created_at: at }) => at < since);
  const roles = [
    before === -1 ? first : (given[before]?.role ?? first),
    ...given.slice(before + 1).map(({ role }) => role),
  ];
  return Math.max(...roles.map((role) => ranks.indexOf(role)));
};

const sinceOf = (world: World): string => new Date(world.runtime.nowMs - requestMs).toISOString();

/** The modes of the workspace when the request may have begun, or since. */
export const modesOf = (world: World, workspaceId: string, eventId: number): string[] => {
  const set = world.staging.rows<{ mode: string | null; created_at: string }>(
    `SELECT data ->> '$.after.mode' AS mode, created_at FROM job_events
     WHERE workspace_id = ?1 AND type = 'workspace.settings_set' AND id < ?2 ORDER BY id`,
    workspaceId,
    eventId,
  );
  const changed = set.filter(({ mode }) => mode !== null);
  const before = changed.findLastIndex(({ created_at: at }) => at < sinceOf(world));
  return ["team", ...changed.map(({ mode }) => mode ?? "team")].slice(before + 1);
};
