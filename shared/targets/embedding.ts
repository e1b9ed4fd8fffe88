/** 768 dimensions, up to 100 texts a call (developers.cloudflare.com/workers-ai/models/bge-base-en-v1.5). */
export const embeddingModel = "@cf/baai/bge-base-en-v1.5";
/** Numbers of one embedding; an index takes no others. */
export const embeddingDimensions = 768;
