/** Formats the results of a campaign. */
import { createHash } from "node:crypto";
import type { CampaignResult } from "./campaign.ts";
import type { SeedReport } from "./campaign-worker.ts";
import { rarestIn } from "./coverage.ts";
import type { Shrunk } from "./shrink.ts";

const traceLines = 120;
const rareShown = 10;

/** The same for the same seeds, on every machine. */
const digestOf = (digests: ReadonlyMap<string, string>): string =>
  createHash("sha256")
    .update(JSON.stringify([...digests].toSorted(([a], [b]) => Number(a) - Number(b))))
    .digest("hex")
    .slice(0, 16);

export const summaryText = (campaign: CampaignResult, tookMs: number): string => {
  const { done, pushes, steps, faults, virtualMs, struck, failed, coverage, digests } = campaign;
  const rarest = rarestIn(coverage, struck).slice(0, rareShown);
  return [
    `${done} seeds: ${failed.length} with a violation`,
    `  ${steps} steps of people, ${pushes} pushes, ${faults} faults of ${struck.size} kinds, ${(virtualMs / 3_600_000).toFixed(1)} h of virtual time`,
    `  ${(tookMs / 1000).toFixed(1)} s, ${((done * 1000) / tookMs).toFixed(1)} seeds a second`,
    `  rarest: ${rarest.map(([name, total]) => `${name} ${total}`).join(", ")}`,
    `  digest of all traces: ${digestOf(digests)}`,
  ].join("\n");
};

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
