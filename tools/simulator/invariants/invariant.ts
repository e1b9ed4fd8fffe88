/** What has to be true, whatever fails. The numbers are those of docs/explanation/reliability.md. */
import type { Adversary } from "../actors/adversary.ts";
import type { People } from "../actors/people.ts";
import type { Program } from "../actors/program.ts";
import type { SlackDelivery } from "../actors/slack-delivery.ts";
import type { World } from "../world.ts";

export interface Observed {
  world: World;
  delivery: SlackDelivery;
  people: People;
  adversary: Adversary;
  program: Program;
  /** When the last fault could strike, milliseconds. */
  faultsOverMs: number;
}

/** One change of a state, as the database saw it. */
export interface StateChange {
  machine: string;
  workspace_id: string;
  id: string;
  from_state: string | null;
  to_state: string;
  commit_id: string | null;
}

export interface RecordedEvent {
  id: number;
  workspace_id: string;
  type: string;
  commit_id: string | null;
  push_id: string | null;
  job_id: string | null;
  attempt: number | null;
  actor_kind: string;
  actor_id: string;
  data: string;
}

/** One transaction of the staging database. */
export interface Transaction {
  changes: readonly StateChange[];
  events: readonly RecordedEvent[];
}

export interface Invariant {
  number: number;
  words: string;
  /** After every transaction. @returns what is wrong, in words */
  afterTransaction?: (transaction: Transaction, observed: Observed) => string[];
  /** Once nothing moves any more. */
  atRest?: (observed: Observed) => string[] | Promise<string[]>;
}
