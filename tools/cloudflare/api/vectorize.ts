import type { Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../answers.ts";
import { type Cloud, now } from "../cloud.ts";
import type { VectorIndex } from "../state.ts";

const base = "/accounts/:account/vectorize/v2/indexes";
// developers.cloudflare.com/vectorize/platform/limits
const maxIndexes = { free: 100, paid: 50_000 };
const maxDimensions = 1536;
const maxMetadataIndexes = 10;

const presets: Record<string, { dimensions: number; metric: string }> = {
  "@cf/baai/bge-small-en-v1.5": { dimensions: 384, metric: "cosine" },
  "@cf/baai/bge-base-en-v1.5": { dimensions: 768, metric: "cosine" },
  "@cf/baai/bge-large-en-v1.5": { dimensions: 1024, metric: "cosine" },
};

const created = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  description: z.string().nullish(),
  config: z.union([
    z.object({
      dimensions: z.int().min(1).max(maxDimensions),
      metric: z.enum(["cosine", "euclidean", "dot-product"]),
    }),
    z.object({ preset: z.string() }),
  ]),
});
const metadataIndex = z.object({ propertyName: z.string(), indexType: z.enum(["string", "number", "boolean"]) });

export const addVectorize = (api: Hono, { store, plan, runtime }: Cloud): void => {
  const find = (name: string): VectorIndex => {
    const found = store.state.indexes.find((index) => index.name === name);
    if (!found) throw new Refusal(404, 3000, `vectorize.index.not_found - Index name "${name}"`);
    return found;
  };

  api.get(base, () => answer(store.state.indexes.map(shown)));
  api.get(`${base}/:index`, (c) => answer(shown(find(c.req.param("index")))));
  api.get(`${base}/:index/info`, (c) => {
    const { config } = find(c.req.param("index"));
    return answer({ dimensions: config.dimensions, vectorCount: 0 });
  });

  api.post(base, async (c) => {
    const body = created.safeParse(await c.req.json());
    if (!body.success) throw new Refusal(400, 1001, `vectorize.invalid_request - ${body.error.message}`);
    const { name, description, config } = body.data;
    const chosen = "preset" in config ? presets[config.preset] : config;
    if (!chosen) throw new Refusal(400, 1001, "vectorize.unknown_preset");
    // The words: alchemy-run/alchemy-async#650. The code is not documented.
    if (store.state.indexes.some((index) => index.name === name)) {
      throw new Refusal(409, 3002, `vectorize.index.duplicate_name - Index name "${name}"`);
    }
    if (store.state.indexes.length >= maxIndexes[plan]) {
      throw new Refusal(403, 3003, "vectorize.index.too_many - the maximum number of indexes has been reached");
    }
    const index: VectorIndex = {
      name,
      description: description ?? "",
      config: chosen,
      created_on: now(),
      metadataIndexes: [],
    };
    store.state.indexes.push(index);
    store.save();
    runtime.invalidate();
    return answer(shown(index));
  });

  api.delete(`${base}/:index`, (c) => {
    const index = find(c.req.param("index"));
    store.state.indexes = store.state.indexes.filter((each) => each !== index);
    store.save();
    runtime.invalidate();
    return answer(null);
  });

  api.post(`${base}/:index/metadata_index/create`, async (c) => {
    const index = find(c.req.param("index"));
    const wanted = metadataIndex.parse(await c.req.json());
    if (index.metadataIndexes.some(({ propertyName }) => propertyName === wanted.propertyName)) {
      throw new Refusal(409, 3006, `vectorize.metadata_index.duplicate - "${wanted.propertyName}"`);
    }
    if (index.metadataIndexes.length >= maxMetadataIndexes) {
      throw new Refusal(400, 3007, "vectorize.metadata_index.too_many - an index has at most 10");
    }
    index.metadataIndexes.push(wanted);
    store.save();
    return answer({ mutationId: crypto.randomUUID() });
  });

  api.get(`${base}/:index/metadata_index/list`, (c) => {
    const { metadataIndexes } = find(c.req.param("index"));
    return answer({ metadataIndexes });
  });
};

const shown = ({ name, description, config, created_on }: VectorIndex) => ({
  name,
  description,
  config,
  created_on,
  modified_on: created_on,
});
