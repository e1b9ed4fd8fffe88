/** Somebody else changes a row at both targets, as a service with an editor of its own would: no commit knows of it. */
import { type LocalTarget, type SeedEnv, clientOf, localTargets } from "./local-targets.ts";
import { portfolioId } from "./portfolio.ts";
import { seedOutcome } from "./sink.ts";

const row = { entityType: "technology", id: "python-1" } as const;
const field = "experience_years";
const outcomeTimeoutMs = 20_000;

/** Python gets other years each time. Answers what they are now. */
export const changeRow = async (env: SeedEnv): Promise<{ years: number }> => {
  const answer = await clientOf(env, "d1cv").rows(row.entityType, [row.id]);
  const before = answer.ok ? answer.value.rows[0]?.values[field] : null;
  const years = typeof before === "number" && before < 50 ? before + 1 : 20;
  await Promise.all(localTargets.map((target) => change(env, target, years)));
  return { years };
};

const change = async (env: SeedEnv, target: LocalTarget, years: number): Promise<void> => {
  const client = clientOf(env, target);
  const jobId = `edit-${crypto.randomUUID()}`;
  const outcome = seedOutcome(jobId, outcomeTimeoutMs);
  const accepted = await client.apply({
    type: "apply",
    jobId,
    attempt: 1,
    target,
    portfolioId,
    callbackUrl: client.callbackUrl,
    actor: "somebody else",
    commit: { number: 0, hash: "edit", message: "An edit behind the commit's back" },
    operations: {
      inserts: [],
      updates: [{ entityType: row.entityType, id: row.id, changes: { [field]: years }, ifVersion: null }],
      deletes: [],
    },
  });
  if (!accepted.ok) throw new Error(`${target} did not take the edit: it ${accepted.reason.message}`);
  const webhook = await outcome;
  if (webhook?.type !== "job.completed") throw new Error(`${target} did not finish the edit`);
};
