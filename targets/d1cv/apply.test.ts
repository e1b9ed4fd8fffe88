import { env as bindings } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { traceIdOf } from "../../shared/trace.ts";
import { callerOf, Receiver, targetVariables, technology, watchBatches } from "../service/testing/kit.ts";
import worker from "./index.ts";

const setUp = () => {
  const receiver = new Receiver();
  const env = { ...bindings, ...targetVariables, CV_OPS: receiver };
  return { ...callerOf(worker, env, "d1cv"), receiver, env };
};

const versionOf = async (world: ReturnType<typeof setUp>, id: string): Promise<string> => {
  const row = (await world.rows()).find((candidate) => candidate.id === id);
  if (!row) throw new Error(`no row ${id}`);
  return row.version;
};

describe("a commit", () => {
  test("d1cv inserts, updates and soft-deletes a commit's rows, and reports it", async () => {
    const world = setUp();
    await world.apply("job-1", {
      inserts: [technology("python-1", { experience_years: 5, is_featured: true }), technology("jquery-1")],
    });
    const version = await versionOf(world, "python-1");
    world.receiver.received = [];

    const answer = await world.apply(
      "job-2",
      {
        inserts: [technology("rust-1", { name: "Rust", experience_years: 1.5 })],
        updates: [
          {
            entityType: "technology",
            id: "python-1",
            changes: { experience_years: 8, is_featured: null },
            ifVersion: version,
          },
        ],
        deletes: [{ entityType: "technology", id: "jquery-1", ifVersion: null }],
      },
      {},
      { headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } },
    );

    expect(answer).toEqual({ status: 202, body: { accepted: true } });
    const rows = await world.rows();
    expect(
      rows.map(({ id, values, deletedAt }) => [id, values["experience_years"], values["is_featured"], deletedAt]),
    ).toEqual([
      ["jquery-1", null, null, expect.any(String)],
      ["python-1", 8, null, null],
      ["rust-1", 1.5, null, null],
    ]);
    expect(await versionOf(world, "python-1")).not.toBe(version);
    expect(world.receiver.received.map(({ body }) => body)).toMatchObject([
      { type: "job.progress", jobId: "job-2", attempt: 1, target: "d1cv", stage: "writing", percent: 40 },
      {
        type: "job.completed",
        result: { inserted: 1, updated: 1, deleted: 1, d1Count: 2, vectorCount: null, synced: null },
      },
      { type: "job.verified", result: { d1Count: 2, vectorCount: null, synced: true } },
    ]);
    const spans = world.receiver.received.map(({ traceparent }) => traceparent);
    expect(spans.map(traceIdOf)).toEqual(spans.map(() => "0af7651916cd43dd8448eb211c80319c"));
    expect(new Set([...spans, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]).size).toBe(spans.length + 1);
  });

  test("d1cv propagates no trace when the request has none or an invalid one", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a")] });
    await world.apply("job-2", { inserts: [technology("b")] }, {}, { headers: { traceparent: "00-trace-span-01" } });
    expect(new Set(world.receiver.received.map(({ traceparent }) => traceparent))).toEqual(new Set([null]));
  });

  test("d1cv stores values of every kind, with the author of each write", async () => {
    const world = setUp();
    const values = {
      company: 'Harbour "Labs"',
      role: "Engineer",
      start_date: "2021-03",
      end_date: null,
      location: null,
      summary: "Line one\nline two, ünïcode 🚢",
      technologies: ["TypeScript", 'with "quotes", commas'],
      highlights: [],
    };
    await world.apply("job-1", { inserts: [{ entityType: "experience", id: "harbour", values }] });
    expect((await world.rows("experience"))[0]?.values).toEqual(values);
    await world.apply(
      "job-2",
      { deletes: [{ entityType: "experience", id: "harbour", ifVersion: null }] },
      { actor: "slack:U0BLAKE01" },
    );
    const row = await bindings.DB.prepare("SELECT updated_by, deleted_by, deleted_at FROM experience").first();
    expect(row).toEqual({
      updated_by: "slack:U0BLAKE01",
      deleted_by: "slack:U0BLAKE01",
      deleted_at: expect.stringMatching(/^\d{4}-/),
    });
  });

  test("d1cv applies nothing when one row conflicts, and lists every conflict", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("python-1"), technology("css-1"), technology("jquery-1")] });
    await world.apply("job-2", { deletes: [{ entityType: "technology", id: "jquery-1", ifVersion: null }] });
    const before = await world.rows();
    world.receiver.received = [];

    const answer = await world.apply("job-3", {
      inserts: [technology("new-1"), technology("python-1"), technology("jquery-1")],
      updates: [
        { entityType: "technology", id: "css-1", changes: { experience_years: 1 }, ifVersion: "77" },
        { entityType: "technology", id: "never-1", changes: { experience_years: 1 }, ifVersion: null },
      ],
    });

    const version = (id: string) => before.find((row) => row.id === id)?.version;
    expect(answer).toEqual({
      status: 409,
      body: {
        error: "conflict",
        message: expect.any(String),
        conflicts: [
          { entityType: "technology", id: "python-1", reason: "exists", expected: null, actual: version("python-1") },
          { entityType: "technology", id: "jquery-1", reason: "exists", expected: null, actual: version("jquery-1") },
          { entityType: "technology", id: "css-1", reason: "version", expected: "77", actual: version("css-1") },
          { entityType: "technology", id: "never-1", reason: "missing", expected: null, actual: null },
        ],
      },
    });
    expect(await world.rows()).toEqual(before);
    expect(world.receiver.received).toEqual([]);
  });

  test("d1cv refuses to update or delete a deleted row", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a"), technology("b")] });
    await world.apply("job-2", {
      deletes: [
        { entityType: "technology", id: "a", ifVersion: null },
        { entityType: "technology", id: "b", ifVersion: null },
      ],
    });
    const answer = await world.apply("job-3", {
      updates: [{ entityType: "technology", id: "a", changes: { level: "Expert" }, ifVersion: null }],
      deletes: [{ entityType: "technology", id: "b", ifVersion: null }],
    });
    expect(answer).toMatchObject({ status: 409, body: { conflicts: [{ reason: "missing" }, { reason: "missing" }] } });
  });

  test("d1cv applies 500 operations in one batch of few statements", async () => {
    const world = setUp();
    const ids = Array.from({ length: 500 }, (_, index) => `tech-${index}`);
    await world.apply("job-1", { inserts: ids.slice(0, 300).map((id) => technology(id)) });
    const batches: D1Result[][] = [];
    const counted = watchBatches(bindings.DB, { after: (results) => void batches.push(results) });
    const caller = callerOf(worker, { ...world.env, DB: counted }, "d1cv");
    const answer = await caller.apply("job-2", {
      inserts: ids.slice(300).map((id) => technology(id)),
      updates: ids
        .slice(0, 200)
        .map((id) => ({ entityType: "technology", id, changes: { experience_years: 3 }, ifVersion: "1" })),
      deletes: ids.slice(200, 300).map((id) => ({ entityType: "technology", id, ifVersion: "1" })),
    });
    expect(answer.status).toBe(202);
    expect(world.receiver.received.at(-1)?.body).toMatchObject({
      type: "job.verified",
      result: { d1Count: 400, synced: true },
    });
    expect(batches[0]?.length).toBeLessThanOrEqual(14);
    // A table scan for every operation would read 40,000 rows and more.
    for (const { meta } of batches[0] ?? []) expect(meta.rows_read).toBeLessThan(3_000);
    const rows = await world.rows();
    expect(rows.filter(({ values }) => values["experience_years"] === 3)).toHaveLength(200);
    expect(rows.filter(({ deletedAt }) => deletedAt !== null)).toHaveLength(100);
  });

  test("d1cv stores a commit of the maximum size that is full of escapes", async () => {
    const world = setUp();
    const highlights = Array.from({ length: 30 }, () => '"'.repeat(290));
    const inserts = Array.from({ length: 50 }, (_, index) => ({
      entityType: "experience" as const,
      id: `exp-${index}`,
      values: { company: "Harbour Labs", role: "Engineer", start_date: "2021", highlights },
    }));
    expect(JSON.stringify(inserts).length).toBeGreaterThan(870_000);
    expect(await world.apply("job-1", { inserts })).toMatchObject({ status: 202 });
    expect((await world.rows("experience"))[49]?.values["highlights"]).toEqual(highlights);
    expect(world.receiver.received.at(-1)?.body).toMatchObject({ type: "job.verified", result: { synced: true } });
  });
});

describe("portfolios", () => {
  test("d1cv separates portfolios with the same row and job ids", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("python-1", { name: "Noor's" })] });
    const answer = await world.apply(
      "job-1",
      { inserts: [technology("python-1", { name: "Ada's" }), technology("ada-1")] },
      { portfolioId: "ada-lindt" },
    );
    expect(answer.status).toBe(202);
    await world.apply("job-2", { deletes: [{ entityType: "technology", id: "ada-1", ifVersion: null }] });
    await world.apply("job-3", { deletes: [{ entityType: "technology", id: "python-1", ifVersion: null }] });
    expect(
      (await world.rows("technology", "ada-lindt")).map(({ values, deletedAt }) => [values["name"], deletedAt]),
    ).toEqual([
      ["ada-1", null],
      ["Ada's", null],
    ]);
    expect((await world.rows()).map(({ deletedAt }) => deletedAt)).toEqual([expect.any(String)]);
  });
});

describe("rows", () => {
  test("d1cv shows a list that somebody wrote as text, and hides no other row for it", async () => {
    const world = setUp();
    const project = (id: string) => ({ entityType: "project" as const, id, values: { name: id, description: "x" } });
    await world.apply("job-1", { inserts: [project("a"), project("b")] });
    await world.env.DB.prepare("UPDATE project SET technologies = 'Rust, Go' WHERE id = 'a'").run();
    expect((await world.rows("project")).map(({ values }) => values["technologies"])).toEqual(["Rust, Go", null]);
  });

  test("d1cv reads live rows: all, by ids, or one by one", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a"), technology("b"), technology("c")] });
    await world.apply("job-2", { deletes: [{ entityType: "technology", id: "b", ifVersion: null }] });
    const ids = async (path: string) => {
      const { body } = await world.read(`/api/portfolios/noor-vega/technology${path}`);
      return (body as { rows: { id: string }[] }).rows.map(({ id }) => id);
    };
    expect(await ids("")).toEqual(["a", "c"]);
    expect(await ids("?id=a&id=b")).toEqual(["a"]);
    expect(await ids("?id=a&id=b&include=deleted")).toEqual(["a", "b"]);
    expect((await world.read("/api/portfolios/noor-vega/technology/a")).body).toMatchObject({
      row: { id: "a", version: "1" },
    });
    expect((await world.read("/api/portfolios/noor-vega/technology/b")).status).toBe(404);
    expect((await world.read("/api/portfolios/noor-vega/gadget")).status).toBe(404);
  });
});

describe("verification", () => {
  test("d1cv verifies a commit by cron after its Worker ended, and reports differences", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a"), technology("b")] });
    const operations = { inserts: [technology("a", { name: "Something else" })], updates: [], deletes: [] };
    await bindings.DB.batch([
      bindings.DB.prepare("UPDATE receipts SET verified_at = NULL"),
      bindings.DB.prepare("INSERT INTO verifications VALUES ('noor-vega', 'job-1', ?1)").bind(
        JSON.stringify(operations),
      ),
    ]);
    await world.cron();
    expect(world.receiver.received.at(-1)?.body).toMatchObject({
      type: "job.verified",
      jobId: "job-1",
      result: { synced: false },
    });
    expect(await bindings.DB.prepare("SELECT count(*) AS count FROM verifications").first("count")).toBe(0);
  });

  test("d1cv's verify finds rows that violate the entity's rules", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a"), technology("b")] });
    expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toMatchObject({
      d1Count: 2,
      synced: true,
    });
    await bindings.DB.prepare("UPDATE technology SET experience_years = 900 WHERE id = 'b'").run();
    expect((await world.read("/api/admin/verify?portfolio=noor-vega")).body).toMatchObject({
      synced: false,
      mismatches: [{ entityType: "technology", id: "b", reason: expect.stringContaining("experience_years") }],
    });
  });
});
