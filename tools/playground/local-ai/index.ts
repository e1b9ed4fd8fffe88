/** Stand-ins for Workers AI and Vectorize under production's binding names: same methods, limits and delays. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { embed, modelDimensions } from "./embed.ts";
import { checkIds, checkQuery, checkVectors } from "./vectorize-rules.ts";
import type { IndexDescription } from "./vectors.ts";

export { Vectors } from "./vectors.ts";

const embeddingModel = "@cf/baai/bge-base-en-v1.5";
const maxTextsPerCall = 100;
/** The rest is left out without a word. Each word is one token at least, so this reads no less than the real model. */
const maxTokens = 512;
const asRead = (text: string): string =>
  text
    .split(/(?<=\s)(?=\S)/)
    .slice(0, maxTokens)
    .join("");
/** There is one index here; production names it in its binding. */
const indexOf = (env: Env) => env.VECTORS.get(env.VECTORS.idFromName(env.INDEX_NAME));
const dimensionsOf = (env: Env): number => Number(env.INDEX_DIMENSIONS);

export class WorkersAiStub extends WorkerEntrypoint<Env> {
  /** As `env.AI.run` for the one model here; another model, or input that it refuses, rejects like Workers AI. */
  async run(
    model: string,
    inputs: { text: string | string[] },
  ): Promise<{ shape: [number, number]; data: number[][] }> {
    if (model !== embeddingModel) throw new Error(`5007: No such model ${model} or task`);
    const texts = typeof inputs.text === "string" ? [inputs.text] : inputs.text;
    if (!Array.isArray(texts) || texts.length === 0 || texts.some((text) => typeof text !== "string" || text === "")) {
      throw new Error(
        "5006: Error: required properties at '/' are 'text': a text, or a list of texts that are not empty",
      );
    }
    if (texts.length > maxTextsPerCall) {
      throw new Error(`5006: Error: Length of '/text' must be <= ${maxTextsPerCall}, got ${texts.length}`);
    }
    return { shape: [texts.length, modelDimensions], data: await embed(texts.map(asRead)) };
  }
}

export class VectorizeIndexStub extends WorkerEntrypoint<Env> {
  async insert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    checkVectors("INSERT", vectors, dimensionsOf(this.env));
    return { mutationId: await indexOf(this.env).write("insert", vectors) };
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    checkVectors("UPSERT", vectors, dimensionsOf(this.env));
    return { mutationId: await indexOf(this.env).write("upsert", vectors) };
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    checkIds("DELETE", ids);
    return { mutationId: await indexOf(this.env).deleteByIds(ids) };
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    checkIds("GET", ids);
    return indexOf(this.env).getByIds(ids);
  }

  async query(vector: VectorFloatArray | number[], options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    checkQuery(vector, options, dimensionsOf(this.env));
    return indexOf(this.env).query([...vector], options);
  }

  async describe(): Promise<IndexDescription> {
    return indexOf(this.env).describe();
  }
}

export default {
  /** `POST /reset` empties the index. Only service bindings reach this Worker. */
  async fetch(request, env): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/reset") {
      return new Response("Not found", { status: 404 });
    }
    await indexOf(env).reset();
    return Response.json({ ok: true });
  },
} satisfies ExportedHandler<Env>;
