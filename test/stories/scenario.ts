/** The actions of one workspace in a generated scenario, and the expected rows at its end. */

import { Random } from "../support/random.ts";

/** Years of experience by a row's name; null when the row is deleted. */
export type Rows = Map<string, number | null>;

export interface Round {
  /** Each line stages one change. */
  stage: string[];
  /** One more change, which is unstaged before the commit. */
  takenBack: string | null;
  /** A second reviewer first rejects the commit; then it is reopened and committed again. */
  rejectedFirst: boolean;
  /** Both reviewers approve at the same moment. */
  approvedTwice: boolean;
  scopes: ("all" | "d1cv" | "ai")[];
  /** The push is cancelled right after its start, and pushed again. */
  cancelled: boolean;
}

export interface Scenario {
  seed: number;
  rounds: Round[];
  /** The expected rows of both targets at the end. */
  rows: Rows;
}

export const scenarioOf = (seed: number): Scenario => {
  const random = new Random(`scenario ${seed}`);
  const rows: Rows = new Map();
  const rounds = Array.from({ length: random.between(1, 3) }, () => roundOf(seed, random, rows));
  return { seed, rounds, rows };
};

const roundOf = (seed: number, random: Random, rows: Rows): Round => {
  const touched = new Set<string>();
  const lines = Array.from({ length: random.between(1, 4) }, () => changeOf(seed, random, rows, touched));
  return {
    stage: lines,
    takenBack: random.chance(0.2) ? `stage create technology name=S${seed}Never category=Tools` : null,
    rejectedFirst: random.chance(0.15),
    approvedTwice: random.chance(0.4),
    scopes: random.chance(0.7) ? ["all"] : ["d1cv", "ai"],
    cancelled: random.chance(0.15),
  };
};

/** A row is created once, and each round changes it at most once. */
const changeOf = (seed: number, random: Random, rows: Rows, touched: Set<string>): string => {
  const live = [...rows].filter(([name, years]) => years !== null && !touched.has(name)).map(([name]) => name);
  const known = live.length > 0 && random.chance(0.6) ? random.pick(live) : undefined;
  const name = known ?? `S${seed}T${rows.size}`;
  touched.add(name);
  if (known !== undefined && random.chance(0.3)) {
    rows.set(name, null);
    return `stage delete technology ${name}`;
  }
  const years = random.between(1, 59);
  // Equal years would be no change.
  const asked = years === rows.get(name) ? years + 1 : years;
  rows.set(name, asked);
  return known === undefined
    ? `stage create technology name=${name} experience_years=${asked} category=Tools`
    : `stage update technology ${name} experience_years=${asked}`;
};
