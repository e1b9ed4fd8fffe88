/** The kinds of faults. Each seed enables a random subset with its own rates (swarm testing: Groce et al., 2012). */
import { Random } from "../../test/support/random.ts";

/** The default probability of each kind for one operation, message, request or workload step. */
export const faultRates = {
  "crash before an operation": 0.01,
  "crash after an operation": 0.01,
  deployment: 0.04,
  "Workers are replaced one by one": 1,
  "D1 fails before the commit": 0.05,
  "D1 commits and its reply is lost": 0.05,
  "D1 stalls": 0.02,
  "D1 is overloaded for a while": 0.004,
  "queue refuses a send": 0.1,
  "queue takes a send and its reply is lost": 0.1,
  "queue delivers twice": 0.15,
  "queue delivers late": 0.2,
  "queue loses a message": 0.05,
  "queue carries a malformed message": 0.05,
  "queue gives a message up": 0.05,
  "object is evicted": 0.1,
  "object call fails": 0.05,
  "alarm is late": 0.2,
  "alarm runs twice": 0.1,
  "alarm is dropped": 0.05,
  "target hangs before applying": 0.08,
  "target hangs after applying": 0.08,
  "request reaches the target late": 0.08,
  "target answers 5xx": 0.1,
  "target answers 5xx after applying": 0.08,
  "target is down for a while": 0.05,
  "target refuses": 0.15,
  "webhook is lost": 0.1,
  "webhook gets a 200 and is lost": 0.05,
  "webhook comes twice": 0.15,
  "webhook comes late": 0.15,
  "webhook contradicts": 0.2,
  "webhook is of an older attempt": 0.8,
  "Slack limits the rate": 0.08,
  "Slack fails": 0.05,
  "Slack posts and its reply is lost": 0.05,
  "Slack hangs": 0.02,
  "Slack sends again": 0.1,
  "message is deleted": 0.03,
  "double click": 0.15,
  "two people at once": 0.3,
  "somebody else edits a row": 0.3,
  "KV shows an old value": 0.5,
  "Vectorize is slow": 0.3,
  "Workers AI fails": 0.1,
  "clocks differ": 1,
  "cron does not run": 1,
  "secrets are rotated": 0.5,
  "receiver is down for a while": 0.03,
  "receiver hangs": 0.06,
  "receiver answers 5xx": 0.15,
  "receiver limits the rate": 0.15,
  "receiver redirects": 0.04,
  "receiver is gone": 0.01,
  "receiver takes it and its answer is lost": 0.1,
  "program's request is lost": 0.1,
  "program loses the answer": 0.2,
  "program asks twice": 0.3,
  "workspaces are in a second database": 1,
} as const;
export type FaultKind = keyof typeof faultRates;
export const faultKinds = Object.keys(faultRates) as FaultKind[];

export type FaultPlan = Partial<Record<FaultKind, number>>;

/** A fault with probability 1 would leave no successful retry in time. */
const maxOften = 0.7;

/** Without cron only the alarms retry, so faults inside the product are disabled. */
const outside = /^(target|request|webhook|receiver|program|Slack|double|two people|somebody|cron|clocks|workspaces)/;

/** Draws the faults of a seed: about a third of the kinds. One seed in ten has none, and one in ten has no cron. */
export const drawFaults = (random: Random): FaultPlan => {
  if (random.chance(0.1)) return {};
  const hasCron = random.chance(0.9);
  const kinds = faultKinds.filter((kind) => (hasCron ? kind !== "cron does not run" : outside.test(kind)));
  const share = random.unit() * 0.6;
  const draw = (some: readonly FaultKind[]): FaultPlan => {
    const chosen = some.filter((kind) => kind === "cron does not run" || random.chance(share));
    return Object.fromEntries(
      chosen.map((kind) => {
        const rate = faultRates[kind];
        return [kind, rate === 1 ? 1 : Math.min(maxOften, rate * random.pick([0.3, 1, 4]))];
      }),
    );
  };
  const groups = [/^(?!receiver|program|workspaces)/, /^(receiver|program)/, /^workspaces/];
  return Object.assign({}, ...groups.map((group) => draw(kinds.filter((kind) => group.test(kind)))));
};

/** Decides for each occurrence. Leaving out one occurrence changes no other decision of its kind. */
export class Faults {
  readonly #plan: FaultPlan;
  readonly #leftOut: ReadonlySet<string>;
  readonly #seed: string;
  readonly #streams = new Map<FaultKind, { random: Random; count: number }>();
  readonly struck: string[] = [];
  isOver = false;

  constructor(seed: string, plan: FaultPlan, leftOut: ReadonlySet<string> = new Set()) {
    this.#seed = seed;
    this.#plan = plan;
    this.#leftOut = leftOut;
  }

  strikes(kind: FaultKind): boolean {
    const rate = this.#plan[kind];
    if (rate === undefined || this.isOver) return false;
    const stream = this.#streams.get(kind) ?? { random: new Random(`${this.#seed}/${kind}`), count: 0 };
    this.#streams.set(kind, stream);
    if (!stream.random.chance(rate)) return false;
    const name = `${kind} #${(stream.count += 1)}`;
    if (this.#leftOut.has(name)) return false;
    this.struck.push(name);
    return true;
  }
}
