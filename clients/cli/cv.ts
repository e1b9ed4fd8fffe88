#!/usr/bin/env node
/** `cv`: the command line of CV Ops. docs/reference/command-line.md explains it. */
import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { configFile } from "./config-file.ts";
import { run } from "./run.ts";

/** The program of each system that opens an address with what people have chosen for it. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

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
  configFile: configFile(process.env),
  readInput: () => text(process.stdin),
  device: hostname() || "a computer",
  // Rejects when it is aborted: the caller asks the signal.
  wait: (delayMs, signal) => wait(delayMs, undefined, { signal }).catch(() => {}),
  timeout: (delayMs) => AbortSignal.timeout(delayMs),
  openBrowser: (url) =>
    new Promise((resolve) => {
      const [program, ...before] = openers[process.platform] ?? ["xdg-open"];
      const opener = spawn(program, [...before, url], { stdio: "ignore", detached: true });
      // Where there is none the printed address is enough.
      opener.once("error", () => resolve());
      opener.once("spawn", () => {
        opener.unref();
        resolve();
      });
    }),
});
