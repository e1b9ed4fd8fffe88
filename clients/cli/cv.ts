#!/usr/bin/env node
/** `cv`: the command line of CV Ops. docs/reference/command-line.md explains it. */
import { run } from "./run.ts";

// The reader has closed the pipe, as in `cv log | head`.
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
    // A second Ctrl-C ends the process at once.
    process.once("SIGINT", () => interrupted.abort());
    return interrupted.signal;
  },
  timeout: (delayMs) => AbortSignal.timeout(delayMs),
});
