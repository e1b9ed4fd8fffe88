/** Minimises a failure: leaves out faults and steps while the same invariant is violated (Zeller's ddmin). */
import { type FaultPlan, drawFaults } from "../faults.ts";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { Random } from "../../../test/support/random.ts";
import { type SeedOutcome, runSeed } from "./run-seed.ts";

export interface Shrunk {
  outcome: SeedOutcome;
  faults: readonly string[];
  stepsLeft: number;
  tries: number;
}

const maxTries = 150;

export const shrink = async (
  product: Product,
  previous: Product | null,
  databases: Databases,
  seed: string,
): Promise<Shrunk> => {
  let plan: FaultPlan = drawFaults(new Random(`${seed}/faults`));
  const withoutFaults = new Set<string>();
  const withoutSteps = new Set<number>();
  let tries = 0;
  const run = (keepTrace = false): Promise<SeedOutcome> =>
    runSeed(product, databases, { seed, previous, faults: plan, withoutFaults, withoutSteps, keepTrace });
  const first = await run();
  const expected = first.violations[0]?.number;
  const stillFails = async (): Promise<boolean> => {
    tries += 1;
    return (await run()).violations.some(({ number }) => number === expected);
  };

  for (const kind of Object.keys(plan) as (keyof FaultPlan)[]) {
    const { [kind]: _left, ...smaller } = plan;
    const whole = plan;
    plan = smaller;
    if (!(await stillFails())) plan = whole;
  }
  await leaveOut(
    withoutSteps,
    // The story counts as step 0.
    Array.from({ length: first.steps + 1 }, (_, index) => index),
    stillFails,
    () => tries < maxTries,
  );
  await leaveOut(withoutFaults, [...(await run()).struck], stillFails, () => tries < maxTries);
  const outcome = await run(true);
  return { outcome, faults: outcome.struck, stepsLeft: first.steps - withoutSteps.size, tries };
};

/** Adds unnecessary items to `without`, in halves, quarters and so on down to single items. */
const leaveOut = async <T>(
  without: Set<T>,
  items: readonly T[],
  stillFails: () => Promise<boolean>,
  mayTry: () => boolean,
): Promise<void> => {
  for (let size = Math.ceil(items.length / 2); size >= 1 && mayTry(); size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < items.length && mayTry(); start += size) {
      const chunk = items.slice(start, start + size).filter((item) => !without.has(item));
      if (chunk.length === 0) continue;
      for (const item of chunk) without.add(item);
      if (!(await stillFails())) for (const item of chunk) without.delete(item);
    }
  }
};
