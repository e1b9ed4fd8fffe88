import type { SimulatedD1 } from "../platform/d1.ts";
import type { Invariant, Observed } from "./invariant.ts";

interface LedgerEntry {
  portfolio_id: string;
  job_id: string;
  attempt: number;
  revision: number;
}

/** Compares the target's own ledger of accepted jobs and of writes. */
const doneTwice = (target: SimulatedD1): string[] => [
  ...target
    .rows<{ job_id: string; times: number }>(
      "SELECT job_id, COUNT(*) AS times FROM sim_ledger GROUP BY portfolio_id, job_id HAVING COUNT(*) > 1",
    )
    .map(({ job_id: id, times }) => `${target.name} applied job ${id} ${times} times`),
  ...target
    .rows<{ entity: string; id: string; version: number; times: number }>(
      "SELECT entity, id, version, COUNT(*) AS times FROM sim_rows GROUP BY portfolio_id, entity, id, version HAVING COUNT(*) > 1",
    )
    .map(
      ({ entity, id, version, times }) => `${target.name} wrote version ${version} of ${entity} ${id} ${times} times`,
    ),
];

/** A commit is applied completely: every row carries the revision of the job. */
const appliedInPart = ({ world }: Observed, target: SimulatedD1): string[] =>
  target.rows<LedgerEntry>("SELECT * FROM sim_ledger").flatMap(({ job_id: id, portfolio_id: portfolio, revision }) => {
    const [job] = world.staging.rows<{ operations: string }>("SELECT operations FROM jobs WHERE id = ?1", id);
    if (!job) return [];
    const { inserts, updates } = JSON.parse(job.operations) as Record<"inserts" | "updates", { id: string }[]>;
    const written = target.rows<{ id: string }>(
      "SELECT id FROM sim_rows WHERE portfolio_id = ?1 AND version = ?2",
      portfolio,
      revision,
    );
    return [...inserts, ...updates]
      .filter((row) => !written.some((each) => each.id === row.id))
      .map((row) => `${target.name} took job ${id} and did not write ${row.id}`);
  });

const jobsOf = ({ world }: Observed, target: SimulatedD1) =>
  world.staging.rows<{ id: string; commit_id: string; state: string; is_again: number }>(
    `SELECT id, commit_id, state, EXISTS (SELECT 1 FROM job_events e
       WHERE e.push_id = jobs.push_id AND e.type = 'push.started' AND e.data ->> '$.again') AS is_again
     FROM jobs WHERE target = ?1`,
    target.name,
  );

export const noEffectTwice: Invariant = {
  number: 2,
  words: "no target effect twice, by the target's own ledger, and none without a job of CV Ops",
  atRest: (observed) =>
    [observed.world.d1cv, observed.world.aiAgent].flatMap((target) => {
      const applied = new Set(target.rows<LedgerEntry>("SELECT * FROM sim_ledger").map(({ job_id: id }) => id));
      const jobs = jobsOf(observed, target);
      const byCommit = Map.groupBy(
        // A push again is a second effect that somebody has asked for.
        jobs.filter(({ id, is_again: isAgain }) => applied.has(id) && isAgain === 0),
        ({ commit_id: commit }) => commit,
      );
      return [
        ...doneTwice(target),
        ...appliedInPart(observed, target),
        ...[...byCommit].flatMap(([commit, taken]) =>
          taken.length > 1 ? [`commit ${commit} was applied to ${target.name} by ${taken.length} jobs`] : [],
        ),
        ...jobs
          .filter(({ id, state }) => (state === "completed") !== applied.has(id))
          .map(
            ({ id, state }) =>
              `job ${id} is ${state}, but ${target.name} ${applied.has(id) ? "has applied it" : "has never applied it"}`,
          ),
      ];
    }),
};
