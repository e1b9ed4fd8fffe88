/** The changes of one transaction of the staging database. */

/** One change of a state, as the database recorded it. */
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
  number: number;
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

/** A request that had an effect, or what has been written: a change, a commit's content, an approval. */
export interface Touched {
  kind: "request" | "change" | "commit" | "approval";
  /** Of a request its key. */
  id: string;
}

/** One transaction of the staging database. */
export interface Transaction {
  touched: readonly Touched[];
  changes: readonly StateChange[];
  events: readonly RecordedEvent[];
}
