import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

interface Used {
  number: number;
  /** Approvals that count, by a reading of the tables that is not the product's. */
  counted: number;
  needed: number;
}

/** Read in the transaction that lets the push out: what is so after it was so in it. */
const usedFor = (world: World, commit: string | null): Used[] =>
  world.staging.rows<Used>(
    `SELECT c.number, w.approvals_needed AS needed, (SELECT COUNT(*) FROM approvals a
         JOIN members m ON m.workspace_id = a.workspace_id AND m.user_id = a.decided_by
         WHERE a.workspace_id = c.workspace_id AND a.commit_id = c.id AND a.commit_hash = c.hash
           AND a.decision = 'approved' AND m.role IN ('approver', 'admin')
           AND (w.mode = 'solo' OR a.decided_by <> c.created_by AND NOT EXISTS (SELECT 1 FROM job_events e
             JOIN staged_changes s ON s.workspace_id = e.workspace_id AND s.id = e.data ->> '$.changeId'
             WHERE e.workspace_id = c.workspace_id AND e.type IN ('change.staged', 'change.edited')
               AND s.commit_id = c.id AND e.actor_id = a.decided_by))) AS counted
     FROM commits c JOIN workspaces w ON w.workspace_id = c.workspace_id WHERE c.id = ?1`,
    commit,
  );

export const approvalsAreUsedRightly: Invariant = {
  number: 17,
  words: "an approval that is used was given by somebody who may, on this content, who contributed none of it",
  afterTransaction: ({ events }, { world }) =>
    events
      .filter(({ type }) => type === "push.started" || type === "push.retried")
      .flatMap(({ type, commit_id: commit }) =>
        usedFor(world, commit)
          .filter(({ counted, needed }) => counted < needed)
          .map(({ number, counted, needed }) => `${type} of commit ${number} on ${counted} of ${needed} approvals`),
      ),
};
