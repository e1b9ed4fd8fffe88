import * as z from "zod/mini";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { hashOf } from "../../shared/targets/index-protocol.ts";
import type { VerifyBody } from "../../shared/targets/protocol.ts";
import { readLiveRows } from "../service/rows.ts";
import { contentOf, vectorIdOf } from "./content.ts";
import type { AiAgentEnv } from "./bindings.ts";

/** Vectorize answers at most 20 ids a call, and a Worker has 6 connections. */
const idsPerCall = 20;
const callsAtOnce = 5;
const maxMismatches = 100;

interface Expected {
  entityType: string;
  id: string;
  /** null: a tombstone, without a vector. */
  contentHash: string | null;
}

/** Compares every row, and every tombstone, with its vector in the index. */
export const verifyPortfolio = async (env: AiAgentEnv, portfolioId: string): Promise<VerifyBody> => {
  const rows = await readLiveRows(env.DB, "hard", portfolioId);
  const expected = new Map<string, Expected>();
  for (const { vectorId, ...tombstone } of await readTombstones(env.DB, portfolioId)) {
    expected.set(vectorId, { ...tombstone, contentHash: null });
  }
  for (const { entityType, id, values } of rows) {
    const { contentHash } = await contentOf(entityType, values);
    expected.set(await vectorIdOf(portfolioId, { entityType, id }), { entityType, id, contentHash });
  }

  const found = await readHashes(env, [...expected.keys()]);
  const mismatches = [...expected].flatMap(([vectorId, { entityType, id, contentHash }]) => {
    const actual = found.get(vectorId) ?? null;
    if (actual === contentHash) return [];
    if (actual === null) return [{ entityType, id, reason: "not in the index" }];
    return [{ entityType, id, reason: contentHash === null ? "deleted, but in the index" : "changed since indexed" }];
  });
  return {
    d1Count: rows.length,
    vectorCount: found.size,
    synced: mismatches.length === 0,
    mismatches: mismatches.slice(0, maxMismatches),
  };
};

const tombstone = z.object({ entityType: z.enum(entityTypes), id: z.string(), vectorId: z.string() });

const readTombstones = async (db: D1Database, portfolioId: string): Promise<z.infer<typeof tombstone>[]> => {
  const { results } = await db
    .prepare(
      `SELECT entity_type AS entityType, id, vector_id AS vectorId FROM vectors
       WHERE portfolio_id = ?1 AND desired_version IS NULL`,
    )
    .bind(portfolioId)
    .all();
  return results.map((row) => z.parse(tombstone, row));
};

/** Content hash by vector id, of the existing vectors. */
const readHashes = async (env: AiAgentEnv, ids: string[]): Promise<Map<string, string>> => {
  const hashes = new Map<string, string>();
  for (let start = 0; start < ids.length; start += idsPerCall * callsAtOnce) {
    const calls = Array.from({ length: callsAtOnce }, (_, call) =>
      ids.slice(start + call * idsPerCall, start + (call + 1) * idsPerCall),
    ).filter((chunk) => chunk.length > 0);
    const answers = await Promise.all(calls.map((chunk) => env.VECTORIZE.getByIds(chunk)));
    for (const { id, metadata } of answers.flat()) hashes.set(id, hashOf(metadata));
  }
  return hashes;
};
