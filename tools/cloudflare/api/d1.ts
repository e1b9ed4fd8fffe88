import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hono } from "hono";
import { z } from "zod";
import { answer, answerPage, Refusal } from "../answers.ts";
import { type Cloud, now } from "../cloud.ts";
import { statementsOf } from "../d1-statements.ts";
import type { Database } from "../state.ts";

// developers.cloudflare.com/d1/platform/limits
const maxBoundParameters = 100;
const maxStatementBytes = 100_000;
const maxDatabases = { free: 10, paid: 50_000 };
const base = "/accounts/:account/d1/database";

const locations = ["wnam", "enam", "weur", "eeur", "apac", "oc"] as const;
const created = z.object({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  primary_location_hint: z.enum(locations).optional(),
  jurisdiction: z.enum(["eu", "fedramp", "us"]).optional(),
});
const query = z.object({
  sql: z.string(),
  params: z.array(z.unknown()).optional(),
});
const imported = z.discriminatedUnion("action", [
  z.object({ action: z.literal("init"), etag: z.string() }),
  z.object({ action: z.literal("ingest"), etag: z.string(), filename: z.string() }),
  z.object({ action: z.literal("poll"), current_bookmark: z.string() }),
]);

const sqlFailure = (message: string): Refusal => new Refusal(400, 7500, message);

export const addD1 = (api: Hono, cloud: Cloud): void => {
  const { store, runtime } = cloud;
  const find = (idOrName: string): Database => {
    const found = store.state.databases.find(({ uuid, name }) => uuid === idOrName || name === idOrName);
    if (!found) throw new Refusal(404, 7404, `The database ${idOrName} could not be found`);
    return found;
  };

  api.get(base, (c) => {
    const name = c.req.query("name");
    const found = store.state.databases.filter((database) => name === undefined || database.name.includes(name));
    return answerPage(found.map(shown), new URL(c.req.url).searchParams, 100);
  });

  api.post(base, async (c) => {
    const body = created.safeParse(await c.req.json());
    // distilled: InvalidProperty
    if (!body.success) throw new Refusal(400, 7400, `The request is malformed: ${body.error.message}`);
    const { name, primary_location_hint, jurisdiction } = body.data;
    // wrangler names both codes: createD1Database.
    if (store.state.databases.some((database) => database.name === name)) {
      throw new Refusal(400, 7502, `A database with the name '${name}' already exists`);
    }
    if (store.state.databases.length >= maxDatabases[cloud.plan]) {
      throw new Refusal(400, 7406, "The maximum number of databases has been reached");
    }
    const database: Database = {
      uuid: randomUUID(),
      name,
      created_at: now(),
      location: primary_location_hint ?? null,
      jurisdiction: jurisdiction ?? null,
    };
    store.state.databases.push(database);
    store.save();
    runtime.invalidate();
    return answer(shown(database));
  });

  api.get(`${base}/:database`, (c) => answer({ ...shown(find(c.req.param("database"))), file_size: 0, num_tables: 0 }));

  api.delete(`${base}/:database`, (c) => {
    const database = find(c.req.param("database"));
    store.state.databases = store.state.databases.filter((each) => each !== database);
    store.save();
    runtime.invalidate();
    return answer(null);
  });

  api.post(`${base}/:database/query`, async (c) => {
    const { uuid } = find(c.req.param("database"));
    const { sql, params = [] } = query.parse(await c.req.json());
    return answer(await run(cloud, uuid, statementsOf(sql, { oneLine: cloud.cutsTriggersOverLines }), params));
  });

  addImport(api, cloud, find);
};

const shown = ({ location, jurisdiction, ...database }: Database) => ({
  ...database,
  version: "production",
  ...(location !== null && { running_in_region: location.toUpperCase() }),
  ...(jurisdiction !== null && { jurisdiction }),
});

/** All statements or none, as "this migration will be rolled back" says in D1's documentation of migrations. */
const run = async (
  { runtime }: Cloud,
  uuid: string,
  statements: readonly string[],
  params: readonly unknown[],
): Promise<unknown[]> => {
  if (statements.length === 0) throw sqlFailure("No SQL statements detected.");
  if (statements.length > 1 && params.length > 0) {
    throw sqlFailure("Parameters cannot be bound to more than one statement");
  }
  if (params.length > maxBoundParameters) throw sqlFailure("too many SQL variables: SQLITE_ERROR");
  if (statements.some((statement) => Buffer.byteLength(statement) > maxStatementBytes)) {
    throw sqlFailure("statement too long: SQLITE_TOOBIG");
  }
  const db = await runtime.database(uuid);
  try {
    return await db.batch(statements.map((statement) => db.prepare(statement).bind(...params)));
  } catch (cause) {
    throw sqlFailure(sqlMessage(cause));
  }
};

const sqlMessage = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/^D1_ERROR: /, "");

/** `d1 execute --file`: the file goes to storage first, and SQLite itself reads it whole. */
const addImport = (api: Hono, cloud: Cloud, find: (idOrName: string) => Database): void => {
  const { store } = cloud;
  const folder = join(store.directory, "imports");
  const finished = new Map<string, object>();

  api.post(`${base}/:database/import`, async (c) => {
    const { uuid } = find(c.req.param("database"));
    const body = imported.parse(await c.req.json());
    if (body.action === "init") {
      const filename = `${uuid}-${body.etag}.sql`;
      return answer({ success: true, filename, upload_url: `${cloud.origin()}/upload/${filename}` });
    }
    if (body.action === "poll") {
      return answer(
        finished.get(body.current_bookmark) ?? { success: false, error: "Not currently importing anything." },
      );
    }
    const sql = readFileSync(join(folder, body.filename), "utf8");
    const outcome = { ...(await importFile(cloud, uuid, sql)), at_bookmark: randomUUID() };
    finished.set(outcome.at_bookmark, outcome);
    return answer(outcome);
  });

  api.put("/upload/:file", async (c) => {
    const contents = Buffer.from(await c.req.arrayBuffer());
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, c.req.param("file")), contents);
    const etag = createHash("md5").update(contents).digest("hex");
    return new Response(null, { status: 200, headers: { etag: `"${etag}"` } });
  });
};

const importFile = async ({ runtime }: Cloud, uuid: string, sql: string): Promise<object> => {
  const db = await runtime.database(uuid);
  const kind = { type: "import", messages: [] };
  try {
    const statements = statementsOf(sql);
    // The local D1 takes 100 KB at once, where Cloudflare takes a file of 5 GB; a batch is whole or not at all, too.
    const isLong = Buffer.byteLength(sql) > maxStatementBytes;
    const [ran] = await db.batch(isLong ? statements.map((one) => db.prepare(one)) : [db.prepare(sql)]);
    const result = { num_queries: statements.length, final_bookmark: randomUUID(), meta: ran?.meta };
    return { success: true, status: "complete", ...kind, result };
  } catch (cause) {
    return { success: true, status: "error", ...kind, errors: [sqlMessage(cause)] };
  }
};
