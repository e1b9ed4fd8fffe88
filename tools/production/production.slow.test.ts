/**
 * A production from nothing to a verified push, a second release, a release that fails, databases that are lost and
 * restored, and back to nothing: by the commands that a person types, with the real wrangler, on a stand-in of
 * Cloudflare that runs what is uploaded.
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
import { schedules } from "../../shared/schedules.ts";
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
      // wrangler is started a hundred times: it is compiled once.
      NODE_COMPILE_CACHE: join(folder, "compiled"),
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

test("a push is verified live while a deployment has replaced the targets, and then the bot too", async () => {
  const current = live();
  await Promise.all(
    workers.map(async (worker) => {
      const uploaded = await wrangler("versions", "upload", "-c", previousConfiguration(worker));
      await makeLive(worker, versionIn(uploaded));
    }),
  );
  const newVersionOf = ({ name }: ProductionWorker) => current[name === "bot" ? "noor" : `noor-${name}`] ?? "";
  // One target that is older than the other is in the seeds of the simulator.
  for (const names of [["d1cv", "ai-agent"], ["bot"]]) {
    const replaced = workers.filter(({ name }) => names.includes(name));
    await Promise.all(replaced.map((worker) => makeLive(worker, newVersionOf(worker))));
    const { said } = await type("smoke.ts", []);
    expect(said, `${names.join(", ")} replaced`).toMatch(/✓ A push of the smoke portfolio is verified live/);
  }
});

/** As cron does it each day. */
const backUp = async (): Promise<void> => {
  for (const worker of ["noor", "noor-d1cv", "noor-ai-agent"]) await cloudflare.scheduled(worker, schedules.hour);
  await cloudflare.scheduled("noor", schedules.afterHour);
};

const rowsOf = async (database: string, command: string): Promise<Record<string, unknown>[]> => {
  const found = cloudflare.state().databases.find(({ name }) => name === database);
  const path = `/accounts/${cloudflare.accountId}/d1/database/${found?.uuid}/query`;
  const response = await fetch(`${cloudflare.apiUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${cloudflare.environment["CLOUDFLARE_API_TOKEN"]}` },
    body: JSON.stringify({ sql: command }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { result } = (await response.json()) as { result: { results: Record<string, unknown>[] }[] };
  return result[0]?.results ?? [];
};

/** A workspace with a history and a portfolio, as far as a restored production has to have them again. */
const seed = async (): Promise<void> => {
  const now = "2026-11-23T08:00:00.000Z";
  await rowsOf(
    "noor-staging",
    `INSERT INTO workspaces (workspace_id, name, created_at, updated_at) VALUES ('T012AB3CD', 'Noor''s', '${now}', '${now}')`,
  );
  await rowsOf(
    "noor-staging",
    `INSERT INTO job_events (workspace_id, number, type, actor_kind, actor_id, data, trace_id, created_at)
     VALUES ('T012AB3CD', 1, 'change.staged', 'slack', 'U012AB3CD', '{"note":"' || replace(hex(zeroblob(40000)), '0', 'é') || '"}',
       't', '${now}')`,
  );
  await rowsOf(
    "noor-d1cv",
    `INSERT INTO technology (portfolio_id, id, version, created_at, updated_at, updated_by, name, category)
     VALUES ('noor-vega', 'python-1', 7, '${now}', '${now}', 'slack:U012AB3CD', 'Python', 'Languages')`,
  );
};

const history = () => rowsOf("noor-staging", "SELECT * FROM job_events WHERE workspace_id = 'T012AB3CD' ORDER BY id");
const portfolio = () => rowsOf("noor-d1cv", "SELECT * FROM technology WHERE portfolio_id = 'noor-vega'");
let before: { history: unknown; portfolio: unknown };

test("a backup is refused by an environment that holds anything, which is named", async () => {
  await seed();
  await backUp();
  before = { history: await history(), portfolio: await portfolio() };
  const { code, said } = await type("restore.ts", ["--dry-run"]);
  expect(said).toContain("is of one moment");
  expect(said).toContain("noor-staging is not empty: it has T012AB3CD");
  expect(code).toBe(1);
});

/** What is left of a database that was lost: nothing. */
const lose = async (database: string): Promise<void> => {
  const tables = await rowsOf(
    database,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
  );
  const drops = tables.map(({ name }) => `DROP TABLE "${String(name)}";`);
  await rowsOf(database, `PRAGMA defer_foreign_keys = on; ${drops.join(" ")}`);
};

test("npm run restore fills empty databases, and a push is verified live there", async () => {
  for (const database of ["noor-staging", "noor-d1cv", "noor-ai-agent"]) await lose(database);
  const { code, said } = await type("restore.ts", []);
  expect(said).toMatch(/✓ bot is restored[^]*✓ A push of the smoke portfolio is verified live/);
  expect(code).toBe(0);
  expect({ history: await history(), portfolio: await portfolio() }).toEqual(before);
  await expect(
    rowsOf("noor-staging", "UPDATE job_events SET data = '{}' WHERE workspace_id = 'T012AB3CD'"),
  ).rejects.toThrow();
});

test("npm run setup -- --destroy asks for the name, and leaves nothing of the account's", async () => {
  const { code, said } = await type("setup.ts", ["--destroy"], ["cv-ops", "noor"]);
  expect(said).toContain("That is not its name.");
  expect(code).toBe(0);
  expect(said).toContain("The bucket noor-backups stays: it holds the backups");
  const { scripts, databases, namespaces, queues, indexes } = cloudflare.state();
  expect({ scripts, databases, namespaces, queues, indexes }).toEqual({
    scripts: [],
    databases: [],
    namespaces: [],
    queues: [],
    indexes: [],
  });
  expect(existsSync(join(folder, "production.json"))).toBe(false);
});
