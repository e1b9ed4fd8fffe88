/** The project's own wrangler, run for one account. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../scripts/tree.ts";

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** What wrangler writes for programs: one object for each thing that it did. */
  did: Record<string, unknown>[];
}

export interface Wrangler {
  /** Changes something. Throws with what wrangler printed when it fails. In a dry run it is printed and not run. */
  run: (args: readonly string[], more?: { input?: string }) => Promise<Ran>;
  /** Looks something up, and may fail. Null in a dry run: what exists is not asked. */
  look: (args: readonly string[]) => Promise<Ran | null>;
  isDry: boolean;
}

const program = join(root, "node_modules/wrangler/bin/wrangler.js");

/** As typed: what holds a blank is quoted. */
export const lineOf = (args: readonly string[]): string =>
  ["npx wrangler", ...args.map((arg) => (/^[\w@%./:=-]+$/.test(arg) ? arg : `'${arg}'`))].join(" ");

const spawned = async (args: readonly string[], accountId: string | null, input: string | undefined): Promise<Ran> => {
  const folder = mkdtempSync(join(tmpdir(), "cv-ops-wrangler-"));
  const output = join(folder, "did.ndjson");
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...(accountId === null ? {} : { CLOUDFLARE_ACCOUNT_ID: accountId }),
      WRANGLER_OUTPUT_FILE_PATH: output,
      WRANGLER_SEND_METRICS: "false",
      // Questions are asked here, where they can be explained.
      CI: "1",
      NO_COLOR: "1",
    },
  });
  child.stdin.end(input ?? "");
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? 1));
  });
  try {
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, out, err, did: didOf(output) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const didOf = (output: string): Record<string, unknown>[] => {
  let lines: string;
  try {
    lines = readFileSync(output, "utf8");
  } catch {
    // wrangler ended before it did anything.
    return [];
  }
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

export const createWrangler = (options: {
  accountId: string | null;
  dryRun: boolean;
  print: (line: string) => void;
}): Wrangler => ({
  isDry: options.dryRun,
  look: async (args) => (options.dryRun ? null : spawned(args, options.accountId, undefined)),
  run: async (args, { input } = {}) => {
    if (options.dryRun) {
      options.print(`  ${lineOf(args)}${input === undefined ? "" : "   # the values on its standard input"}`);
      return { code: 0, out: "", err: "", did: [] };
    }
    const ran = await spawned(args, options.accountId, input);
    if (ran.code === 0) return ran;
    throw new Error(`${lineOf(args)} failed:\n${`${ran.out}\n${ran.err}`.trim()}`);
  },
});
