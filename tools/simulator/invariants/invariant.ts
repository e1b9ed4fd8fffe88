/** An invariant holds under every fault. The numbers are those of docs/explanation/reliability.md. */
import type { Adversary } from "../actors/adversary.ts";
import type { People } from "../actors/people.ts";
import type { Program } from "../actors/program.ts";
import type { SlackDelivery } from "../actors/slack-delivery.ts";
import type { Verifier } from "../actors/verifier.ts";
import type { World } from "../world/world.ts";
import type { Transaction } from "../world/transaction.ts";

export interface Observed {
  world: World;
  delivery: SlackDelivery;
  people: People;
  adversary: Adversary;
  program: Program;
  verifier: Verifier;
  /** The time of the last possible fault, milliseconds. */
  faultsOverMs: number;
}

export interface Invariant {
  number: number;
  words: string;
  /** Checked after every transaction. @returns a description of each violation */
  afterTransaction?: (transaction: Transaction, observed: Observed) => string[];
  /** Checked when all work has settled. */
  atRest?: (observed: Observed) => string[] | Promise<string[]>;
}
