/** Bundles the page into `dist/playground/`, and builds the bot's pages. Also a program. */
import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const pageDirectory = import.meta.dirname;
const outputDirectory = join(pageDirectory, "../../../dist/playground");

const buildBotPages = join(pageDirectory, "../../scripts/build-pages.ts");

/** Rejects with esbuild's messages when a page does not compile. */
export const buildPages = async (): Promise<void> => {
  await Promise.all([buildPage(), promisify(execFile)(process.execPath, [buildBotPages])]);
};

const buildPage = async (): Promise<void> => {
  await mkdir(outputDirectory, { recursive: true });
  await Promise.all([
    build({
      entryPoints: { page: join(pageDirectory, "main.tsx") },
      outdir: outputDirectory,
      bundle: true,
      minify: true,
      format: "esm",
      target: ["chrome120", "firefox128", "safari17"],
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      tsconfig: join(pageDirectory, "tsconfig.json"),
      logLevel: "warning",
    }),
    copyFile(join(pageDirectory, "index.html"), join(outputDirectory, "index.html")),
  ]);
};

if (import.meta.main) await buildPages();
