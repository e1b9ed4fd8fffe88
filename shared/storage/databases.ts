/**
 * The databases of the service. A D1 database holds 10 GB (developers.cloudflare.com/d1/platform/limits), so there may
 * be several, with the same tables. Each holds whole workspaces, and a workspace stays where it is. The first, `DB`,
 * also holds the directory that says which is where, Slack's installations, and what belongs to no workspace.
 */
import { type Database, DatabaseOutage, type Query, read } from "./database.ts";
import { placeWorkspace, placementQuery } from "./directory.ts";
import { writeQuietly } from "./write.ts";

export interface NamedDatabase {
  /** Of its binding: `DB`, `DB_2`, … */
  name: string;
  db: Database;
}

/**
 * One visitor's reads of a workspace's database, near them: a copy may be seconds behind, but never behind what this
 * visitor has read or written (developers.cloudflare.com/d1/best-practices/read-replication).
 */
export interface DatabaseSession {
  db: Database;
  /** How far it has come, for the visitor's next request; null before the first answer. */
  bookmark: () => string | null;
}

export interface Databases {
  first: Database;
  /** The first one first. */
  all: readonly NamedDatabase[];
  /**
   * The one of the workspace, which is looked up with its first batch. A new workspace gets its place by it, so this is
   * for ids that somebody has proved: with a signature, a token, a row or a message of ours.
   */
  of: (workspaceId: string) => Database;
  /** @param after a bookmark of an earlier session; null: none. @param isFresh reads what is so now */
  session: (workspaceId: string, after: string | null, isFresh: boolean) => DatabaseSession;
  /** The one that has a row; null where none has. A service with one database is not asked: it is there or nowhere. */
  holding: (query: Query<unknown>) => Promise<Database | null>;
  /** The row of whichever has one; for what does not say its workspace. */
  find: <T>(query: Query<T | null>) => Promise<{ value: T; db: Database } | null>;
  /** The rows of all of them. */
  gather: <T>(query: Query<T[]>) => Promise<T[]>;
}

const addedBinding = /^DB_(?:[2-9]|[1-9]\d)$/;

/** A Worker has six connections at once (developers.cloudflare.com/workers/platform/limits). */
const atOnce = 6;

/** Until then some instance of the Worker may have been started before the database was added. */
const everywhereAfterMs = 30 * 60_000;

/** Where workspaces are, by first database: cached until the instance ends, because they stay. */
const cached = new WeakMap<object, Map<string, NamedDatabase>>();

/** @param env the bindings of the Worker; those called `DB`, `DB_2`, … are taken */
export const databasesOf = (env: { DB: Database }, nowMs: () => number): Databases => {
  const first = env.DB;
  const only: NamedDatabase = { name: "DB", db: first };
  const others = Object.entries({ ...env })
    .flatMap(([name, db]): NamedDatabase[] => (addedBinding.test(name) ? [{ name, db }] : []))
    .toSorted((a, b) => numberOf(a.name) - numberOf(b.name));
  const all = [only, ...others];
  // Also where Cloudflare runs the module before it binds anything, to see whether it starts.
  if (others.length === 0)
    return {
      first,
      all,
      of: () => first,
      session: (_workspaceId, after, isFresh) => sessionIn(async () => only, after, isFresh),
      holding: async () => first,
      find: async (query) => found(first, (await read(first, query))[0]),
      gather: async (query) => (await read(first, query))[0],
    };
  const places = cached.get(first) ?? new Map<string, NamedDatabase>();
  cached.set(first, places);
  const placeOf = async (workspaceId: string): Promise<NamedDatabase> => {
    const place = places.get(workspaceId) ?? (await lookUp(all, workspaceId, nowMs));
    places.set(workspaceId, place);
    return place;
  };
  const ask: Ask = async (query) => {
    const answers = [];
    for (let start = 0; start < all.length; start += atOnce) {
      const some = all.slice(start, start + atOnce).map(async ({ db }) => ({ value: (await read(db, query))[0], db }));
      answers.push(...(await Promise.allSettled(some)));
    }
    return answers;
  };
  return {
    first,
    all,
    of: (workspaceId) => lookedUp(async () => (await placeOf(workspaceId)).db),
    session: (workspaceId, after, isFresh) => sessionIn(() => placeOf(workspaceId), after, isFresh),
    holding: async (query) => (await find(ask, query))?.db ?? null,
    find: (query) => find(ask, query),
    gather: async (query) => (await ask(query)).flatMap((answer) => answered(answer).value),
  };
};

interface Answer<T> {
  value: T;
  db: Database;
}

/** The answer of each, or why it gave none. */
type Ask = <T>(query: Query<T>) => Promise<PromiseSettledResult<Answer<T>>[]>;

const answered = <T>(settled: PromiseSettledResult<Answer<T>>): Answer<T> => {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
};

/** What one has found does not wait for one that is away; that it is nowhere, each has to say. */
const find = async <T>(ask: Ask, query: Query<T | null>): Promise<Answer<T> | null> => {
  const all = await ask(query);
  for (const settled of all) {
    if (settled.status === "rejected") continue;
    const { value, db } = settled.value;
    if (value !== null) return { value, db };
  }
  for (const settled of all) answered(settled);
  return null;
};

const found = <T>(db: Database, value: T | null) => (value === null ? null : { value, db });

const numberOf = (name: string): number => Number(name.slice("DB_".length));

const lookUp = async (
  all: readonly NamedDatabase[],
  workspaceId: string,
  nowMs: () => number,
): Promise<NamedDatabase> => {
  const [{ name: first, db: directory }] = all as [NamedDatabase, ...NamedDatabase[]];
  const query = placementQuery(workspaceId, first);
  let [placement] = await read(directory, query);
  if (!placement?.database) {
    const now = new Date(nowMs()).toISOString();
    const addedBefore = new Date(nowMs() - everywhereAfterMs).toISOString();
    const names = all.map(({ name }) => name);
    const placed = await writeQuietly(directory, [
      placeWorkspace({ workspaceId, now }, { first, names, addedBefore }),
      query,
    ]);
    placement = placed.written ? placed.results.of(query) : null;
  }
  const place = all.find(({ name }) => name === placement?.database);
  // Not for ever: the binding comes back with the next deployment.
  if (!place) throw new DatabaseOutage(`The workspace ${workspaceId} is in ${placement?.database}, which is not bound`);
  return place;
};

/** As bookmarks leave this module: with the database whose they are. */
const bookmarkShape = /^(DB(?:_\d+)?)\.([\w-]{1,200})$/;

const sessionIn = (place: () => Promise<NamedDatabase>, after: string | null, isFresh: boolean): DatabaseSession => {
  const [, of, given] = bookmarkShape.exec(after ?? "") ?? [];
  let at = (): string | null => null;
  const begin = async (): Promise<Database> => {
    const { name, db } = await place();
    // A database of a test may have no copies.
    if (!("withSession" in db)) return db;
    const from = isFresh ? "first-primary" : name === of && given ? given : "first-unconstrained";
    const session = (db as D1Database).withSession(from);
    at = () => {
      const bookmark = session.getBookmark();
      return bookmark === null ? null : `${name}.${bookmark}`;
    };
    return session;
  };
  let session: Promise<Database> | null = null;
  return { db: lookedUp(() => (session ??= begin())), bookmark: () => at() };
};

/** A statement whose database is still to be found. */
class Unplaced {
  readonly #text: string;
  readonly #values: readonly unknown[];

  constructor(text: string, values: readonly unknown[] = []) {
    this.#text = text;
    this.#values = values;
  }

  bind(...values: readonly unknown[]): Unplaced {
    return new Unplaced(this.#text, values);
  }

  in(db: Database): D1PreparedStatement {
    const prepared = db.prepare(this.#text);
    return this.#values.length === 0 ? prepared : prepared.bind(...this.#values);
  }
}

/** A database that is found with its first batch. Its statements have `bind` alone, which is all that `run` uses. */
export const lookedUp = (place: () => Promise<Database>): Database => ({
  prepare: (text) => new Unplaced(text) as unknown as D1PreparedStatement,
  batch: async (statements) => {
    const db = await place();
    return db.batch((statements as unknown as Unplaced[]).map((statement) => statement.in(db)));
  },
});
