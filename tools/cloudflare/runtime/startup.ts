/** Starts a Worker's module once, as Cloudflare does at an upload, and says what it exports. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import type { Binding, Version } from "../state.ts";

export interface Startup {
  exports: string[];
  handlers: string[];
  startupTimeMs: number;
}

/** A module that throws; `message` is in Cloudflare's words. */
export class StartupFailure extends Error {}

export interface UploadedModule {
  name: string;
  type: Version["modules"][number]["type"];
  contents: Uint8Array;
}

const folder = "/worker";

/** The module that reports what the Worker's main module exports. */
const reporter = (main: string) => `
  import * as all from ${JSON.stringify(`./${main}`)};
  const main = all.default ?? {};
  const methods = typeof main === "function" ? Object.getOwnPropertyNames(main.prototype ?? {}) : Object.keys(main);
  export default {
    fetch() {
      return Response.json({ exports: Object.keys(all), handlers: methods.filter((name) => name !== "constructor") });
    },
  };
`;

/** @throws StartupFailure */
export const startOnce = async (
  main: string,
  modules: readonly UploadedModule[],
  worker: { compatibility_date: string; compatibility_flags: string[]; bindings: readonly Binding[] },
): Promise<Startup> => {
  const began = performance.now();
  const entry = { type: "ESModule" as const, path: `${folder}/stand-in-reporter.mjs`, contents: reporter(main) };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: () => undefined,
      cf: false,
      modulesRoot: folder,
      compatibilityDate: worker.compatibility_date,
      compatibilityFlags: worker.compatibility_flags,
      // Code at module scope may read variables and secrets.
      bindings: Object.fromEntries(worker.bindings.flatMap(textOf)),
      modules: [
        entry,
        ...modules.map(({ name, type, contents }) => ({
          type,
          path: `${folder}/${name}`,
          contents: type === "Data" || type === "CompiledWasm" ? contents : asText(contents),
        })),
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  try {
    await miniflare.ready;
    const response = await miniflare.dispatchFetch("http://worker/");
    const { exports, handlers } = (await response.json()) as Omit<Startup, "startupTimeMs">;
    return { exports, handlers, startupTimeMs: Math.round(performance.now() - began) };
  } catch (cause) {
    throw new StartupFailure(reasonOf(cause), { cause });
  } finally {
    // Rejects again with the reason why it did not start.
    await miniflare.dispose().catch(() => undefined);
  }
};

const asText = (contents: Uint8Array): string => new TextDecoder().decode(contents);

const textOf = ({ name, type, text, json }: Binding): [string, unknown][] => {
  if (type === "plain_text" || type === "secret_text") return [[name, text]];
  return type === "json" ? [[name, json]] : [];
};

/** `Uncaught Error: …` with its place, out of what workerd writes before it ends. */
const reasonOf = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause);
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { message } = JSON.parse(line) as { message?: string };
    const [, reason] = /^service [^ ]+: (.*)$/s.exec(message ?? "") ?? [];
    if (reason !== undefined) return reason.replaceAll(`file://${folder}/`, "");
  }
  return text;
};
