/**
 * Which release of each Worker serves. A deployment replaces one Worker after the other, in the order of `npm run
 * deploy`; while it replaces one, both releases of it serve. Some deployments are put back from the last Worker on.
 */
import type { WorkerName } from "../platform/invocation.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { Product } from "../product/product.ts";
import { Random } from "../../../test/support/random.ts";

const order: readonly WorkerName[] = ["d1cv", "ai-agent", "bot", "consumers"];
const oneRollbackIn = 4;

/** What a campaign with deployments has to have exercised. */
export const mixedKinds: readonly string[] = [
  "this release is deployed",
  "the release before is put back",
  ...order.flatMap((worker) => [`${worker} of this release`, `${worker} of the release before`]),
];

export class Versions {
  readonly #current: Product;
  readonly #previous: Product;
  readonly #runtime: Runtime;
  readonly #random: Random;
  /** The share of each Worker's requests that this commit's code takes, 0 to 1. */
  readonly #shares = new Map<WorkerName, number>(order.map((worker) => [worker, 1]));
  /** How many requests each Worker's release took while the other served as well, and how many deployments ended. */
  readonly counts: Record<string, number> = {};
  /** Called where a share has changed. */
  onChange: (worker: WorkerName) => void = () => {};

  /** @param seed the part of the seed's name that decides when and how Workers are replaced */
  constructor(current: Product, previous: Product, runtime: Runtime, seed: string) {
    this.#current = current;
    this.#previous = previous;
    this.#runtime = runtime;
    this.#random = new Random(`${seed}/versions`);
  }

  #set(worker: WorkerName, share: number): void {
    this.#shares.set(worker, share);
    this.#runtime.note(`${worker}: ${share * 100} % of requests to the new release`);
    this.onChange(worker);
  }

  get #isMixed(): boolean {
    const [first, ...others] = this.#shares.values();
    return others.some((share) => share !== first);
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** Begins with the previous release everywhere, and deploys this one a little later. */
  begin(): void {
    for (const worker of order) this.#set(worker, 0);
    this.#later(60_000, () => this.#replace(order, 1));
  }

  /** This commit's code serves everywhere from now on. */
  finish(): void {
    for (const worker of order) if (this.#shares.get(worker) !== 1) this.#set(worker, 1);
  }

  #later(atMostMs: number, run: () => void): void {
    const { scheduler, faults } = this.#runtime;
    scheduler.after(this.#random.between(0, atMostMs), () => {
      if (!faults.isOver) run();
    });
  }

  #replace([worker, ...others]: readonly WorkerName[], share: number): void {
    if (worker === undefined) {
      this.#count(share === 1 ? "this release is deployed" : "the release before is put back");
      if (share === 1 && this.#random.chance(1 / oneRollbackIn))
        this.#later(20_000, () => this.#replace(order.toReversed(), 0));
      else if (share === 0) this.#later(60_000, () => this.#replace(order, 1));
      return;
    }
    this.#set(worker, 0.5);
    this.#later(20_000, () => {
      this.#set(worker, share);
      this.#later(20_000, () => this.#replace(others, share));
    });
  }

  /** The release that takes a request to a Worker. */
  serving(worker: WorkerName): Product {
    const share = this.#shares.get(worker) ?? 1;
    const isCurrent = share === 1 || (share > 0 && this.#random.chance(share));
    if (this.#isMixed) this.#count(`${worker} of ${isCurrent ? "this release" : "the release before"}`);
    return isCurrent ? this.#current : this.#previous;
  }

  /** The release that runs a Durable Object: each stays on one while both serve (developers.cloudflare.com/workers). */
  ofObject(name: string): Product {
    const share = this.#shares.get("bot") ?? 1;
    if (share === 0 || share === 1) return share === 1 ? this.#current : this.#previous;
    return new Random(name).chance(share) ? this.#current : this.#previous;
  }
}
