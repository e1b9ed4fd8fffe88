/** Strict stand-ins for Workers AI and Vectorize at the boundary: they enforce the documented limits. */
import type { DescribedIndex } from "../describe-index.ts";
import { embeddingModel } from "../../../shared/targets/embedding.ts";
import { type EmbeddingModel, type IndexMessage, type VectorIndex } from "../../../shared/targets/index-protocol.ts";

const dimensions = 768;

/** Deterministic embeddings: texts with common words are similar. */
export class FakeModel implements EmbeddingModel {
  /** The number of texts in each call. */
  calls: number[] = [];

  run = async (model: typeof embeddingModel, { text }: { text: string[] }): Promise<{ data: number[][] }> => {
    if (model !== embeddingModel) throw new Error(`unknown model ${String(model)}`);
    if (text.length === 0 || text.length > 100) throw new Error(`${text.length} texts in a call`);
    this.calls.push(text.length);
    return { data: text.map((one) => embed(asRead(one))) };
  };
}

/** The model reads 512 tokens, of which each word is one at least. */
const asRead = (text: string): string => text.split(/\s+/).slice(0, 512).join(" ");

const embed = (text: string): number[] => {
  const vector = Array.from({ length: dimensions }, () => 0.001);
  for (const word of text.toLowerCase().match(/[a-z0-9+#]+/g) ?? []) {
    let hash = 7;
    for (const char of word) hash = (hash * 31 + char.charCodeAt(0)) % dimensions;
    vector[hash] = (vector[hash] ?? 0) + 1;
  }
  return vector;
};

/** An index whose mutations wait until `settle()` when `isLate` is set. */
export class FakeIndex implements VectorIndex, DescribedIndex {
  vectors = new Map<string, VectorizeVector>();
  isLate = false;
  upserts = 0;
  #waiting: (() => void)[] = [];

  /** Of the whole index, which real ones are made with. */
  dimensions: number = dimensions;

  async describe(): Promise<VectorizeIndexInfo> {
    return {
      vectorCount: this.vectors.size,
      dimensions: this.dimensions,
      processedUpToDatetime: 0,
      processedUpToMutation: 0,
    };
  }

  settle(): void {
    for (const mutation of this.#waiting.splice(0)) mutation();
  }

  #mutate(mutation: () => void): VectorizeAsyncMutation {
    this.#waiting.push(mutation);
    if (!this.isLate) this.settle();
    return { mutationId: crypto.randomUUID() };
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    if (vectors.length === 0 || vectors.length > 1000) throw new Error(`${vectors.length} vectors in an upsert`);
    for (const { id, values, namespace, metadata } of vectors) {
      if (new TextEncoder().encode(id).length > 64) throw new Error(`id of more than 64 bytes: ${id}`);
      if (values.length !== dimensions) throw new Error(`${values.length} dimensions`);
      if (!namespace || namespace.length > 64) throw new Error("no namespace");
      if (JSON.stringify(metadata ?? {}).length > 10_240) throw new Error("metadata over 10 KiB");
    }
    this.upserts += 1;
    return this.#mutate(() => {
      for (const vector of vectors) this.vectors.set(vector.id, vector);
    });
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    return this.#mutate(() => {
      for (const id of ids) this.vectors.delete(id);
    });
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    if (ids.length === 0 || ids.length > 20) throw new Error(`${ids.length} ids in getByIds`);
    return ids.flatMap((id) => this.vectors.get(id) ?? []);
  }

  async query(vector: VectorFloatArray | number[], options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    const { topK = 5, namespace, returnMetadata = "none", returnValues = false } = options;
    const limit = returnValues || returnMetadata === "all" ? 20 : 100;
    if (topK > limit) throw new Error(`topK ${topK} over ${limit}`);
    const matches = [...this.vectors.values()]
      .filter((candidate) => candidate.namespace === namespace)
      .map(({ id, values }) => ({ id, score: cosine([...vector], [...values]) }))
      .toSorted((left, right) => right.score - left.score)
      .slice(0, topK);
    return { matches, count: matches.length };
  }
}

const cosine = (left: number[], right: number[]): number => {
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
};

/** Records the sent messages. */
export class FakeQueue {
  messages: IndexMessage[] = [];
  isDown = false;

  sendBatch = async (batch: Iterable<{ body: IndexMessage }>): Promise<QueueSendBatchResponse> => {
    if (this.isDown) throw new Error("the queue is down");
    const bodies = [...batch].map(({ body }) => body);
    if (bodies.length > 100) throw new Error("more than 100 messages in a batch");
    if (JSON.stringify(bodies).length > 256_000) throw new Error("a batch over 256 KB");
    this.messages.push(...bodies);
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) } } };
  };
}
