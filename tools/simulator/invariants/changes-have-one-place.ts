import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

/** An applied change is never unstaged or reopened. */
const closedAndApplied = ({ staging }: World): string[] =>
  staging
    .rows<{ number: number; review: string; state: string }>(
      `SELECT c.number, c.review, t.state FROM commits c
       JOIN commit_targets t ON t.workspace_id = c.workspace_id AND t.commit_id = c.id
       WHERE c.review IN ('dropped', 'reopened') AND t.state IN ('in_flight', 'applied')`,
    )
    .map(({ number, review, state }) => `commit ${number} is ${review}, and ${state} at a target`);

export const changesHaveOnePlace: Invariant = {
  number: 1,
  words: "each accepted change is in exactly one of staged, committed, discarded",
  afterTransaction: ({ changes }, { world }) =>
    changes.some(({ machine }) => machine === "change" || machine === "review")
      ? world.staging
          .rows<{ number: number; state: string; review: string | null }>(
            `SELECT s.number, s.state, c.review FROM staged_changes s
             LEFT JOIN commits c ON c.workspace_id = s.workspace_id AND c.id = s.commit_id
             WHERE s.state NOT IN ('staged', 'committed', 'discarded')
               OR s.state = 'staged' AND s.commit_id IS NOT NULL
               OR s.state = 'committed' AND (c.id IS NULL OR c.review IN ('dropped', 'reopened'))`,
          )
          .map(({ number, state, review }) => `change ${number} is ${state}, and its commit is ${review ?? "nowhere"}`)
          .concat(closedAndApplied(world))
      : [],
  atRest: ({ world, people }) => {
    const staged = world.staging.rows<{ workspace_id: string; number: number; name: string | null; total: number }>(
      `SELECT workspace_id, payload ->> '$.name' AS name, COUNT(*) AS total FROM staged_changes
       WHERE action = 'CREATE' GROUP BY 1, 2`,
    );
    const events = world.staging.rows<{ changes: number; events: number }>(
      `SELECT (SELECT COUNT(*) FROM staged_changes) AS changes,
         (SELECT COUNT(*) FROM job_events WHERE type = 'change.staged') AS events`,
    );
    const reported = world.slack.privateMessages.flatMap(({ workspaceId, text }) => {
      const number = /^Staged as change (\d+):/.exec(text)?.[1];
      return number ? [{ workspaceId, number: Number(number) }] : [];
    });
    const lost = reported.filter(
      ({ workspaceId, number }) =>
        world.staging.rows("SELECT 1 FROM staged_changes WHERE workspace_id = ?1 AND number = ?2", workspaceId, number)
          .length !== 1,
    );
    return [
      ...lost.map(({ number }) => `a reply says that change ${number} is staged, but it does not exist`),
      ...staged.flatMap(({ workspace_id: id, name, total }) => {
        const asked = [...people.asked].reduce(
          (sum, [what, count]) => sum + (what.startsWith(id) && what.includes(`name="${name}"`) ? count : 0),
          0,
        );
        const isTyped = name?.startsWith("Tool ") === true;
        return isTyped && total > asked ? [`"${name}" was asked for ${asked} times and is staged ${total} times`] : [];
      }),
      ...events.flatMap((count) =>
        count.changes === count.events ? [] : [`${count.changes} changes have ${count.events} events of staging`],
      ),
    ];
  },
};
