import { embeddingDimensions } from "../../shared/targets/embedding.ts";
import type { PingAnswer } from "../../shared/targets/protocol.ts";
import { log } from "../service/log.ts";

export type DescribedIndex = Pick<Vectorize, "describe">;

/** An index of other dimensions takes no vector of the model, and it cannot be changed: it has to be made again. */
export const describeIndex = async (index: DescribedIndex): Promise<NonNullable<PingAnswer["index"]>> => {
  try {
    const { dimensions, vectorCount } = await index.describe();
    return { dimensions, needed: embeddingDimensions, vectors: vectorCount };
  } catch (error) {
    log("target.index_failed", { message: String(error) });
    return { dimensions: null, needed: embeddingDimensions, vectors: null };
  }
};
