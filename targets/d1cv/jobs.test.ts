import { env as bindings } from "cloudflare:test";
import { describe, expect, test } from "vitest";
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

describe("a job's key", () => {
  test("a job that was applied is not applied again, and its webhooks are resent", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("python-1")] });
    const before = await world.rows();
    const first = world.receiver.received.slice(1).map(({ webhookId }) => webhookId);
    world.receiver.received = [];

    expect(await world.apply("job-1", { inserts: [technology("python-1")] })).toMatchObject({ status: 202 });
    expect(await world.apply("job-1", { inserts: [technology("other-1")] }, { attempt: 2 })).toMatchObject({
      status: 202,
    });

    expect(await world.rows()).toEqual(before);
    expect(world.receiver.types()).toEqual(["job.completed", "job.verified", "job.completed", "job.verified"]);
    expect(world.receiver.received.map(({ webhookId }) => webhookId)).toEqual([...first, ...first]);
  });

  test("a target lists the jobs that it has applied, newest first, with their commits and rows", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("python-1")] });
    await world.apply("job-2", { inserts: [technology("python-1")] });
    await world.apply("job-3", { inserts: [technology("go-1")] });
    const listed = async (query = "") => (await world.read(`/api/admin/jobs?portfolio=noor-vega${query}`)).body;
    expect(await listed()).toMatchObject({
      jobs: [
        { jobId: "job-3", revision: 2, commit: { number: 1 }, rows: [{ entityType: "technology", id: "go-1" }] },
        { jobId: "job-1", revision: 1, attempt: 1 },
      ],
    });
    expect(await listed("&before=2")).toMatchObject({ jobs: [{ jobId: "job-1" }] });
    expect(await listed("&before=x")).toMatchObject({ error: "invalid_request" });
  });

  test("a job is applied once when its request arrives ten times at once", async () => {
    const world = setUp();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.apply("job-1", { inserts: [technology("python-1")] })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(await bindings.DB.prepare("SELECT count(*) AS count FROM callbacks").first("count")).toBe(3);
    expect(await bindings.DB.prepare("SELECT max(revision) AS revision FROM receipts").first("revision")).toBe(1);
    expect(new Set(world.receiver.received.map(({ webhookId }) => webhookId)).size).toBe(3);
  });

  test("a job is applied completely or not at all against a concurrent commit", async () => {
    const world = setUp();
    await world.apply("job-0", { inserts: [technology("python-1")] });
    const ifVersion = await versionOf(world, "python-1");
    const answers = await Promise.all(
      ["job-1", "job-2", "job-3"].map((jobId) =>
        world.apply(jobId, {
          inserts: [technology(`by-${jobId}`)],
          updates: [{ entityType: "technology", id: "python-1", changes: { summary: jobId }, ifVersion }],
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([202, 409, 409]);
    const winner = `job-${answers.findIndex(({ status }) => status === 202) + 1}`;
    const rows = await world.rows();
    expect(rows.map(({ id }) => id)).toEqual([`by-${winner}`, "python-1"]);
    expect(rows[1]?.values["summary"]).toBe(winner);
  });

  test("a job that had conflicts keeps its result, and may run with a higher attempt", async () => {
    const world = setUp();
    await world.apply("job-0", { inserts: [technology("python-1")] });
    const change = (ifVersion: string) => ({
      updates: [{ entityType: "technology" as const, id: "python-1", changes: { experience_years: 9 }, ifVersion }],
    });
    const version = await versionOf(world, "python-1");
    const refused = await world.apply("job-1", change("99"), { attempt: 2 });
    expect(refused.status).toBe(409);
    expect(await world.apply("job-1", change(version), { attempt: 2 })).toEqual(refused);
    expect(await world.apply("job-1", change(version), { attempt: 1 })).toEqual(refused);
    expect(await world.apply("job-1", change(version), { attempt: 3 })).toMatchObject({ status: 202 });
    expect(world.receiver.received.at(-1)?.body).toMatchObject({ jobId: "job-1", attempt: 3 });
  });
});

describe("a cancellation", () => {
  test("cancelling refuses a job that never arrived, but not a higher attempt", async () => {
    const world = setUp();
    expect(await world.cancel("job-1", 2)).toEqual({ status: 200, body: { state: "cancelled", result: null } });
    for (const attempt of [1, 2]) {
      expect(await world.apply("job-1", { inserts: [technology("a")] }, { attempt })).toMatchObject({
        status: 409,
        body: { error: "cancelled" },
      });
    }
    expect(await world.rows()).toEqual([]);
    expect(await world.apply("job-1", { inserts: [technology("a")] }, { attempt: 3 })).toMatchObject({ status: 202 });
  });

  test("cancelling an applied job returns its result and changes nothing", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a")] });
    expect(await world.cancel("job-1")).toMatchObject({
      body: { state: "applied", result: { inserted: 1, d1Count: 1 } },
    });
    expect(await world.rows()).toHaveLength(1);
  });

  test("cancelling between an apply's check and its batch wins", async () => {
    const world = setUp();
    let cancelled: unknown;
    const DB = watchBatches(bindings.DB, {
      before: async () => {
        cancelled ??= (await world.cancel("job-1")).body;
      },
    });
    const late = await callerOf(worker, { ...world.env, DB }, "d1cv").apply("job-1", { inserts: [technology("a")] });
    expect(cancelled).toEqual({ state: "cancelled", result: null });
    expect(late).toMatchObject({ status: 409, body: { error: "cancelled" } });
    expect(await world.rows()).toEqual([]);
  });

  test("cancelling does not change the result of a higher attempt", async () => {
    const world = setUp();
    const impossible = { deletes: [{ entityType: "technology" as const, id: "never", ifVersion: null }] };
    const refused = await world.apply("job-1", impossible, { attempt: 2 });
    expect(await world.cancel("job-1", 1)).toMatchObject({ body: { state: "cancelled" } });
    await world.apply("job-2", { inserts: [technology("never")] });
    expect(await world.apply("job-1", impossible, { attempt: 2 })).toEqual(refused);
  });
});

describe("a job's report", () => {
  const report = async (world: ReturnType<typeof setUp>, jobId: string) =>
    world.read(`/api/admin/jobs/${jobId}?portfolio=noor-vega`);

  test("a target reports a job as applied, failed, cancelled or not found", async () => {
    const world = setUp();
    await world.apply("job-1", { inserts: [technology("a")] });
    await world.apply("job-2", { inserts: [technology("a")] });
    await world.cancel("job-3");
    expect((await report(world, "job-1")).body).toEqual({
      jobId: "job-1",
      attempt: 1,
      state: "applied",
      stage: null,
      result: { inserted: 1, updated: 0, deleted: 0, d1Count: 1, vectorCount: null, synced: null },
      error: null,
      searchableAt: null,
      verifiedAt: expect.any(String),
    });
    expect((await report(world, "job-2")).body).toMatchObject({
      state: "failed",
      error: { code: "conflict" },
      result: null,
    });
    expect((await report(world, "job-3")).body).toMatchObject({ state: "cancelled", result: null });
    expect((await report(world, "job-4")).status).toBe(404);
  });
});
