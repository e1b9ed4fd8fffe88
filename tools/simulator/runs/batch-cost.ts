/** What the largest batches of the queues reach: many pushes at the same moment, with a webhook for all events. */
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { createScene, runUntil } from "../world/scene.ts";
import { workspaces } from "../world/workspaces.ts";
import { prepare } from "./load.ts";

export interface BatchCost {
  /** The maximum of messages in one batch. */
  largest: { push: number; index: number; deliveries: number };
  peaks: { invocationsInTree: number; connections: number };
}

/** @param seed draws how many messages come in a batch */
export const costOfBatches = async (
  product: Product,
  databases: Databases,
  seed: string,
  pushes: number,
): Promise<BatchCost> => {
  const [workspace] = workspaces;
  if (!workspace) throw new Error("No workspace");
  const webhook = { workspace, id: "01simbatchcost000000000000", events: ["*"], profile: "fast" } as const;
  const scene = createScene(product, databases, { seed: `batches ${seed}`, faults: {}, webhooks: [webhook] });
  const { world } = scene;
  const { push, index, deliveries } = world.queues;
  for (const queue of [push, index, deliveries]) queue.gathers = true;
  await prepare(scene, pushes);
  await runUntil(scene, world.runtime.nowMs + 5 * 60_000);
  const applied = world.staging.rows("SELECT 1 FROM commits WHERE status = 'applied_all'").length;
  if (applied !== pushes) throw new Error(`${applied} of ${pushes} pushes were applied`);
  return {
    largest: { push: push.largestBatch, index: index.largestBatch, deliveries: deliveries.largestBatch },
    peaks: world.runtime.peaks,
  };
};
