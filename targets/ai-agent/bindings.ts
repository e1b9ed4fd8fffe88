import type { EmbeddingModel, IndexMessage, VectorIndex } from "../../shared/targets/index-protocol.ts";
import type { DescribedIndex } from "./describe-index.ts";
import type { TargetEnv } from "../service/target.ts";

/**
 * The bindings of wrangler.toml. AI and VECTORIZE are products in production and entrypoints of a stand-in locally;
 * `wrangler types` supports only one of the two, so the types describe the used methods.
 */
export interface AiAgentEnv extends TargetEnv {
  AI: EmbeddingModel;
  VECTORIZE: VectorIndex & DescribedIndex;
  /** The least cosine similarity of a search hit, such as 0.4. */
  SEARCH_THRESHOLD?: string;
  INDEX_QUEUE: Pick<Queue<IndexMessage>, "sendBatch">;
}
