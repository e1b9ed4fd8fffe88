/**
 * The queue cv-index: rows from ai-agent → Workers AI → Vectorize → report to ai-agent. Each step first checks the
 * existing vectors, so a message may be handled any number of times.
 */
import * as z from "zod/mini";
import { embeddingModel } from "../shared/targets/embedding.ts";
import { meanOf, passagesOf } from "../shared/targets/passages.ts";
import { backoffMs, indexBackoff, wholeSeconds } from "../shared/backoff.ts";
import type { Handled } from "./handled.ts";
import {
  embeddings,
  hashOf,
  indexMessage,
  type EmbeddingModel,
  type IndexRowsService,
  type IndexWork,
  type RowToIndex,
  type SubmittedRow,
  type VectorIndex,
} from "../shared/targets/index-protocol.ts";

export interface IndexEnv {
  AI: EmbeddingModel;
  VECTORIZE: VectorIndex;
  AI_AGENT_INDEX: IndexRowsService;
}

const notVisible = "not visible in the index yet";
/** Then the message is let go, which is no failure: ai-agent sends the task again while it is open. */
const maxWaits = 10;

/** Workers AI takes at most 100 texts a call. */
const textsPerCall = 100;
/** Vectorize answers at most 20 ids a call. */
const idsPerCall = 20;
/** A Worker has six connections, for the three messages of a batch. */
const callsAtOnce = 2;

/**
 * Handles one message of cv-index.
 * @param attempts the number of deliveries of the message, including this one
 * @param random from 0 up to 1
 */
export const handleIndexMessage = async (
  env: IndexEnv,
  body: unknown,
  attempts = 1,
  random: () => number = () => 0,
): Promise<Handled> => {
  const message = indexMessage.safeParse(body);
  if (!message.success) return { malformed: z.prettifyError(message.error) };
  const retryInSeconds = wholeSeconds(backoffMs(indexBackoff, attempts, random()));
  const retry = (reason: string): Handled => ({ done: false, retryInSeconds, reason });
  const wait = (): Handled => (attempts >= maxWaits ? { done: true } : retry(notVisible));
  try {
    const { taskId, portfolioId, jobId } = message.data;
    const work = await env.AI_AGENT_INDEX.take(taskId, message.data);
    if (!work) return { done: true };
    const { seen, submitted } = await bringAbout(env, work);
    const confirmed = work.rows.filter((row) => seen.get(row.vectorId) === row.contentHash);
    const gone = work.tombstones.map(({ vectorId }) => vectorId).filter((vectorId) => !seen.has(vectorId));
    const isAllVisible = confirmed.length === work.rows.length && gone.length === work.tombstones.length;
    // The report before has said as much: the index shows what it was given minutes later.
    if (!isAllVisible && confirmed.length + gone.length + submitted.length === 0) return wait();
    const { done } = await env.AI_AGENT_INDEX.report({
      taskId,
      job: { portfolioId, jobId },
      submitted,
      confirmed: confirmed.map(({ vectorId, version, contentHash, name }) => ({
        vectorId,
        version,
        contentHash,
        name,
      })),
      gone,
    });
    if (done) return { done: true };
    return isAllVisible ? retry("rows changed meanwhile") : wait();
  } catch (error) {
    // A service is down or over its limits: the queue and ai-agent's sweep retry.
    return retry(error instanceof Error ? error.message : String(error));
  }
};

interface BroughtAbout {
  /** The index's content afterwards: content hash by vector id. */
  seen: Map<string, string>;
  submitted: SubmittedRow[];
}

/** Submits the missing vectors. */
const bringAbout = async (env: IndexEnv, work: IndexWork): Promise<BroughtAbout> => {
  const seen = await readHashes(env.VECTORIZE, work);
  const missing = work.rows.filter((row) => seen.get(row.vectorId) !== row.contentHash && !row.submitted);
  const leftOver = work.tombstones.map(({ vectorId }) => vectorId).filter((vectorId) => seen.has(vectorId));
  if (missing.length === 0 && leftOver.length === 0) return { seen, submitted: [] };
  if (missing.length > 0) await env.VECTORIZE.upsert(await embed(env.AI, work.portfolioId, missing));
  if (leftOver.length > 0) await env.VECTORIZE.deleteByIds(leftOver);
  const submitted = missing.map(({ vectorId, version }) => ({ vectorId, version }));
  return { seen: await readHashes(env.VECTORIZE, work), submitted };
};

/** The numbers of each text, in as few calls as the model takes: one for 100 texts. */
const embedTexts = async (model: EmbeddingModel, texts: string[]): Promise<number[][]> => {
  const found: number[][] = [];
  for (let start = 0; start < texts.length; start += textsPerCall) {
    const text = texts.slice(start, start + textsPerCall);
    const { data } = z.parse(embeddings, await model.run(embeddingModel, { text }));
    if (data.length !== text.length) throw new Error(`${text.length} texts gave ${data.length} embeddings`);
    found.push(...data);
  }
  return found;
};

/** Each row has one vector, however many passages its text has. */
const embed = async (model: EmbeddingModel, namespace: string, rows: RowToIndex[]): Promise<VectorizeVector[]> => {
  const passages = rows.flatMap((row) => passagesOf(row.text).map((text) => ({ row, text })));
  const vectors = await embedTexts(
    model,
    passages.map(({ text }) => text),
  );
  const embedded = passages.map((passage, index) => ({ ...passage, vector: vectors[index] ?? [] }));
  return [...Map.groupBy(embedded, ({ row }) => row)].map(([row, ofRow]) => ({
    id: row.vectorId,
    values: meanOf(ofRow),
    namespace,
    metadata: { entityType: row.entityType, id: row.id, name: row.name, contentHash: row.contentHash },
  }));
};

/** `getByIds`, not `processedUpToMutation`: that names only the last mutation, and waiting for equality misses it. */
const readHashes = async (index: VectorIndex, { rows, tombstones }: IndexWork): Promise<Map<string, string>> => {
  const ids = [...rows, ...tombstones].map(({ vectorId }) => vectorId);
  const vectors: VectorizeVector[] = [];
  for (let start = 0; start < ids.length; start += idsPerCall * callsAtOnce) {
    const calls = Array.from({ length: callsAtOnce }, (_, call) => start + call * idsPerCall)
      .map((from) => ids.slice(from, from + idsPerCall))
      .filter((chunk) => chunk.length > 0);
    vectors.push(...(await Promise.all(calls.map((chunk) => index.getByIds(chunk)))).flat());
  }
  return new Map(vectors.map(({ id, metadata }) => [id, hashOf(metadata)]));
};
