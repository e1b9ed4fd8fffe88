import { searchKey } from "../../shared/domain/text.ts";
import * as z from "zod/mini";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { embeddingModel } from "../../shared/targets/embedding.ts";
import { embeddings } from "../../shared/targets/index-protocol.ts";
import type { SearchBody } from "../../shared/targets/protocol.ts";
import type { AiAgentEnv } from "./bindings.ts";

/** Vectorize returns at most 100 matches without values and metadata. */
const topK = 100;
/** In a query of up to this many words, an exact name ranks above semantic similarity. */
const maxWordsOfName = 6;

export const searchQuery = z.object({
  q: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(50)), 10),
});

const indexedRow = z.object({
  vectorId: z.string(),
  entityType: z.enum(entityTypes),
  id: z.string(),
  name: z.string(),
});

/**
 * Rows of the portfolio by similarity to `q`, best first, without those that do not fit; `score` is the cosine
 * similarity. No deleted rows.
 */
export const search = async (
  env: AiAgentEnv,
  portfolioId: string,
  { q, limit }: z.infer<typeof searchQuery>,
): Promise<SearchBody> => {
  const [vector] = z.parse(embeddings, await env.AI.run(embeddingModel, { text: [q] })).data;
  if (!vector) throw new Error("The embedding model answered without an embedding");
  const { matches } = await env.VECTORIZE.query(vector, { topK, namespace: portfolioId });
  const scores = new Map(matches.map(({ id, score }) => [id, score]));
  const { results } = await env.DB.prepare(
    `SELECT vector_id AS vectorId, entity_type AS entityType, id, name FROM vectors
     WHERE portfolio_id = ?1 AND desired_version IS NOT NULL AND name IS NOT NULL
       AND vector_id IN (SELECT value FROM json_each(?2))`,
  )
    .bind(portfolioId, JSON.stringify([...scores.keys()]))
    .all();
  const hits = results.map((row) => {
    const { vectorId, ...hit } = z.parse(indexedRow, row);
    return { hit: { ...hit, score: scores.get(vectorId) ?? 0 }, names: nameMatch(q, hit.name) };
  });
  // What its name says fits, however the model sees it.
  const fitting = hits.filter(({ hit, names }) => names > 0 || hit.score >= thresholdOf(env));
  fitting.sort((left, right) => right.names - left.names || right.hit.score - left.hit.score);
  return { hits: fitting.slice(0, limit).map(({ hit }) => hit) };
};

/** What counts as close is different for each embedding model, so it is measured and set; unset, everything fits. */
const thresholdOf = ({ SEARCH_THRESHOLD: set }: AiAgentEnv): number => {
  const threshold = Number(set ?? "");
  return Number.isNaN(threshold) ? 0 : threshold;
};

/** 2 when the query is the name, 1 when the query contains the name as whole words, 0 otherwise. */
const nameMatch = (query: string, name: string): 0 | 1 | 2 => {
  const queryWords = words(query);
  if (queryWords.length > maxWordsOfName) return 0;
  const nameText = words(name).join(" ");
  if (nameText === "") return 0;
  if (queryWords.join(" ") === nameText) return 2;
  return ` ${queryWords.join(" ")} `.includes(` ${nameText} `) ? 1 : 0;
};

/** "C++" and "Node.js" are single words. */
const words = (text: string): string[] =>
  searchKey(text)
    .split(/[\s,;:!?()"']+/)
    .filter((word) => word !== "");
