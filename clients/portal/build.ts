/** Builds the portal: `index.html` and files with their content's hash in their names, to be served below `/app/`. */
import { build } from "vite";

/** Of the browsers that the portal is made for; `light-dark()` is the newest thing that it needs. */
const browsers = ["chrome123", "firefox128", "safari17.5"];

/**
 * @param outputDirectory absolute; what is there stays, as a local stack may be serving it just now
 * Rejects with Vite's messages when the portal does not compile.
 */
export const buildPortal = async (outputDirectory: string): Promise<void> => {
  // Tests run with another, and React would come with all that it has for development.
  process.env["NODE_ENV"] = "production";
  await build({
    root: import.meta.dirname,
    base: "/app/",
    configFile: false,
    envDir: false,
    logLevel: "warn",
    build: {
      outDir: outputDirectory,
      emptyOutDir: false,
      target: browsers,
      cssTarget: browsers,
      modulePreload: { polyfill: false },
      // The content security policy takes nothing inline.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: {
        onLog: (level, log, report) => {
          // "use client" is for servers that render React.
          if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
        },
      },
    },
  });
};
