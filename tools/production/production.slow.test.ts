/**
 * A production from nothing to a verified push, a second release, a release that fails, and back to nothing: by the
 * commands that a person types, with the real wrangler, on a stand-in of Cloudflare that runs what is uploaded.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { botScopes } from "../../bot/slack/core/scopes.ts";
import { type Cloudflare, startCloudflare } from "../cloudflare/index.ts";
import { root } from "../scripts/tree.ts";
import { configurationPath } from "./configurations.ts";
import { previousConfiguration } from "./testing/previous-release.ts";
import { type ProductionWorker, workers } from "./workers.ts";

const url = "https://noor.acme.workers.dev";
const botToken = "xoxb-of-the-test";

let folder: string;
let cloudflare: Cloudflare;
let slack: Server;

/** What setup asks Slack itself. */
const startSlack = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    const isToken = request.headers.authorization === `Bearer ${botToken}`;
    response.setHeader("content-type", "application/json");
    response.setHeader("x-oauth-scopes", botScopes.join(","));
    response.end(
      JSON.stringify(isToken ? { ok: true, team: "Noor", user: "cv_ops" } : { ok: false, error: "invalid_auth" }),
    );
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return server;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cv-ops-production-"));
  cloudflare = await startCloudflare({ stateDirectory: folder, subdomain: "acme" });
  slack = await startSlack();
});
afterAll(async () => {
  await cloudflare.stop();
  slack.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  said: string;
}

/** Runs a program of this project, with answers to its questions. */
const run = async (program: string, args: readonly string[], answers: readonly string[] = []): Promise<Ended> => {
  const slackAt = `http://localhost:${(slack.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...cloudflare.environment,
      CV_OPS_PRODUCTION: join(folder, "production.json"),
      NODE_OPTIONS: `--import=${join(import.meta.dirname, "testing/reach.ts")}`,
      REACH: JSON.stringify({ [new URL(url).host]: cloudflare.publicUrl, "slack.com": slackAt }),
    },
  });
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(""));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as number, said: out + err };
};

/** Types a command of `tools/production`. */
const type = (program: string, args: readonly string[], answers: readonly string[] = []): Promise<Ended> =>
  run(join("tools/production", program), args, answers);

const wrangler = async (...args: string[]): Promise<string> => {
  const { code, said } = await run("node_modules/wrangler/bin/wrangler.js", args);
  if (code !== 0) throw new Error(said);
  return said;
};

const versionIn = (said: string): string => /Worker Version ID: (\S+)/.exec(said)?.[1] ?? said;

const makeLive = (worker: ProductionWorker, version: string): Promise<string> =>
  wrangler("versions", "deploy", `${version}@100%`, "-y", "-c", configurationPath(worker));

/** Yes to the plan; name, address, location, jurisdiction, portfolio, member id, no channel; and what Slack shows. */
const answers = [
  "yes",
  "noor",
  "noor.acme.workers.dev",
  "",
  "",
  "noor-vega",
  "U012AB3CD",
  "",
  "1111111111.2222222222",
  "1".repeat(32),
  "0".repeat(32),
  botToken,
];

/** The version of each Worker that is live. */
const live = (): Record<string, string> =>
  Object.fromEntries(
    cloudflare
      .state()
      .scripts.map(({ name, deployments }) => [name, deployments.at(-1)?.versions[0]?.version_id ?? ""]),
  );

let first: Record<string, string>;

test("npm run setup leads from an empty account to a push that is verified live", async () => {
  const { code, said } = await type("setup.ts", [], answers);
  expect(said).toContain("✓ The token is that of cv_ops in Noor");
  expect(said).toMatch(/✓ A push of the smoke portfolio is verified live, \d+ s after it was sent/);
  expect(said).toContain("✓ The bot answers Slack's verification of its address");
  expect(code).toBe(0);
  const kept = readFileSync(join(folder, "production.json"), "utf8");
  expect(JSON.parse(kept)).toMatchObject({ name: "noor", url, portfolio: "noor-vega", secretsAreSet: true });
  expect(kept).not.toMatch(/xoxb|whsec/);
  expect(said).not.toMatch(/whsec_|xoxb-of/);
  first = live();
  expect(Object.keys(first).toSorted()).toEqual(["noor", "noor-ai-agent", "noor-consumers", "noor-d1cv"]);
});

test("npm run deploy replaces every Worker, and a push of the new release is verified live", async () => {
  const made = cloudflare.state().databases.length;
  const { code, said } = await type("deploy.ts", ["--no-check"]);
  expect(said).toMatch(/✓ A push of the smoke portfolio is verified live/);
  expect(code).toBe(0);
  for (const [worker, version] of Object.entries(live()))
    expect({ worker, version }).not.toMatchObject({ version: first[worker] });
  expect(cloudflare.state().databases).toHaveLength(made);
});

test("a deployment that fails at the last Worker puts the others back, and says what failed", async () => {
  const before = live();
  cloudflare.fail({
    method: "POST",
    path: /scripts\/noor-consumers\/deployments/,
    status: 400,
    code: 10013,
    message: "An unknown error has occurred.",
    times: 1,
  });
  const { code, said } = await type("deploy.ts", ["--no-check"]);
  expect(code).toBe(1);
  expect(said).toContain("✗ It does not work: what was live before is put back");
  expect(said).toContain("An unknown error has occurred");
  expect(live()).toEqual(before);
});

test("npm run rollback puts every Worker back to the release before", async () => {
  const { code, said } = await type("rollback.ts", []);
  expect(said).toContain("✓ bot is back at");
  expect(code).toBe(0);
  expect(live()).toEqual(first);
});

test("a push is verified live at whichever Worker a deployment has arrived", async () => {
  const current = live();
  for (const worker of workers) {
    const uploaded = await wrangler("versions", "upload", "-c", previousConfiguration(worker));
    await makeLive(worker, versionIn(uploaded));
  }
  for (const worker of workers.slice(0, -1)) {
    await makeLive(worker, current[worker.name === "bot" ? "noor" : `noor-${worker.name}`] ?? "");
    const { said } = await type("smoke.ts", []);
    expect(said, `${worker.name} is replaced`).toMatch(/✓ A push of the smoke portfolio is verified live/);
  }
});

test("npm run setup -- --destroy asks for the name, and leaves nothing of the account's", async () => {
  const { code, said } = await type("setup.ts", ["--destroy"], ["cv-ops", "noor"]);
  expect(said).toContain("That is not its name.");
  expect(code).toBe(0);
  const { scripts, databases, namespaces, queues, indexes, buckets } = cloudflare.state();
  expect({ scripts, databases, namespaces, queues, indexes, buckets }).toEqual({
    scripts: [],
    databases: [],
    namespaces: [],
    queues: [],
    indexes: [],
    buckets: [],
  });
  expect(existsSync(join(folder, "production.json"))).toBe(false);
});
