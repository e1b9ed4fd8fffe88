import type { EmbeddingsModel } from "@energetic-ai/embeddings";

/** Of bge-base-en-v1.5, which this model stands in for. */
export const modelDimensions = 768;

/** The model pads a batch to its longest text, so small batches of like length take half the time of one large one. */
const batchSize = 10;
const pauseMs = 20;

let model: Promise<EmbeddingsModel> | undefined;

/**
 * Embeds texts, each as 768 numbers. The model has 512 dimensions; zeros behind them change neither length nor cosine.
 * The first call loads the model (about half a second).
 */
export const embed = async (texts: string[]): Promise<number[][]> => {
  model ??= import("./embedder.ts").then(({ loadEmbedder }) => loadEmbedder());
  const embedder = await model;
  const byLength = texts.map((text, index) => ({ text, index })).toSorted((a, b) => a.text.length - b.text.length);
  const embeddings: number[][] = [];
  for (let start = 0; start < byLength.length; start += batchSize) {
    const batch = byLength.slice(start, start + batchSize);
    const values = await embedder.embed(batch.map(({ text }) => text));
    batch.forEach(({ index }, i) => {
      embeddings[index] = padded(values[i] ?? []);
    });
    // Every Worker of the stack shares this thread: the others answer in between.
    await scheduler.wait(pauseMs);
  }
  return embeddings;
};

const padded = (values: number[]): number[] => [...values, ...Array<number>(modelDimensions - values.length).fill(0)];
