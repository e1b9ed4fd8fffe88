/** KV, Workers AI and Vectorize with delayed visibility. */
import type { Runtime } from "./runtime.ts";

/** KV: reads may return a value that is up to a minute old (developers.cloudflare.com/kv/concepts/how-kv-works). */
export const createKv = (runtime: Runtime) => {
  const values = new Map<string, { value: string; expiresMs: number; before: string | null }>();
  return {
    get: (key: string): Promise<string | null> =>
      runtime.operate("kv get", () => {
        const found = values.get(key);
        if (!found) return null;
        if (runtime.faults.strikes("KV shows an old value")) return found.before;
        return found.expiresMs > runtime.nowMs ? found.value : null;
      }),
    put: (key: string, value: string, { expirationTtl = Number.POSITIVE_INFINITY } = {}): Promise<void> =>
      runtime.operate("kv put", () => {
        const before = values.get(key)?.value ?? null;
        values.set(key, { value, before, expiresMs: runtime.nowMs + expirationTtl * 1000 });
      }),
    delete: (key: string): Promise<void> => runtime.operate("kv delete", () => void values.delete(key)),
  };
};

/** A text's embedding: three numbers suffice, because the simulator compares no similarity. */
const embed = (text: string): number[] => {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + char.charCodeAt(0)) % 9973;
  return [hash, text.length, 1];
};

export const createWorkersAi = (runtime: Runtime) => ({
  run: (_model: string, { text }: { text: string[] }): Promise<unknown> =>
    runtime.operate("workers-ai run", () => {
      if (text.length > 100) throw new Error("AiError: at most 100 texts a call");
      if (runtime.faults.strikes("Workers AI fails")) throw new Error("AiError: 3040: Capacity temporarily exceeded");
      return { data: text.map(embed) };
    }),
});

interface Vector {
  id: string;
  namespace?: string;
  metadata?: unknown;
}

/** Vectorize: a write becomes visible seconds after it was accepted. */
export const createVectorize = (runtime: Runtime) => {
  const visible = new Map<string, Vector>();
  const later = (change: () => void): { mutationId: string } => {
    const { faults, random, scheduler } = runtime;
    scheduler.after(
      faults.strikes("Vectorize is slow") ? random.between(5000, 90_000) : random.between(200, 3000),
      change,
    );
    return { mutationId: String(random.uint32()) };
  };
  return {
    upsert: (vectors: Vector[]) =>
      runtime.operate("vectorize upsert", () =>
        later(() => {
          for (const vector of vectors) visible.set(vector.id, vector);
        }),
      ),
    deleteByIds: (ids: string[]) =>
      runtime.operate("vectorize delete", () =>
        later(() => {
          for (const id of ids) visible.delete(id);
        }),
      ),
    getByIds: (ids: string[]) =>
      runtime.operate("vectorize get", () => {
        if (ids.length > 20) throw new Error("VECTOR_GET_ERROR: at most 20 ids a call");
        return ids.flatMap((id) => visible.get(id) ?? []);
      }),
    query: (_values: number[], { namespace }: { namespace?: string }) =>
      runtime.operate("vectorize query", () => ({
        matches: [...visible.values()]
          .filter((vector) => vector.namespace === namespace)
          .map(({ id }) => ({ id, score: 0.5 })),
      })),
  };
};
