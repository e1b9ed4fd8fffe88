/** What has to be true, whatever fails. The numbers are those of docs/explanation/reliability.md. */
import type { Adversary } from "../actors/adversary.ts";
import type { People } from "../actors/people.ts";
import type { Program } from "../actors/program.ts";
import type { SlackDelivery } from "../actors/slack-delivery.ts";
import type { World } from "../world.ts";
import type { Transaction } from "../transaction.ts";

export interface Observed {
  world: World;
  delivery: SlackDelivery;
  people: People;
  adversary: Adversary;
  program: Program;
  /** When the last fault could strike, milliseconds. */
  faultsOverMs: number;
}

export interface Invariant {
  number: number;
  words: string;
  /** After every transaction. @returns what is wrong, in words */
  afterTransaction?: (transaction: Transaction, observed: Observed) => string[];
  /** Once nothing moves any more. */
  atRest?: (observed: Observed) => string[] | Promise<string[]>;
}
