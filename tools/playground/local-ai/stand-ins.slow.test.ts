import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { entityOf } from "../../../shared/domain/portfolio/registry.ts";
import { portfolio } from "../seed/portfolio.ts";
import type { VectorizeIndexStub, WorkersAiStub } from "./index.ts";

// TensorFlow.js has to be bundled to be one copy, so this runs the Worker as wrangler builds it, called by another one.
const server = createTestHarness({
  workers: [
    { configPath: "tools/playground/local-ai/fixture/wrangler.toml" },
    { configPath: "tools/playground/local-ai/wrangler.toml" },
  ],
});
interface Bindings {
  AI: Service<typeof WorkersAiStub>;
  VECTORIZE: Service<typeof VectorizeIndexStub>;
}
let bindings: Bindings;
// The harness hands out thenables that may throw at once; these are promises.
const run = async (model: string, inputs: { text: string | string[] }) => bindings.AI.run(model, inputs);
const upsert = async (vectors: VectorizeVector[]) => bindings.VECTORIZE.upsert(vectors);
const model = "@cf/baai/bge-base-en-v1.5";

beforeAll(async () => {
  await server.listen();
  bindings = await server.getWorker<Bindings>().getEnv();
});
afterAll(() => server.close());

describe("Workers AI", () => {
  const cosine = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

  it("local Workers AI ranks a text about Rust above one about jQuery", async () => {
    const { shape, data } = await run(model, {
      text: [
        "systems programming language without garbage collector",
        "Rust. Category: Backend. Memory-safe systems programming without a garbage collector.",
        "jQuery. Category: Frontend. DOM scripting for older sites.",
      ],
    });
    const [question = [], rust = [], jquery = []] = data;
    expect(shape).toEqual([3, 768]);
    expect(cosine(question, rust)).toBeGreaterThan(cosine(question, jquery) + 0.1);
    expect(cosine(question, question)).toBeCloseTo(1, 3);
  });

  it("local Workers AI finds a technology first by its name alone", async () => {
    const rust = { name: "Rust", category: "Backend", experience_years: 1 };
    const rows = [
      ...portfolio.filter(({ entityType }) => entityType === "technology"),
      { entityType: "technology", values: rust } as const,
    ];
    const { data } = await run(model, {
      text: rows.map(({ entityType, values }) => entityOf(entityType).embeddingText(values)),
    });
    for (const name of ["Rust", "jQuery", "PostgreSQL"]) {
      const [query = []] = (await run(model, { text: name })).data;
      const scores = data.map((values) => cosine(query, values));
      const best = rows[scores.indexOf(Math.max(...scores))];
      expect(best?.values["name"]).toBe(name);
    }
  });

  it("local Workers AI gives a text the same embedding alone and in a batch", async () => {
    const alone = await run(model, { text: "TypeScript" });
    const batch = await run(model, { text: Array<string>(100).fill("TypeScript") });
    expect(batch.shape).toEqual([100, 768]);
    expect(cosine(alone.data[0] ?? [], batch.data[99] ?? [])).toBeCloseTo(1, 4);
  });

  it("local Workers AI answers in the order of the texts, whatever their lengths", async () => {
    const texts = Array.from({ length: 25 }, (_, i) => `Number ${i} ${"and more ".repeat((i * 7) % 11)}`);
    const together = await run(model, { text: texts });
    for (const i of [0, 13, 24]) {
      const alone = await run(model, { text: texts[i] ?? "" });
      expect(cosine(together.data[i] ?? [], alone.data[0] ?? [])).toBeCloseTo(1, 3);
    }
  });

  it("local Workers AI refuses other models, 101 texts and no text", async () => {
    await expect(run("@cf/meta/llama", { text: "x" })).rejects.toThrow("5007: No such model @cf/meta/llama or task");
    await expect(run(model, { text: Array<string>(101).fill("x") })).rejects.toThrow("must be <= 100, got 101");
    await expect(run(model, { text: [] })).rejects.toThrow("5006");
    await expect(run(model, { text: ["x", ""] })).rejects.toThrow("5006");
  });
});

describe("Vectorize, through a service binding", () => {
  it("local Vectorize stores the model's embeddings and rejects invalid vectors", async () => {
    const { data } = await run(model, { text: "TypeScript" });
    const [values = []] = data;
    const { mutationId } = await upsert([{ id: "typescript", values, namespace: "noor-vega" }]);
    expect(mutationId).toMatch(/^[0-9a-f-]{36}$/);
    await expect(upsert([{ id: "short", values: values.slice(1) }])).rejects.toThrow(
      'VECTOR_UPSERT_ERROR (code = 40012): invalid vector for id="short", expected 768 dimensions, and got 767 dimensions',
    );
  });
});
