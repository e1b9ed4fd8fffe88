/** Builds a page of the bot: `index.html`, and files with a content hash in their names. */
import { build } from "vite";

/** Supported browsers; `light-dark()` is the newest feature in use. */
const browsers = ["chrome123", "firefox128", "safari17.5"];

/** Swagger UI is one file; it is loaded where somebody reads the reference. In kB. */
const largestFile = 2000;

/**
 * @param root folder of `index.html`
 * @param base address below which it is served, such as `/app/`
 * @param outputDirectory absolute path; existing files stay, because a local stack may be serving them
 * Rejects with Vite's messages when the page does not compile.
 */
export const buildPage = async (root: string, base: string, outputDirectory: string): Promise<void> => {
  // Tests set another value, with which React's development build would be bundled.
  process.env["NODE_ENV"] = "production";
  await build({
    root,
    base,
    configFile: false,
    envDir: false,
    logLevel: "warn",
    build: {
      outDir: outputDirectory,
      emptyOutDir: false,
      target: browsers,
      cssTarget: browsers,
      modulePreload: { polyfill: false },
      // The content security policy allows nothing inline.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: largestFile,
      rolldownOptions: {
        onLog: (level, log, report) => {
          // "use client" concerns server rendering only.
          if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
        },
      },
    },
  });
};
