/** What the service promises, measured over the last days. */
import { type Counted, addedUp } from "./counts.ts";

/** The window of every objective, and of the weekly digest. */
export const windowDays = 7;

interface Objective {
  /** What is good. */
  says: string;
  /** The share that has to be good, 0 to 1. */
  target: number;
  isGood: (counted: Counted) => boolean;
  /** Left out otherwise: neither good nor bad. */
  counts: (counted: Counted) => boolean;
}

const within = (counted: Counted, seconds: number): boolean => Number(counted.label) <= seconds;

export const objectives = {
  acks: {
    says: "Slack's requests are acknowledged within 3 s",
    target: 0.999,
    counts: ({ name }) => name === "acks",
    isGood: (counted) => within(counted, 3),
  },
  pushes: {
    says: "pushes that end are applied",
    target: 0.99,
    counts: ({ name, label }) => name === "pushes" && (label === "applied" || label === "failed"),
    isGood: ({ label }) => label === "applied",
  },
  verified: {
    says: "what is applied is verified within 5 min",
    target: 0.95,
    counts: ({ name }) => name === "verified",
    isGood: (counted) => within(counted, 300),
  },
} as const satisfies Record<string, Objective>;
export type ObjectiveName = keyof typeof objectives;

export interface Measured {
  name: ObjectiveName;
  says: string;
  target: number;
  total: number;
  /** The share that was good; null where there was nothing. */
  ratio: number | null;
}

/** @param counts of the days of the window */
export const measure = (counts: readonly Counted[]): Measured[] =>
  (Object.keys(objectives) as ObjectiveName[]).map((name) => {
    const { says, target, ...of }: Objective = objectives[name];
    const own = addedUp(counts).filter(of.counts);
    const sum = (some: readonly Counted[]): number => some.reduce((total, { count }) => total + count, 0);
    const total = sum(own);
    return { name, says, target, total, ratio: total === 0 ? null : sum(own.filter(of.isGood)) / total };
  });
