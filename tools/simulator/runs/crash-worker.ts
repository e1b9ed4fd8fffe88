/** A worker thread that runs the push story repeatedly, with a crash at the requested operation. */
import { parentPort, workerData } from "node:worker_threads";
import type { CrashPlan } from "../platform/runtime.ts";
import { openDatabases } from "../platform/databases.ts";
import "../platform/surroundings.ts";
import { loadProduct } from "../product/load.ts";
import { isUndone, printPushStory } from "./push-story.ts";
import { comeToRest } from "./run-seed.ts";

export type Side = "before" | "after";

export interface Crash {
  first: { operation: number; side: Side };
  /** Crashes at the n-th operation of this name after the first crash. */
  second: { name: string; occurrence: number; side: Side } | null;
}

export interface CrashReport {
  crash: Crash;
  struck: number;
  violations: string[];
}

const { bundle, crashes } = workerData as { bundle: string; crashes: readonly Crash[] };
const product = await loadProduct(bundle);
const databases = openDatabases(null);

const planOf = ({ first, second }: Crash): { plan: CrashPlan; struck: () => number } => {
  let struck = 0;
  let left = second?.occurrence ?? 0;
  const plan: CrashPlan = (operation, name) => {
    if (operation === first.operation) {
      struck += 1;
      return first.side;
    }
    if (struck !== 1 || name !== second?.name) return null;
    left -= 1;
    if (left !== 0) return null;
    struck += 1;
    return second.side;
  };
  return { plan, struck: () => struck };
};

for (const crash of crashes) {
  const { plan, struck } = planOf(crash);
  const scene = await printPushStory(product, databases, { crashAt: plan });
  await comeToRest(scene);
  const violations = scene.observer.violations.map(({ number, what }) => `(${number}) ${what}`);
  const undone = violations.length === 0 ? isUndone(scene) : [];
  parentPort?.postMessage({ crash, struck: struck(), violations: [...violations, ...undone] } satisfies CrashReport);
}
