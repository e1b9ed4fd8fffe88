/** What the tests of this folder share: an account of its own for each, and requests in wrangler's shape. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { type Cloudflare, type CloudflareOptions, startCloudflare } from "../index.ts";

const repository = resolve(import.meta.dirname, "../../..");

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "cv-ops-cloudflare-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** An empty account that ends with the test. */
export const startAccount = async (options: Partial<CloudflareOptions> = {}): Promise<Cloudflare> => {
  const cloudflare = await startCloudflare({ stateDirectory: temporaryFolder(), ...options });
  onTestFinished(() => cloudflare.stop());
  return cloudflare;
};

export interface Answered {
  status: number;
  success: boolean;
  result: unknown;
  /** Of the first error, as wrangler prints it. */
  error: string | undefined;
}

/** @param path below the account */
export const ask = async (
  { apiUrl, accountId, environment }: Cloudflare,
  method: string,
  path: string,
  body?: object,
): Promise<Answered> => {
  const response = await fetch(`${apiUrl}/accounts/${accountId}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${environment["CLOUDFLARE_API_TOKEN"]}`,
      ...(body && !(body instanceof FormData) && { "content-type": "application/json" }),
    },
    ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const envelope = (await response.json()) as {
    success: boolean;
    result: unknown;
    errors: { code: number; message: string }[];
  };
  const [first] = envelope.errors;
  return {
    status: response.status,
    success: envelope.success,
    result: envelope.result,
    error: first && `${first.message} [code: ${first.code}]`,
  };
};

/** The form of an upload. @param metadata besides the main module, the date and the flags */
export const formOf = (code: string, metadata: object = {}): FormData => {
  const form = new FormData();
  form.set("index.js", new File([code], "index.js", { type: "application/javascript+module" }));
  form.set(
    "metadata",
    JSON.stringify({
      main_module: "index.js",
      compatibility_date: "2026-10-20",
      compatibility_flags: ["nodejs_compat"],
      ...metadata,
    }),
  );
  return form;
};

/** A deployment of a Worker as `wrangler deploy` uploads the first one. */
export const put = (cloudflare: Cloudflare, name: string, code: string, metadata: object = {}): Promise<Answered> =>
  ask(cloudflare, "PUT", `workers/scripts/${name}`, formOf(code, metadata));

export interface Run {
  exitCode: number;
  /** What it wrote, without colours. */
  output: string;
}

/** The real wrangler against the account. */
export const wrangler = (
  { environment }: Cloudflare,
  args: readonly string[],
  folder = repository,
  input = "",
): Promise<Run> =>
  new Promise((resolveRun) => {
    const child = execFile(
      process.execPath,
      [join(repository, "node_modules/wrangler/bin/wrangler.js"), ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...environment } },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolveRun({ exitCode, output: `${stdout}${stderr}` });
      },
    );
    child.stdin?.end(input);
  });
