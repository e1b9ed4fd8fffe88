/** `npm run simulate -- --crash-points`: a crash around every operation of the push path, and pairs on its core. */
import { Worker } from "node:worker_threads";
import type { Crash, CrashReport, Side } from "./crash-worker.ts";
import { openDatabases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { printPushStory } from "./push-story.ts";

const sides: readonly Side[] = ["before", "after"];

/** Operations that advance a push: staging writes, queue sends, requests to the target, its webhook, the alarm. */
const isCore = (name: string): boolean =>
  /^d1 staging (insert|update|delete)|^queue cv-push|POST \/api\/admin\/apply|^webhook$|JobOrchestrator\.watch/.test(
    name,
  );

/** The operations from the push on that belong only to the push. */
const coreOf = (operations: readonly string[]): number[] => {
  const start = operations.findIndex((name) => /insert pushes/.test(name));
  return operations.flatMap((name, index) => (index >= start && isCore(name) ? [index] : []));
};

const singles = (operations: readonly string[]): Crash[] =>
  operations.flatMap((_name, operation) => sides.map((side) => ({ first: { operation, side }, second: null })));

const pairs = (operations: readonly string[]): Crash[] => {
  const core = coreOf(operations);
  return core.flatMap((first, index) =>
    core.slice(index + 1).flatMap((second) => {
      const name = operations[second] ?? "";
      const occurrence = operations.slice(first + 1, second + 1).filter((other) => other === name).length;
      return sides.flatMap((side) =>
        sides.map((secondSide) => ({
          first: { operation: first, side },
          second: { name, occurrence, side: secondSide },
        })),
      );
    }),
  );
};

const runAll = async (bundle: string, crashes: readonly Crash[], threads: number): Promise<CrashReport[]> => {
  const reports: CrashReport[] = [];
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const share = crashes.filter((_crash, index) => index % threads === thread);
      const worker = new Worker(new URL("./crash-worker.ts", import.meta.url), {
        workerData: { bundle, crashes: share },
      });
      worker.on("message", (report: CrashReport) => reports.push(report));
      return new Promise<void>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("exit", () => resolve());
      });
    }),
  );
  return reports;
};

export interface CrashFigures {
  operations: number;
  points: number;
  pointsStruck: number;
  core: number;
  pairs: number;
  /** In the other pairs, the first crash changed the path and the second operation did not occur. */
  pairsStruck: number;
  failed: CrashReport[];
}

/** @param onePairIn runs one pair in so many; every single point is run */
export const runCrashPoints = async (
  product: Product,
  bundle: string,
  threads: number,
  onePairIn: number,
): Promise<CrashFigures> => {
  const { world } = await printPushStory(product, openDatabases(null), { crashAt: () => null });
  const { operations } = world.runtime;
  const points = await runAll(bundle, singles(operations), threads);
  const chosen = pairs(operations).filter((_pair, index) => index % onePairIn === 0);
  const both = await runAll(bundle, chosen, threads);
  return {
    operations: operations.length,
    points: points.length,
    pointsStruck: points.filter(({ struck }) => struck === 1).length,
    core: coreOf(operations).length,
    pairs: both.length,
    pairsStruck: both.filter(({ struck }) => struck === 2).length,
    failed: [...points, ...both].filter(({ violations }) => violations.length > 0),
  };
};

export const crashText = (figures: CrashFigures): string =>
  [
    `${figures.operations} operations on the push path, ${figures.points} crash points (before and after each): ${figures.pointsStruck} struck, ${((figures.pointsStruck / figures.points) * 100).toFixed(1)} %`,
    `${figures.core} of them move the push itself: ${figures.pairs} pairs of crash points run, both struck in ${figures.pairsStruck}`,
    `${figures.failed.length} runs with a violation`,
    ...figures.failed
      .slice(0, 10)
      .map(({ crash, violations }) => `  ${JSON.stringify(crash)}: ${violations.join("; ")}`),
  ].join("\n");
