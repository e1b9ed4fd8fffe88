#!/usr/bin/env node
/** `cv`: the command line of CV Ops. docs/reference/command-line.md explains it. */
import { run } from "./run.ts";

// Whoever reads has seen enough, as in `cv log | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: () => {
    const interrupted = new AbortController();
    // The second Ctrl-C ends it at once, as if nothing listened.
    process.once("SIGINT", () => interrupted.abort());
    return interrupted.signal;
  },
  timeout: (delayMs) => AbortSignal.timeout(delayMs),
});
