/** D1 over SQLite in memory: a batch is a transaction; errors and limits are D1's (developers.cloudflare.com/d1). */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Invocation, currentInvocation } from "./invocation.ts";
import type { Runtime } from "./runtime.ts";

const maxParameters = 100;
const maxQueriesPerInvocation = 1000;
const maxSqlBytes = 100_000;
const stallMs = [5000, 80_000] as const;
const overloadMs = [2000, 40_000] as const;

export interface QueryResult {
  success: true;
  results: Record<string, unknown>[];
  meta: { changes: number };
}

interface Prepared {
  statement: StatementSync;
  returnsRows: boolean;
  isRead: boolean;
}

const d1Error = (message: string): Error => new Error(`D1_ERROR: ${message}`);

const valueOf = (value: unknown): SQLInputValue => {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported`);
};

export class D1Statement {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
  readonly #run: (statements: readonly D1Statement[]) => Promise<QueryResult[]>;

  constructor(sql: string, values: readonly SQLInputValue[], run: D1Statement["runAll"]) {
    this.sql = sql;
    this.values = values;
    this.#run = run;
  }

  get runAll(): (statements: readonly D1Statement[]) => Promise<QueryResult[]> {
    return this.#run;
  }

  bind(...values: unknown[]): D1Statement {
    if (values.length > maxParameters) throw d1Error(`too many SQL variables: ${values.length}`);
    return new D1Statement(this.sql, values.map(valueOf), this.#run);
  }

  async all(): Promise<QueryResult> {
    const [result] = await this.#run([this]);
    if (!result) throw d1Error("no result");
    return result;
  }

  run(): Promise<QueryResult> {
    return this.all();
  }

  async first(column?: string): Promise<unknown> {
    const [row] = (await this.all()).results;
    if (!row) return null;
    return column === undefined ? row : row[column];
  }
}

/** Statements are reused across seeds: compiling them costs more than running them. */
const compiled = new WeakMap<DatabaseSync, Map<string, Prepared>>();

const compile = (sqlite: DatabaseSync, sql: string): Prepared => {
  const cached = compiled.get(sqlite) ?? new Map<string, Prepared>();
  compiled.set(sqlite, cached);
  const found = cached.get(sql);
  if (found) return found;
  // SQLite plans a statement again for each value of a bare `LIMIT ?`, which costs ten times as much as running it.
  const statement = sqlite.prepare(sql.replaceAll(/\bLIMIT (\?\d+)/g, "LIMIT ($1 + 0)"));
  const isRead = /^\s*(SELECT|WITH\b(?![\s\S]*\b(UPDATE|INSERT|DELETE)\b))/i.test(sql);
  const prepared = { statement, isRead, returnsRows: statement.columns().length > 0 };
  cached.set(sql, prepared);
  return prepared;
};

export class SimulatedD1 {
  readonly name: string;
  readonly sqlite: DatabaseSync;
  readonly #runtime: Runtime;
  readonly #queries = new WeakMap<Invocation, number>();
  #overloadedUntilMs = 0;
  /** Called with what each round trip has run, in the order in which the database ran it. */
  onRun: (statements: readonly D1Statement[], invocation: Invocation | null) => void = () => {};
  /** Called after each committed transaction. */
  onCommit: () => void = () => {};

  constructor(name: string, sqlite: DatabaseSync, runtime: Runtime) {
    this.name = name;
    this.sqlite = sqlite;
    this.#runtime = runtime;
  }

  /** The binding of a Worker. */
  get binding() {
    const run = (statements: readonly D1Statement[]): Promise<QueryResult[]> => this.#send(statements);
    return { prepare: (sql: string) => new D1Statement(sql, [], run), batch: run };
  }

  #send(statements: readonly D1Statement[]): Promise<QueryResult[]> {
    const invocation = currentInvocation();
    this.#count(statements.length);
    const { faults, random, scheduler } = this.#runtime;
    const fails = faults.strikes("D1 fails before the commit");
    const losesReply = faults.strikes("D1 commits and its reply is lost");
    if (faults.strikes("D1 is overloaded for a while"))
      this.#overloadedUntilMs = scheduler.nowMs + random.between(...overloadMs);
    const stalls = faults.strikes("D1 stalls");
    const latencyMs = stalls ? ([stallMs[0] / 2, stallMs[1] / 2] as const) : ([1, 6] as const);
    return this.#runtime.operate(
      `d1 ${this.name} ${nameOf(statements)}`,
      () => {
        if (fails) throw d1Error("Network connection lost.");
        if (scheduler.nowMs < this.#overloadedUntilMs && !faults.isOver)
          throw d1Error("D1 DB is overloaded. Requests queued for too long.");
        this.onRun(statements, invocation);
        const results = this.transact(statements);
        if (losesReply) throw d1Error("Network connection lost.");
        return results;
      },
      { latencyMs },
    );
  }

  #count(queries: number): void {
    const invocation = currentInvocation();
    if (!invocation) return;
    const count = (this.#queries.get(invocation) ?? 0) + queries;
    this.#queries.set(invocation, count);
    if (count > maxQueriesPerInvocation) throw d1Error("Too many API requests by single worker invocation.");
  }

  /** Runs the statements immediately as one transaction. */
  transact(statements: readonly Pick<D1Statement, "sql" | "values">[]): QueryResult[] {
    if (statements.every(({ sql }) => this.#isRead(sql)))
      return statements.map((statement) => this.#execute(statement));
    compile(this.sqlite, "BEGIN").statement.run();
    let results: QueryResult[];
    try {
      results = statements.map((statement) => this.#execute(statement));
      compile(this.sqlite, "COMMIT").statement.run();
    } catch (error) {
      if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
      const message = error instanceof Error ? error.message : String(error);
      throw d1Error(`${message}: SQLITE_${/constraint|conflict|edge/i.test(message) ? "CONSTRAINT" : "ERROR"}`);
    }
    this.onCommit();
    return results;
  }

  #execute({ sql, values }: Pick<D1Statement, "sql" | "values">): QueryResult {
    if (sql.length > maxSqlBytes) throw new Error("statement too long");
    const { statement, returnsRows, isRead } = compile(this.sqlite, sql);
    if (!returnsRows)
      return { success: true, results: [], meta: { changes: Number(statement.run(...values).changes) } };
    const results = statement.all(...values) as Record<string, unknown>[];
    return { success: true, results, meta: { changes: isRead ? 0 : results.length } };
  }

  #isRead(sql: string): boolean {
    try {
      return compile(this.sqlite, sql).isRead;
    } catch {
      // A statement that does not compile fails in its transaction.
      return false;
    }
  }

  /** Rows for the simulator itself, without virtual latency. */
  rows<T = Record<string, unknown>>(sql: string, ...values: SQLInputValue[]): T[] {
    return compile(this.sqlite, sql).statement.all(...values) as T[];
  }
}

const words = new Map<string, string>();

const wordOf = (sql: string): string => {
  const cached = words.get(sql);
  if (cached !== undefined) return cached;
  const [verb = ""] = /\b(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(sql) ?? [];
  const [, table = ""] = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(sql) ?? [];
  const word = `${verb.toLowerCase()} ${table}`;
  words.set(sql, word);
  return word;
};

const nameOf = (statements: readonly D1Statement[]): string => {
  const named = statements.map(({ sql }) => wordOf(sql)).filter((word) => !word.endsWith(" assertion"));
  return `${named.slice(0, 3).join(", ")}${named.length > 3 ? ` +${named.length - 3}` : ""}`;
};
