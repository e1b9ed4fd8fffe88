/** What each target has stored, write by write, and whether a write is what was approved. */
import type { SimulatedD1 } from "../platform/d1.ts";
import { type Effect, isSame } from "./effects.ts";
import type { TargetName } from "./workspaces.ts";

type Stored = Record<string, unknown> | null;

interface Write {
  /** Of the job; or of an edit that is not ours. */
  writer: string;
  /** Null: the row is gone. */
  values: Stored;
  atMs: number;
}

/** What a push may write at a target. */
export interface Approved {
  commitNumber: number;
  effects: readonly Effect[];
  /** When the commit's content was last written. */
  contentMs: number;
  /** Somebody has decided that the commit goes over what was changed since. */
  isAgain: boolean;
}

/** What the database says of a row, besides its fields. */
const ownColumns = new Set([
  "portfolio_id",
  "id",
  "version",
  "created_at",
  "updated_at",
  "updated_by",
  "deleted_at",
  "deleted_by",
]);

export const columnOf = (value: unknown): unknown =>
  Array.isArray(value) ? JSON.stringify(value) : typeof value === "boolean" ? Number(value) : (value ?? null);

const rowKey = (portfolio: string, entity: string, id: string): string => `${portfolio}/${entity}/${id}`;

export class StoreHistory {
  readonly target: TargetName;
  readonly complaints: string[] = [];
  readonly #db: SimulatedD1;
  readonly #nowMs: () => number;
  /** By job. */
  readonly #approved: ReadonlyMap<string, Approved>;
  readonly #rows = new Map<string, Write[]>();
  #lastEntry = 0;

  constructor(target: TargetName, db: SimulatedD1, approved: ReadonlyMap<string, Approved>, nowMs: () => number) {
    this.target = target;
    this.#db = db;
    this.#approved = approved;
    this.#nowMs = nowMs;
    db.onCommit = () => this.#follow();
  }

  #follow(): void {
    const touched = this.#db.rows<{ portfolio_id: string; entity: string; id: string }>(
      "SELECT DISTINCT portfolio_id, entity, id FROM sim_stored",
    );
    if (touched.length === 0) return;
    this.#db.sqlite.exec("DELETE FROM sim_stored");
    const entries = this.#db.rows<{ rowid: number; job_id: string; portfolio_id: string }>(
      "SELECT rowid, job_id, portfolio_id FROM sim_ledger WHERE rowid > ?1 ORDER BY rowid",
      this.#lastEntry,
    );
    this.#lastEntry = entries.at(-1)?.rowid ?? this.#lastEntry;
    for (const { job_id: writer, portfolio_id: portfolio } of entries) {
      const own = touched.filter((row) => row.portfolio_id === portfolio);
      const before = new Map(own.map(({ entity, id }) => [`${entity}/${id}`, this.#last(portfolio, entity, id)]));
      for (const { entity, id } of own) this.#put(portfolio, entity, id, writer);
      const approved = this.#approved.get(writer);
      if (approved) this.#check(portfolio, writer, approved, before);
      else if (writer !== "seed" && !writer.startsWith("elsewhere-"))
        this.complaints.push(`${this.target} wrote for ${writer}, which nobody has approved`);
    }
    if (entries.length === 0) this.complaints.push(`${this.target} wrote rows for no job`);
  }

  #last(portfolio: string, entity: string, id: string): Stored {
    return this.#rows.get(rowKey(portfolio, entity, id))?.at(-1)?.values ?? null;
  }

  #put(portfolio: string, entity: string, id: string, writer: string): void {
    const key = rowKey(portfolio, entity, id);
    const writes = this.#rows.get(key) ?? [];
    writes.push({ writer, values: this.stored(portfolio, entity, id), atMs: this.#nowMs() });
    this.#rows.set(key, writes);
  }

  /** Rows that somebody has edited without us, and nobody has written since. */
  editedElsewhere(portfolio: string): string[] {
    return [...this.#rows].flatMap(([key, writes]) => {
      const [of = "", , ...id] = key.split("/");
      return of === portfolio && writes.at(-1)?.writer.startsWith("elsewhere-") === true ? [id.join("/")] : [];
    });
  }

  /** The row as it is in the store; null when it is gone. */
  stored(portfolio: string, entity: string, id: string): Stored {
    const [row] = this.#db.rows(`SELECT * FROM ${entity} WHERE portfolio_id = ?1 AND id = ?2`, portfolio, id);
    if (!row || (row["deleted_at"] ?? null) !== null) return null;
    return Object.fromEntries(Object.entries(row).filter(([name]) => !ownColumns.has(name)));
  }

  /** A write does what was approved, all of it and nothing else. */
  #check(portfolio: string, job: string, approved: Approved, before: ReadonlyMap<string, Stored>): void {
    const { effects, commitNumber, isAgain } = approved;
    const left = new Set(before.keys());
    for (const effect of effects) {
      const { entity, id } = effect;
      left.delete(`${entity}/${id}`);
      const was = before.get(`${entity}/${id}`) ?? null;
      const now = this.#last(portfolio, entity, id);
      const wrong = (isAgain ? null : movedUnder(effect, was)) ?? differenceOf(effect, was, now);
      if (wrong !== null)
        this.complaints.push(`${this.target} applied commit ${commitNumber} (${job}), and of ${entity} ${id} ${wrong}`);
      this.#checkOrder(portfolio, job, approved, effect);
    }
    for (const key of left)
      this.complaints.push(`${this.target} wrote ${key} for commit ${commitNumber} (${job}), which does not change it`);
  }

  /** What a newer commit has written since the content was looked at is not undone by an older one. */
  #checkOrder(portfolio: string, job: string, { commitNumber, contentMs }: Approved, effect: Effect): void {
    const writes = this.#rows.get(rowKey(portfolio, effect.entity, effect.id)) ?? [];
    for (const { writer, atMs } of writes) {
      const newer = this.#approved.get(writer);
      if (!newer || newer.commitNumber <= commitNumber || atMs < contentMs) continue;
      const other = newer.effects.find(({ entity, id }) => entity === effect.entity && id === effect.id);
      const isUndone =
        effect.action === "DELETE" ||
        Object.entries(effect.values).some(
          ([field, value]) => other && Object.hasOwn(other.values, field) && !isSame(other.values[field], value),
        );
      if (other && isUndone)
        this.complaints.push(
          `${this.target} applied commit ${commitNumber} (${job}) to ${effect.entity} ${effect.id} over the newer commit ${newer.commitNumber}`,
        );
    }
  }

  /** When the row was last written; 0 where it never was. */
  writtenMs(portfolio: string, entity: string, id: string): number {
    return this.#rows.get(rowKey(portfolio, entity, id))?.at(-1)?.atMs ?? 0;
  }

  /** Whether the store has ever had the row. */
  hasHad(portfolio: string, entity: string, id: string): boolean {
    return this.#rows.has(rowKey(portfolio, entity, id));
  }

  /** Ids of rows of which somebody has changed what one of our jobs had written last. */
  undone(portfolio: string): string[] {
    return this.editedElsewhere(portfolio).filter((id) => {
      const writes = this.#rows.get(rowKey(portfolio, "technology", id)) ?? [];
      const fields = new Map<string, unknown>();
      for (const { writer } of writes)
        for (const effect of this.#approved.get(writer)?.effects ?? [])
          if (effect.id === id)
            for (const [field, value] of Object.entries(effect.values)) fields.set(field, columnOf(value));
      const now = writes.at(-1)?.values ?? null;
      return now !== null && [...fields].some(([field, value]) => !isSame(now[field], value));
    });
  }

  /** Whether the store still has what the push has written, or what somebody has made of it since. */
  lost(portfolio: string, job: string): string[] {
    return (this.#approved.get(job)?.effects ?? []).flatMap(({ entity, id }) => {
      const writes = this.#rows.get(rowKey(portfolio, entity, id)) ?? [];
      if (!writes.some(({ writer }) => writer === job)) return [`${entity} ${id} was never written`];
      return isSame(this.stored(portfolio, entity, id), writes.at(-1)?.values)
        ? []
        : [`${entity} ${id} is not as written`];
    });
  }
}

/** A reviewer has looked at what was there before: somebody's edit since is not written over. */
const movedUnder = (
  { action, values, base }: Pick<Effect, "action" | "values" | "base">,
  before: Stored,
): string | null => {
  if (action === "CREATE" || base.seen !== "row" || before === null) return null;
  const touched = Object.keys(action === "DELETE" ? base.values : values);
  const field = touched.find(
    (each) =>
      !isSame(before[each], columnOf(base.values[each])) &&
      (action === "DELETE" || !isSame(before[each], columnOf(values[each]))),
  );
  return field === undefined
    ? null
    : `${field} was approved from ${JSON.stringify(base.values[field])}, and was ${JSON.stringify(before[field])}`;
};

const differenceOf = ({ action, values }: Effect, before: Stored, now: Stored): string | null => {
  if (action === "DELETE") return now === null ? null : "nothing was removed";
  if (now === null) return "nothing is there";
  for (const [field, value] of Object.entries(now)) {
    const expected = Object.hasOwn(values, field)
      ? columnOf(values[field])
      : action === "CREATE"
        ? null
        : (before?.[field] ?? null);
    if (!isSame(value, expected)) return `${field} is ${JSON.stringify(value)} instead of ${JSON.stringify(expected)}`;
  }
  return null;
};
