import type { Invariant } from "./invariant.ts";

const finalStates: Record<string, readonly string[]> = {
  job: ["completed", "cancelled"],
  push: ["completed", "cancelled"],
};

export const oneOutcome: Invariant = {
  number: 3,
  words: "one final outcome per job and push",
  afterTransaction: ({ changes }) =>
    changes
      .filter(({ machine, from_state: from }) => from !== null && finalStates[machine]?.includes(from))
      .map(
        ({ machine, id, from_state: from, to_state: to }) => `${machine} ${id} was ${from} for good, and is ${to} now`,
      ),
  atRest: ({ world }) => {
    const twice = world.staging.rows<{ job_id: string; times: number }>(
      "SELECT job_id, COUNT(*) AS times FROM job_events WHERE type = 'job.completed' GROUP BY 1 HAVING COUNT(*) > 1",
    );
    const attempts = world.staging.rows<{ job_id: string; attempt: number; type: string; times: number }>(
      `SELECT job_id, attempt, type, COUNT(*) AS times FROM job_events
       WHERE type IN ('job.failed', 'job.timeout', 'job.cancelled') GROUP BY 1, 2, 3 HAVING COUNT(*) > 1`,
    );
    const outcomes = world.staging.rows<{ subject_id: string; attempt: number; times: number }>(
      // A card that Slack posted twice, because the first answer was lost, keeps its creation time.
      `SELECT subject_id, attempt, COUNT(DISTINCT created_at) AS times FROM cards WHERE kind = 'push_outcome'
       GROUP BY 1, 2 HAVING COUNT(DISTINCT created_at) > 1`,
    );
    const pushes = world.staging.rows<{ number: number; state: string; jobs: string }>(
      `SELECT p.number, p.state, group_concat(j.state) AS jobs FROM pushes p
       JOIN jobs j ON j.workspace_id = p.workspace_id AND j.push_id = p.id GROUP BY p.workspace_id, p.id
       HAVING p.state = 'completed' AND SUM(j.state NOT IN ('completed', 'cancelled')) > 0
         OR p.state = 'running' AND SUM(j.state IN ('pending', 'processing', 'timeout')) = 0`,
    );
    // A target may report a wrong failure. CV Ops reports a failure only when the job can no longer be applied.
    const rash = world.staging.rows<{ job_id: string }>(
      `SELECT DISTINCT f.job_id FROM job_events f
       JOIN job_events c ON c.job_id = f.job_id AND c.type = 'job.completed' AND c.id > f.id
       WHERE f.type = 'job.failed' AND f.actor_kind <> 'target' AND NOT EXISTS (SELECT 1 FROM job_events r
         WHERE r.type = 'push.retried' AND r.job_id = f.job_id AND r.id > f.id AND r.id < c.id)`,
    );
    const commits = world.staging.rows<{ commit_id: string; target: string; state: string }>(
      `SELECT t.commit_id, t.target, t.state FROM commit_targets t
       WHERE (t.state = 'applied') <> EXISTS (SELECT 1 FROM jobs j WHERE j.workspace_id = t.workspace_id
         AND j.commit_id = t.commit_id AND j.target = t.target AND j.state = 'completed')`,
    );
    return [
      ...twice.map(({ job_id: id, times }) => `job ${id} was completed ${times} times`),
      ...attempts.map(
        ({ job_id: id, attempt, type, times }) => `attempt ${attempt} of job ${id} has ${times} events ${type}`,
      ),
      ...outcomes.map(({ subject_id: id, times }) => `job ${id} has ${times} outcome cards for one attempt`),
      ...rash.map(({ job_id: id }) => `job ${id} was called failed, and its target has applied it after all`),
      ...pushes.map(({ number, state, jobs }) => `push ${number} is ${state} while its jobs are ${jobs}`),
      ...commits.map(({ commit_id: id, target, state }) => `commit ${id} is ${state} at ${target}, against its jobs`),
    ];
  },
};
