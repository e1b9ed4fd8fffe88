import { forgedWord } from "../actors/adversary.ts";
import { contradiction } from "../platform/services.ts";
import { modesOf, rankOf, ranks } from "./history.ts";
import type { Invariant } from "./invariant.ts";

/** The lowest role that may cause each event. */
const leastRole: Record<string, string> = {
  "change.staged": "editor",
  "change.edited": "editor",
  "change.discarded": "editor",
  "commit.created": "editor",
  "commit.review_requested": "editor",
  "commit.dropped": "editor",
  "commit.reopened": "editor",
  "commit.approved": "approver",
  "commit.rejected": "approver",
  "push.started": "approver",
  "push.retried": "approver",
  "push.cancelled": "approver",
  "target.reindexed": "approver",
  "target.accepted": "approver",
  "workspace.settings_set": "admin",
  "member.role_set": "admin",
  "webhook.created": "admin",
  "webhook.updated": "admin",
  "webhook.enabled": "admin",
  "webhook.disabled": "admin",
  "webhook.rotated": "admin",
  "webhook.deleted": "admin",
  "webhook.replayed": "admin",
  "webhook.tested": "admin",
};

export const noTrespass: Invariant = {
  number: 9,
  words: "nothing unauthorised, stale or replayed changes state",
  afterTransaction: ({ events }, { world }) =>
    events.flatMap(
      ({ id: eventId, type, workspace_id: id, actor_kind: kind, actor_id: actor, commit_id: commit, data }) => {
        const wrong: string[] = [];
        if (
          (kind === "slack" || kind === "token") &&
          rankOf(world, id, actor, eventId) < ranks.indexOf(leastRole[type] ?? "viewer")
        )
          wrong.push(`${actor} may not cause ${type}`);
        if (data.includes(forgedWord) || data.includes('"d1Count":666')) wrong.push(`a forged request caused ${type}`);
        // Recording the attempt changes no other row.
        if (type !== "webhook.ignored" && data.includes(contradiction))
          wrong.push(`what a target said too late caused ${type}`);
        if (
          type === "commit.approved" &&
          ownCommit(world, commit, actor) &&
          !modesOf(world, id, eventId).includes("solo")
        )
          wrong.push(`${actor} approved a commit of their own`);
        if (type === "push.started" && !isApproved(world, commit))
          wrong.push(`commit ${commit} is pushed without an approval of its content`);
        return wrong;
      },
    ),
  atRest: ({ world, people, adversary }) => {
    const forged = world.staging.rows(`SELECT 1 FROM staged_changes WHERE payload LIKE '%${forgedWord}%'`);
    const messages = world.staging.rows<{ workspace_id: string; message: string; total: number }>(
      "SELECT workspace_id, message, COUNT(*) AS total FROM commits WHERE message LIKE 'work %' GROUP BY 1, 2",
    );
    const asked = (workspaceId: string, word: string): number =>
      [...people.asked].reduce(
        (sum, [what, times]) => sum + (what.startsWith(workspaceId) && what.includes(word) ? times : 0),
        0,
      );
    return [
      ...adversary.accepted.map((what) => `a ${what} was taken for an honest one`),
      ...(forged.length > 0 ? ["a forged command staged a change"] : []),
      ...messages
        .filter(({ workspace_id: id, message, total }) => total > asked(id, `"${message}"`))
        .map(({ message, total }) => `"${message}" was committed ${total} times, more often than it was asked for`),
    ];
  },
};

type World = Parameters<NonNullable<Invariant["atRest"]>>[0]["world"];

const ownCommit = (world: World, commit: string | null, actor: string): boolean =>
  world.staging.rows("SELECT 1 FROM commits WHERE id = ?1 AND created_by = ?2", commit, actor).length > 0;

const isApproved = (world: World, commit: string | null): boolean =>
  world.staging.rows(
    `SELECT 1 FROM commits c JOIN approvals a ON a.workspace_id = c.workspace_id AND a.commit_id = c.id
       AND a.commit_hash = c.hash AND a.decision = 'approved'
     WHERE c.id = ?1 AND c.review = 'approved'`,
    commit,
  ).length > 0;
