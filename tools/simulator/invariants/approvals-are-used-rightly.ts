import { contentText } from "../world/effects.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

interface Given {
  id: string;
  decided_by: string;
  role: string | null;
  mode: string;
}

interface Used {
  number: number;
  needed: number;
}

/** Read in the transaction that lets the push out: what is so after it was so in it. */
const countedFor = ({ staging, contributions }: World, commit: string): number => {
  const content = contentText(contributions.contentOf(commit));
  const contributors = contributions.of(commit);
  return staging
    .rows<Given>(
      `SELECT a.id, a.decided_by, m.role, w.mode FROM approvals a JOIN workspaces w ON w.workspace_id = a.workspace_id
       LEFT JOIN members m ON m.workspace_id = a.workspace_id AND m.user_id = a.decided_by
       WHERE a.commit_id = ?1 AND a.decision = 'approved'`,
      commit,
    )
    .filter(
      ({ id, decided_by: userId, role, mode }) =>
        (role === "approver" || role === "admin") &&
        contributions.isOfContent(id, content) &&
        (mode === "solo" || !contributors.has(userId)),
    ).length;
};

const usedBy = ({ staging }: World, commit: string): Used[] =>
  staging.rows<Used>(
    `SELECT c.number, w.approvals_needed AS needed FROM commits c
     JOIN workspaces w ON w.workspace_id = c.workspace_id WHERE c.id = ?1`,
    commit,
  );

/** Who has contributed, and what was approved, is the world's own record of requests and contents. */
export const approvalsAreUsedRightly: Invariant = {
  number: 17,
  words: "an approval that is used was given by somebody who may, on this content, who contributed none of it",
  afterTransaction: ({ events }, { world }) => [
    ...world.contributions.complaints.splice(0),
    ...events
      .filter(({ type }) => type === "push.started" || type === "push.retried")
      .flatMap(({ type, commit_id: commit }) => {
        if (commit === null) return [`${type} names no commit`];
        const counted = countedFor(world, commit);
        return usedBy(world, commit)
          .filter(({ needed }) => counted < needed)
          .map(({ number, needed }) => `${type} of commit ${number} on ${counted} of ${needed} approvals`);
      }),
  ],
};
