/** What ai-agent and the index consumer say to each other, and the two services that both of them use. */
import * as z from "zod/mini";
import { entityTypes, type EntityType } from "../domain/portfolio/registry.ts";
import type { embeddingModel } from "./embedding.ts";

/** Rows of one index task and message. One call embeds them all. */
export const maxRowsPerTask = 100;

/** A message of the queue cv-index. It names rows; their texts are read when it is handled. */
export const indexMessage = z.object({
  taskId: z.string(),
  portfolioId: z.string(),
  jobId: z.string(),
  attempt: z.int(),
  /** Of the push that it follows from; none where it follows from no push. */
  traceId: z.optional(z.string()),
  rows: z.array(z.object({ entityType: z.enum(entityTypes), id: z.string() })).check(z.maxLength(maxRowsPerTask)),
});
export type IndexMessage = z.infer<typeof indexMessage>;

interface IndexedRow {
  entityType: EntityType;
  id: string;
  /** Id of the row's vector, at most 64 bytes. */
  vectorId: string;
}

/** A live row, as it has to stand in the index. */
export interface RowToIndex extends IndexedRow {
  version: number;
  name: string;
  text: string;
  /** Hash of the model and the text; the vector's metadata carries it. */
  contentHash: string;
  /** Its vector for this version was sent to the index less than a minute ago and may not be visible yet. */
  submitted: boolean;
}

/** The content hash that a vector's metadata carries; "" when it carries none, which no row's hash equals. */
export const hashOf = (metadata: VectorizeVector["metadata"]): string => {
  const hash = metadata?.["contentHash"];
  return typeof hash === "string" ? hash : "";
};

/** What a task has to bring about: its rows as they are now. */
export interface IndexWork {
  portfolioId: string;
  rows: RowToIndex[];
  /** Deleted rows whose vectors have to go. */
  tombstones: IndexedRow[];
}

export type SubmittedRow = Pick<RowToIndex, "vectorId" | "version">;
type ConfirmedRow = Pick<RowToIndex, "vectorId" | "version" | "contentHash" | "name">;

export interface IndexReport {
  taskId: string;
  /** Whose task it is, as its message says; a consumer of the version before leaves it out. */
  job?: Pick<IndexMessage, "portfolioId" | "jobId">;
  /** Handed to the index just now: a retry waits for them instead of embedding again. */
  submitted?: SubmittedRow[];
  /** Read back from the index with these hashes. */
  confirmed: ConfirmedRow[];
  /** Vector ids that the index no longer knows. */
  gone: string[];
}

/** ai-agent's interface for the index consumer (RPC entrypoint `IndexRows`). */
export interface IndexRowsService {
  /**
   * The task's work; null when the task is done or unknown.
   * @param message saves a look at the task; a consumer of the version before leaves it out
   */
  take: (taskId: string, message?: IndexMessage) => Promise<IndexWork | null>;
  /** For a consumer of the version before: now it is part of the report. */
  submitted: (portfolioId: string, rows: SubmittedRow[]) => Promise<void>;
  /** Records what the index holds. `done` is false while a row of the task is not confirmed as it is now. */
  report: (report: IndexReport) => Promise<{ done: boolean }>;
}

/** Workers AI, as far as embeddings need it. The answer is parsed with `embeddings`. */
export interface EmbeddingModel {
  run: (model: typeof embeddingModel, input: { text: string[] }) => Promise<unknown>;
}

export const embeddings = z.object({ data: z.array(z.array(z.number())) });

/** The methods of a Vectorize index that are used. */
export type VectorIndex = Pick<Vectorize, "query" | "upsert" | "deleteByIds" | "getByIds">;
