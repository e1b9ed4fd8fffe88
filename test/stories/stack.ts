/** The whole local stack for one file of stories, as `npm start` runs it, in a separate folder, with built pages. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { PortfolioRows } from "../../tools/playground/client-protocol.ts";
import type { FaultName } from "../../tools/playground/faults.ts";
import { migrate } from "../../tools/playground/migrate.ts";
import { type Stack, findFreePort, makeReady, startStack } from "../../tools/playground/stack.ts";

export interface StoryStack {
  url: string;
  /** The next log line of any Worker with this `event` and these fields. Call it before the action that logs it. */
  logged: (event: string, fields?: Record<string, unknown>) => Promise<void>;
  /** All log lines of the Workers with this trace so far. */
  traced: (traceId: string) => Record<string, unknown>[];
  /** Runs the cron of every Worker. */
  tick: () => Promise<void>;
  /** Empties the databases and loads the portfolio again. */
  reset: () => Promise<void>;
  rows: (target: "d1cv" | "ai-agent") => Promise<PortfolioRows["rows"]>;
  /** Starts or ends a fault, by its name in tools/playground/faults.ts. */
  breaks: (name: FaultName, on?: boolean) => Promise<void>;
  /** The file of the database that has this table, for reading after the stack has stopped. */
  databaseFile: (table: string) => Promise<string>;
  /** Kills the process, as a power cut would. */
  kill: () => Promise<void>;
  /** Stops the process in an orderly way. */
  stop: () => Promise<void>;
  /** Starts on the same port and data, including the later steps of `npm start`. */
  startAgain: () => Promise<void>;
  /** Stops the stack and deletes its data. */
  remove: () => Promise<void>;
  /** The last log lines, for a failed story. */
  tail: () => string;
}

const tailLines = 60;
/** wrangler's output for every start and every request. */
const isNoise = /^(env\.|Binding |\S+ has access to|\[wrangler:info\] (GET|POST) \/playground\/client|\s*$)/;

/**
 * @param env settings of the Workers; a function receives the stack's address
 * @param prepare writes rows of its own into the staging database, by its file, before the Workers start
 */
export const startStory = async (
  env: (url: string) => Record<string, string> = () => ({}),
  prepare: (staging: string) => void = () => undefined,
): Promise<StoryStack> => {
  const persistTo = await mkdtemp(join(tmpdir(), "cv-ops-story-"));
  const [port] = await Promise.all([findFreePort(), migrate(persistTo)]);
  prepare(await findDatabase(persistTo, "staged_changes"));
  const url = `http://localhost:${port}`;
  const waiting = new Set<(line: string) => void>();
  const log: string[] = [];
  const post = async (path: string, body?: object): Promise<void> => {
    const response = await fetch(`${url}/playground/client/${path}`, {
      method: "POST",
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The stack could not ${path}: ${response.status} ${text}`);
  };

  /** As `npm start` does it. */
  const start = async (): Promise<Stack> => {
    const started = await startStack({
      port,
      persistTo,
      env: env(url),
      onLog: (line) => {
        if (!isNoise.test(line)) log.push(line);
        for (const look of waiting) look(line);
      },
    });
    await makeReady(url);
    return started;
  };

  let stack = await start();
  return {
    url,
    logged: (event, fields = {}) =>
      new Promise((resolve) => {
        const look = (line: string): void => {
          if (!isAbout(line, { event, ...fields })) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      }),
    traced: (traceId) =>
      log.flatMap((line) => {
        const logged = eventIn(line);
        return logged?.["traceId"] === traceId ? [logged] : [];
      }),
    tick: () => post("tick"),
    reset: () => post("reset"),
    rows: async (target) => {
      const response = await fetch(`${url}/playground/client/portfolio?target=${target}&type=technology`);
      const body: PortfolioRows = JSON.parse(await response.text());
      return body.rows;
    },
    breaks: (name, on = true) => post("fault", { name, on }),
    databaseFile: (table) => findDatabase(persistTo, table),
    kill: () => stack.kill(),
    stop: () => stack.stop(),
    startAgain: async () => {
      stack = await start();
    },
    remove: async () => {
      await stack.kill();
      await rm(persistTo, { recursive: true, force: true });
    },
    tail: () => log.slice(-tailLines).join("\n"),
  };
};

/** wrangler names a database file by a hash: the file is found by one of its tables. */
const findDatabase = async (persistTo: string, table: string): Promise<string> => {
  const folder = join(persistTo, "v3/d1/miniflare-D1DatabaseObject");
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".sqlite") || name.startsWith("metadata")) continue;
    const database = new DatabaseSync(join(folder, name), { readOnly: true });
    const found = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table);
    database.close();
    if (found) return join(folder, name);
  }
  throw new Error(`No database of the stack has a table ${table}`);
};

/** A log line is JSON after the Worker's name: `[cv-ops-d1cv] {"event":"target.apply",…}`. */
const isAbout = (line: string, fields: Record<string, unknown>): boolean => {
  const logged = eventIn(line);
  return logged !== null && Object.entries(fields).every(([name, value]) => logged[name] === value);
};

const eventIn = (line: string): Record<string, unknown> | null => {
  const [, json] = /^(?:\[[\w-]+\] )?(\{.*\})$/.exec(line) ?? [];
  return json === undefined ? null : JSON.parse(json);
};
