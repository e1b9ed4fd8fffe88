import { describe, expect, test } from "vitest";
import type { IndexReport, IndexWork, VectorIndex } from "../shared/targets/index-protocol.ts";
import { handleIndexMessage, type IndexEnv } from "./index-vectors.ts";

const message = { taskId: "task-1", portfolioId: "noor-vega", jobId: "job-1", attempt: 1, rows: [] };

const absent = async (): Promise<never> => {
  throw new Error("not called here");
};

const createEnv = (overrides: Partial<IndexEnv> & { index?: Partial<VectorIndex> }): IndexEnv => ({
  AI: { run: absent },
  VECTORIZE: { query: absent, upsert: absent, deleteByIds: absent, getByIds: async () => [], ...overrides.index },
  AI_AGENT_INDEX: { take: absent, submitted: absent, report: absent },
  ...overrides,
});

const workOf = (count: number): IndexWork => ({
  portfolioId: "noor-vega",
  rows: Array.from({ length: count }, (_, index) => ({
    entityType: "technology",
    id: `tech-${index}`,
    vectorId: `vector-${index}`,
    version: 1,
    name: `Tech ${index}`,
    text: `Tech ${index}.`,
    contentHash: `hash-${index}`,
    submitted: false,
  })),
  tombstones: [],
});

describe("a message of cv-index", () => {
  test.each([null, "task-1", {}, { ...message, taskId: 7 }, { ...message, rows: [{ entityType: "gadget", id: "x" }] }])(
    "a malformed cv-index message is refused with a reason: %j",
    async (body) => {
      expect(await handleIndexMessage(createEnv({}), body)).toEqual({ malformed: expect.stringMatching(/\S/) });
    },
  );

  test("a cv-index message is retried while a service is down", async () => {
    const outcome = await handleIndexMessage(createEnv({}), message, 3);
    expect(outcome).toEqual({ done: false, retryInSeconds: 8, reason: "not called here" });
  });

  test("a cv-index message is retried when the model returns too few embeddings", async () => {
    const reports: IndexReport[] = [];
    const env = createEnv({
      AI: { run: async () => ({ data: [[0.1]] }) },
      AI_AGENT_INDEX: {
        take: async () => workOf(2),
        submitted: absent,
        report: async (report) => {
          reports.push(report);
          return { done: true };
        },
      },
    });
    expect(await handleIndexMessage(env, message)).toMatchObject({ done: false, reason: "2 texts gave 1 embeddings" });
    expect(reports).toEqual([]);
  });

  test("rows of several passages have one vector each, and no call has more than 100 texts", async () => {
    const calls: number[] = [];
    const upserted: VectorizeVector[] = [];
    const work = workOf(100);
    const env = createEnv({
      AI: {
        run: async (_model, { text }) => {
          calls.push(text.length);
          return { data: text.map((one) => (one.includes("end") ? [0, 1] : [1, 0])) };
        },
      },
      index: {
        upsert: async (vectors) => {
          upserted.push(...vectors);
          return { mutationId: "m" };
        },
      },
      AI_AGENT_INDEX: {
        take: async () => ({
          ...work,
          rows: work.rows.map((row) => ({ ...row, text: `${"A sentence of some words. ".repeat(70)}The end.` })),
        }),
        submitted: absent,
        report: async () => ({ done: false }),
      },
    });
    await handleIndexMessage(env, message);
    expect(calls).toEqual([100, 100]);
    expect(upserted.map(({ id }) => id)).toEqual(work.rows.map(({ vectorId }) => vectorId));
    for (const { values } of upserted) expect(Math.hypot(...values)).toBeCloseTo(1);
    expect([...(upserted[0]?.values ?? [])].every((value) => value > 0.3)).toBe(true);
  });

  test("a message whose vectors are not visible after minutes is let go, and is no dead letter", async () => {
    const submitted = workOf(1);
    const env = createEnv({
      AI: { run: async () => expect.unreachable() },
      index: { getByIds: async () => [] },
      AI_AGENT_INDEX: {
        take: async () => ({ ...submitted, rows: submitted.rows.map((row) => ({ ...row, submitted: true })) }),
        submitted: async () => expect.unreachable(),
        report: async () => expect.unreachable(),
      },
    });
    expect(await handleIndexMessage(env, message, 9)).toMatchObject({ reason: "not visible in the index yet" });
    expect(await handleIndexMessage(env, message, 10)).toEqual({ done: true });
  });

  test("the index consumer reports the visible vectors before the others are visible", async () => {
    const reports: IndexReport[] = [];
    const env = createEnv({
      AI: { run: async (_model, { text }) => ({ data: text.map(() => [0.1]) }) },
      index: {
        upsert: async () => ({ mutationId: "m" }),
        getByIds: async (ids) =>
          ids.filter((id) => id === "vector-0").map((id) => ({ id, values: [], metadata: { contentHash: "hash-0" } })),
      },
      AI_AGENT_INDEX: {
        take: async () => workOf(2),
        submitted: async () => expect.unreachable(),
        report: async (report) => {
          reports.push(report);
          return { done: false };
        },
      },
    });
    expect(await handleIndexMessage(env, message)).toMatchObject({
      done: false,
      reason: "not visible in the index yet",
    });
    expect(reports).toEqual([
      {
        taskId: "task-1",
        job: { portfolioId: "noor-vega", jobId: "job-1" },
        submitted: [{ vectorId: "vector-1", version: 1 }],
        confirmed: [{ vectorId: "vector-0", version: 1, contentHash: "hash-0", name: "Tech 0" }],
        gone: [],
      },
    ]);
  });
});
