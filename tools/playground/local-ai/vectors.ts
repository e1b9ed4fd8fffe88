import { DurableObject } from "cloudflare:workers";

export type MutationKind = "insert" | "upsert" | "delete";

/** A vector as SQLite keeps it: 32-bit floats as Vectorize does, metadata as JSON. */
type VectorRow = { id: string; namespace: string | null; vector: ArrayBuffer; metadata: string | null };

/** A write that is accepted and not yet visible; `vector` is null for a deletion. */
type PendingRow = Omit<VectorRow, "vector"> & {
  sequence: number;
  mutation_id: string;
  kind: MutationKind;
  vector: ArrayBuffer | null;
  visible_at_ms: number;
};

/** The shape that Vectorize answers; its published type says number where it sends a date and a UUID. */
export interface IndexDescription {
  vectorCount: number;
  dimensions: number;
  processedUpToDatetime: string | null;
  processedUpToMutation: string | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS vectors (
    id TEXT PRIMARY KEY, namespace TEXT, vector BLOB NOT NULL, metadata TEXT
  );
  CREATE INDEX IF NOT EXISTS vectors_by_namespace ON vectors (namespace);
  CREATE TABLE IF NOT EXISTS pending (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, mutation_id TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    namespace TEXT, vector BLOB, metadata TEXT, visible_at_ms INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS processed (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1), mutation_id TEXT NOT NULL, at_ms INTEGER NOT NULL
  );
`;

/**
 * One index. A mutation is kept at once and becomes visible later, in the order of arrival, as in Vectorize; what is
 * due is applied when somebody looks, so that nothing depends on a timer surviving a restart.
 */
export class Vectors extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(schema);
  }

  write(kind: "insert" | "upsert", vectors: VectorizeVector[]): string {
    return this.#accept(
      kind,
      vectors.map(({ id, namespace, values, metadata }) => ({
        id,
        namespace: namespace ?? null,
        vector: Float32Array.from(values).buffer,
        metadata: metadata ? JSON.stringify(metadata) : null,
      })),
    );
  }

  deleteByIds(ids: string[]): string {
    return this.#accept(
      "delete",
      ids.map((id) => ({ id, namespace: null, vector: null, metadata: null })),
    );
  }

  getByIds(ids: string[]): VectorizeVector[] {
    this.#applyDue();
    const rows = this.#sql.exec<VectorRow>(
      "SELECT id, namespace, vector, metadata FROM vectors WHERE id IN (SELECT value FROM json_each(?))",
      JSON.stringify(ids),
    );
    return [...rows].map((row) => ({
      ...identity(row),
      values: [...new Float32Array(row.vector)],
      ...metadataOf(row),
    }));
  }

  query(vector: number[], options: VectorizeQueryOptions): VectorizeMatches {
    this.#applyDue();
    const rows = this.#sql.exec<VectorRow>(
      "SELECT id, namespace, vector, metadata FROM vectors WHERE ?1 IS NULL OR namespace = ?1",
      options.namespace ?? null,
    );
    const matches = [...rows]
      .map((row) => ({ row, score: cosine(vector, new Float32Array(row.vector)) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, options.topK ?? 5)
      .map(({ row, score }) => ({
        ...identity(row),
        score,
        ...(options.returnValues ? { values: [...new Float32Array(row.vector)] } : {}),
        // Without metadata indexes "indexed" has nothing to return.
        ...(options.returnMetadata === "all" ? metadataOf(row) : {}),
      }));
    return { matches, count: matches.length };
  }

  describe(): IndexDescription {
    this.#applyDue();
    const { count } = this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM vectors").one();
    const [last] = this.#sql.exec<{ mutation_id: string; at_ms: number }>("SELECT mutation_id, at_ms FROM processed");
    return {
      vectorCount: count,
      dimensions: Number(this.env.INDEX_DIMENSIONS),
      processedUpToDatetime: last ? new Date(last.at_ms).toISOString() : null,
      processedUpToMutation: last?.mutation_id ?? null,
    };
  }

  reset(): void {
    for (const table of ["vectors", "pending", "processed"]) this.#sql.exec(`DELETE FROM ${table}`);
  }

  #accept(kind: MutationKind, rows: Pick<PendingRow, "id" | "namespace" | "vector" | "metadata">[]): string {
    const mutationId = crypto.randomUUID();
    const visibleAtMs = Date.now() + Number(this.env.VISIBLE_AFTER_MS);
    for (const { id, namespace, vector, metadata } of rows) {
      this.#sql.exec(
        `INSERT INTO pending (mutation_id, kind, id, namespace, vector, metadata, visible_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        mutationId,
        kind,
        id,
        namespace,
        vector,
        metadata,
        visibleAtMs,
      );
    }
    return mutationId;
  }

  #applyDue(): void {
    const due = this.#sql
      .exec<PendingRow>("SELECT * FROM pending WHERE visible_at_ms <= ? ORDER BY sequence", Date.now())
      .toArray();
    const last = due.at(-1);
    if (!last) return;
    this.ctx.storage.transactionSync(() => {
      for (const row of due) this.#apply(row);
      this.#sql.exec("DELETE FROM pending WHERE sequence <= ?", last.sequence);
      this.#sql.exec(
        "INSERT OR REPLACE INTO processed (only_row, mutation_id, at_ms) VALUES (1, ?, ?)",
        last.mutation_id,
        last.visible_at_ms,
      );
    });
  }

  #apply({ kind, id, namespace, vector, metadata }: PendingRow): void {
    if (kind === "delete") {
      this.#sql.exec("DELETE FROM vectors WHERE id = ?", id);
      return;
    }
    // An insert leaves a vector that is there as it is.
    const verb = kind === "insert" ? "INSERT OR IGNORE" : "INSERT OR REPLACE";
    this.#sql.exec(
      `${verb} INTO vectors (id, namespace, vector, metadata) VALUES (?, ?, ?, ?)`,
      id,
      namespace,
      vector,
      metadata,
    );
  }
}

const identity = ({ id, namespace }: VectorRow) => (namespace === null ? { id } : { id, namespace });

const metadataOf = ({ metadata }: VectorRow): Pick<VectorizeVector, "metadata"> => {
  if (metadata === null) return {};
  const parsed: Record<string, VectorizeVectorMetadata> = JSON.parse(metadata);
  return { metadata: parsed };
};

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA === 0 || squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
};
