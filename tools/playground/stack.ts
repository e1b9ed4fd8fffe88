/** Runs the whole local stack: all Workers in one `wrangler dev`, the playground first because it has the port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { wranglerEnvironment } from "./stack-environment.ts";

export interface StackOptions {
  port: number;
  /** Where databases, objects and vectors live; a second start with the same folder goes on where the first ended. */
  persistTo: string;
  /** Overrides [vars] of every Worker, such as SLACK_API_URL. */
  env?: Record<string, string>;
  onLog?: (line: string) => void;
}

export interface Stack {
  /** Such as http://localhost:8787, without a slash at the end. */
  url: string;
  /** Every line that wrangler and the Workers wrote so far. */
  logs: readonly string[];
  /** Resolves when the stack has ended, however that came about. */
  ended: Promise<void>;
  /** Ends it in good order; resolves when every process is gone. */
  stop: () => Promise<void>;
  /** Ends it as a power cut would (SIGKILL); resolves when every process is gone. */
  kill: () => Promise<void>;
}

const repository = resolve(import.meta.dirname, "../..");

const configurations = [
  "tools/playground/wrangler.toml",
  "wrangler.toml",
  "consumers/wrangler.toml",
  ...globSync("targets/*/wrangler.toml", { cwd: repository }).toSorted(),
  "tools/playground/local-ai/wrangler.toml",
];

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;
const tailLines = 40;

/** Resolves when the stack answers. Rejects, with the end of the log, when it does not, and leaves nothing running. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  refuseDevVars();
  await requireFreePort(options.port);
  const wrangler = launch(options);
  const url = `http://localhost:${options.port}`;
  const logs: string[] = [];
  const ready = readLines(wrangler, logs, options.onLog);
  const ended = once(wrangler, "close").then(() => {
    running.delete(wrangler);
  });
  const stack: Stack = {
    url,
    logs,
    ended,
    stop: () => end(wrangler, ended, "SIGTERM"),
    kill: () => end(wrangler, ended, "SIGKILL"),
  };
  try {
    await Promise.race([ready, failsWhen(ended), failsAfter(readyTimeoutMs)]);
    await requireAnswer(url);
  } catch (cause) {
    await stack.kill();
    throw new Error(`The local stack did not start: ${messageOf(cause)}\n\n${logs.slice(-tailLines).join("\n")}`, {
      cause,
    });
  }
  return stack;
};

/**
 * Loads the portfolio into a stack that was never seeded, and runs every cron job once: what a killed stack left half
 * done goes on, and Slack has said whose the token is before somebody types.
 */
export const makeReady = async (url: string): Promise<{ seeded: boolean }> => {
  const answer = await ask(url, "seed");
  await ask(url, "tick");
  return { seeded: typeof answer === "object" && answer !== null && "seeded" in answer && answer.seeded === true };
};

/** Throws with what the playground said when it is not a 2xx. */
const ask = async (url: string, path: "seed" | "tick"): Promise<unknown> => {
  const response = await fetch(`${url}/playground/client/${path}`, { method: "POST" });
  const text = await response.text();
  if (!response.ok) throw new Error(`The stack could not ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
};

/** A port that nothing listens on right now. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port could be found");
  return address.port;
};

const launch = ({ port, persistTo, env }: StackOptions): ChildProcess => {
  const wrangler = spawn(
    process.execPath,
    [
      "--import",
      join(import.meta.dirname, "stack-leash.ts"),
      join(repository, "node_modules/wrangler/bin/wrangler.js"),
      "dev",
      ...configurations.flatMap((path) => ["-c", path]),
      `--port=${port}`,
      `--persist-to=${resolve(persistTo)}`,
      "--inspector-port=0",
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: repository,
      env: wranglerEnvironment(process.env, env ?? {}, port, persistTo),
      stdio: ["pipe", "pipe", "pipe"],
      // A process group of its own, so that wrangler's children end with it.
      detached: true,
    },
  );
  running.add(wrangler);
  endWithThisProcess();
  return wrangler;
};

/** Collects the log. The promise resolves when wrangler is ready, and rejects when a Worker cannot be built. */
const readLines = (wrangler: ChildProcess, logs: string[], onLog?: (line: string) => void): Promise<void> =>
  new Promise((resolveReady, reject) => {
    wrangler.on("error", reject);
    for (const output of [wrangler.stdout, wrangler.stderr]) {
      if (!output) continue;
      createInterface({ input: output }).on("line", (line) => {
        logs.push(line);
        onLog?.(line);
        if (line.includes("Ready on http")) resolveReady();
        if (/\[ERROR\]|Build failed/.test(line)) reject(new Error("wrangler reports an error."));
      });
    }
  });

const requireFreePort = async (port: number): Promise<void> => {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, "listening");
  } catch (error) {
    const why = codeOf(error) === "EADDRINUSE" ? "is in use" : `cannot be used (${codeOf(error)})`;
    throw new Error(
      `Port ${port} ${why}. Set PORT to another one, as in: PORT=${port < 9000 ? 9000 : port + 1} npm start`,
      { cause: error },
    );
  }
  server.close();
  await once(server, "close");
};

/** wrangler takes a Worker's `.dev.vars` instead of the environment, and so of the addresses of this port. */
const refuseDevVars = (): void => {
  const found = configurations
    .map((path) => join(dirname(path), ".dev.vars"))
    .find((path) => existsSync(join(repository, path)));
  if (found)
    throw new Error(`${found} would hide the settings of the local stack. Move what it says to .env and delete it.`);
};

const requireAnswer = async (url: string): Promise<void> => {
  const answer = await fetch(`${url}/playground/client/state?as=U0AVERY01`, { signal: AbortSignal.timeout(10_000) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the playground answers ${answer.status}.`);
};

const failsWhen = async (ended: Promise<void>): Promise<never> => {
  await ended;
  throw new Error("wrangler ended.");
};

const failsAfter = (timeoutMs: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`it was not ready within ${timeoutMs / 1000} s.`)), timeoutMs).unref();
  });

const end = async (wrangler: ChildProcess, ended: Promise<void>, signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
  signalGroup(wrangler, signal);
  const force = setTimeout(() => signalGroup(wrangler, "SIGKILL"), stopTimeoutMs);
  await ended;
  clearTimeout(force);
  // wrangler itself is gone; whatever it may have left behind goes too.
  signalGroup(wrangler, "SIGKILL");
};

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group has ended already.
    if (codeOf(error) !== "ESRCH") throw error;
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Stacks that this process has started and that have not ended. */
const running = new Set<ChildProcess>();
let watching = false;

/** A stack never outlives the process that started it. */
const endWithThisProcess = (): void => {
  if (watching) return;
  watching = true;
  process.on("exit", () => {
    for (const wrangler of running) signalGroup(wrangler, "SIGKILL");
  });
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      void endAll().finally(() => process.exit(process.exitCode ?? exitCode));
    });
  }
};

const endAll = async (): Promise<void> => {
  await Promise.all(
    [...running].map((wrangler) =>
      end(
        wrangler,
        once(wrangler, "close").then(() => undefined),
        "SIGTERM",
      ),
    ),
  );
};
