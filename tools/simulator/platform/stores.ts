/** KV, Workers AI and Vectorize with delayed visibility. */
import type { Runtime } from "./runtime.ts";

/** How long a location keeps what it has read: the default of `cacheTtl`. */
const kvCacheMs = 60_000;
/** KV refuses a second write of one key within this time (developers.cloudflare.com/kv/platform/limits). */
const kvWriteMs = 1000;

interface Stored {
  value: string | null;
  expiresMs: number;
  writtenMs: number;
  /** What locations have read, and until when they may give it: also that there was nothing. */
  cached: Map<string | null, number>;
}

/**
 * KV: a read may give what any location has cached within the last minute, so also "nothing" after a write, and the
 * value after its removal (developers.cloudflare.com/kv/concepts/how-kv-works).
 */
export const createKv = (runtime: Runtime) => {
  const keys = new Map<string, Stored>();
  const storedAt = (key: string): Stored => {
    const found = keys.get(key) ?? { value: null, expiresMs: 0, writtenMs: -Infinity, cached: new Map() };
    keys.set(key, found);
    return found;
  };
  const read = (key: string): string | null => {
    const { value, expiresMs, cached } = storedAt(key);
    const { nowMs, faults, random } = runtime;
    const current = expiresMs > nowMs ? value : null;
    const older = [...cached].flatMap(([text, untilMs]) => (text !== current && untilMs > nowMs ? [text] : []));
    if (older.length > 0 && faults.strikes("KV shows an old value")) return random.pick(older);
    cached.set(current, nowMs + kvCacheMs);
    return current;
  };
  const write = (key: string, value: string | null, ttlSeconds: number): void => {
    const stored = storedAt(key);
    const { nowMs } = runtime;
    if (value !== null && nowMs - stored.writtenMs < kvWriteMs) throw new Error("KV PUT failed: 429 Too Many Requests");
    Object.assign(stored, { value, writtenMs: nowMs, expiresMs: nowMs + ttlSeconds * 1000 });
  };
  return {
    get: (key: string): Promise<string | null> => runtime.operate("kv get", () => read(key)),
    put: (key: string, value: string, { expirationTtl = Number.POSITIVE_INFINITY } = {}): Promise<void> =>
      runtime.operate("kv put", () => write(key, value, expirationTtl)),
    delete: (key: string): Promise<void> => runtime.operate("kv delete", () => write(key, null, 0)),
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
