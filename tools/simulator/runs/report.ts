/** Formats the results of a campaign. */
import type { CampaignResult } from "./campaign.ts";
import type { SeedReport } from "./campaign-worker.ts";
import type { Shrunk } from "./shrink.ts";

const traceLines = 120;

export const summaryText = (
  { done, pushes, steps, faults, virtualMs, struck, failed }: CampaignResult,
  tookMs: number,
): string =>
  [
    `${done} seeds: ${failed.length} with a violation`,
    `  ${steps} steps of people, ${pushes} pushes, ${faults} faults of ${struck.size} kinds, ${(virtualMs / 3_600_000).toFixed(1)} h of virtual time`,
    `  ${(tookMs / 1000).toFixed(1)} s, ${((done * 1000) / tookMs).toFixed(1)} seeds a second`,
  ].join("\n");

/** A minimised failure with the command that reproduces it. */
export const failureText = ({ outcome, faults, stepsLeft, tries }: Shrunk, failed: readonly SeedReport[]): string => {
  const { seed, violations, trace } = outcome;
  const others = failed.filter((report) => report.seed !== seed).map((report) => report.seed);
  const shown = trace.slice(-traceLines);
  return [
    "",
    `Seed ${seed} violates:`,
    ...violations.map(({ number, words, what }) => `  (${number}) ${words}: ${what}`),
    `With ${stepsLeft} steps and ${faults.length} faults left after ${tries} tries to leave some out:`,
    ...faults.map((name) => `  ${name}`),
    trace.length > shown.length ? `The last ${shown.length} of ${trace.length} lines:` : "",
    ...shown,
    "",
    `Again: npm run simulate -- --runs 1 --seed ${seed}`,
    ...(others.length > 0
      ? [`Other seeds that fail: ${others.slice(0, 20).join(", ")}${others.length > 20 ? " …" : ""}`]
      : []),
  ].join("\n");
};
