import { read } from "../../../shared/storage/database.ts";
import { targetsQuery } from "../../../shared/storage/pushes/targets.ts";
import { type World, jobFor, valueOf } from "./world.ts";

/** The target gets the request of its newest job, as the consumer would send it; the 202 is not recorded. */
export const deliver = async (world: World, target: "d1cv" | "ai-agent"): Promise<void> => {
  const job = await jobFor(world, target);
  const [bindings] = await read(world.db, targetsQuery(world.workspaceId));
  const binding = bindings.find(({ name }) => name === target);
  if (!binding) throw new Error(`no target ${target}`);
  await world.run("UPDATE jobs SET tries = tries + 1 WHERE id = ?1", job.id);
  const client = world.system.targets(binding, "a".repeat(32));
  const accepted = await client.apply({
    type: "apply",
    jobId: job.id,
    attempt: job.attempt,
    target,
    portfolioId: world.portfolioId,
    callbackUrl: client.callbackUrl,
    actor: "U0PRIYA01",
    commit: { number: 1, hash: "h", message: "Skill updates" },
    operations: job.operations,
  });
  valueOf(accepted);
};
