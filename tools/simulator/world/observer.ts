/** Checks the invariants of a world after every transaction and once all work has settled. */
import { invariants } from "../invariants/all.ts";
import type { RecordedEvent, StateChange, Touched } from "./transaction.ts";
import type { Observed } from "../invariants/invariant.ts";

export interface Violation {
  number: number;
  words: string;
  what: string;
}

export class Observer {
  readonly violations: Violation[] = [];
  readonly #observed: Observed;
  #lastEvent: number;

  constructor(observed: Observed) {
    this.#observed = observed;
    const { staging } = observed.world;
    staging.sqlite.exec("DELETE FROM sim_history; DELETE FROM sim_touched");
    const [newest] = staging.rows<{ id: number | null }>("SELECT MAX(id) AS id FROM job_events");
    this.#lastEvent = newest?.id ?? 0;
    staging.onCommit = () => this.#afterTransaction();
  }

  #afterTransaction(): void {
    const { staging, contributions, receivers } = this.#observed.world;
    const touched = staging.rows<Touched>("SELECT * FROM sim_touched");
    if (touched.length > 0) staging.sqlite.exec("DELETE FROM sim_touched");
    contributions.follow(touched);
    const events = staging.rows<RecordedEvent>(
      `SELECT id, number, workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data
       FROM job_events WHERE id > ?1 ORDER BY id`,
      this.#lastEvent,
    );
    const changes = staging.rows<StateChange>("SELECT * FROM sim_history");
    if (events.length + changes.length + touched.length === 0) return;
    this.#lastEvent = events.at(-1)?.id ?? this.#lastEvent;
    if (changes.length > 0) staging.sqlite.exec("DELETE FROM sim_history");
    receivers.follow(changes);
    for (const { number, words, afterTransaction } of invariants) {
      const wrong = afterTransaction?.({ changes, events, touched }, this.#observed) ?? [];
      this.violations.push(...wrong.map((what) => ({ number, words, what })));
    }
  }

  async atRest(): Promise<void> {
    for (const { number, words, atRest } of invariants) {
      const wrong = (await atRest?.(this.#observed)) ?? [];
      this.violations.push(...wrong.map((what) => ({ number, words, what })));
    }
  }
}
