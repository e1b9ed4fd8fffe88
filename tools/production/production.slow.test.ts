/**
 * README, "In production", and `docs/guides/deploy.md`, followed line by line: from nothing to a push that is typed and
 * approved in Slack, a second release, a release that fails, databases that are lost and restored, and back to nothing.
 * With the real wrangler, on a stand-in of Cloudflare that runs what is uploaded.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createManifest } from "../../bot/slack/manifest.ts";
import { checks } from "../../shared/domain/operations/checks.ts";
import { smokeWorkspace } from "../../shared/domain/operations/smoke.ts";
import { schedules } from "../../shared/schedules.ts";
import { ServedSlack } from "../../test/support/slack/served-slack.ts";
import { type Cloudflare, startCloudflare } from "../cloudflare/index.ts";
import { root } from "../scripts/tree.ts";
import { OAuthServer } from "../slack/oauth.ts";
import { configurationPath } from "./configurations.ts";
import { commandsIn, remedyIn } from "./remedies.ts";
import { installs } from "./testing/installs.ts";
import { SlackPerson } from "./testing/slack-person.ts";
import { previousConfiguration } from "./testing/previous-release.ts";
import { type ProductionWorker, workers } from "./workers.ts";

const url = "https://noor.acme.workers.dev";
const signingSecret = "0".repeat(32);
const workspaceId = "T012AB3CD";
const channelId = "C012AB3CD";
const client = { clientId: "1111111111.2222222222", clientSecret: "1".repeat(32) };
const { oauth_config: oauthConfig, settings } = createManifest(url);
const oauth = new OAuthServer(
  {
    ...client,
    appId: "A0CVOPS",
    redirectUrls: oauthConfig?.redirect_urls ?? [],
    rotatesTokens: settings?.token_rotation_enabled === true,
  },
  () => Date.now(),
);

let folder: string;
let cloudflare: Cloudflare;
let slack: ServedSlack;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cv-ops-production-"));
  slack = await ServedSlack.start("https://hooks.slack.com/respond/");
  slack.oauth = oauth;
  slack.addChannels(workspaceId, channelId);
  cloudflare = await startCloudflare({
    stateDirectory: folder,
    subdomain: "acme",
    slack: (request) => slack.fetch(request),
  });
});
afterAll(async () => {
  await cloudflare.stop();
  await slack.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  said: string;
}

/** What somebody does elsewhere, once a program asks for it. */
interface Meanwhile {
  asked: string;
  done: () => Promise<unknown>;
}

/** Runs a program with answers to its questions. What it asks of Slack and of the bot reaches the stand-ins. */
const run = async (
  program: string,
  args: readonly string[],
  answers: readonly string[] = [],
  meanwhile: Meanwhile | null = null,
): Promise<Ended> => {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      ...cloudflare.environment,
      CV_OPS_PRODUCTION: join(folder, "production.json"),
      // wrangler is started a hundred times: it is compiled once.
      NODE_COMPILE_CACHE: join(folder, "compiled"),
      NODE_OPTIONS: `--import=${join(import.meta.dirname, "testing/reach.ts")}`,
      REACH: JSON.stringify({
        [new URL(url).host]: cloudflare.publicUrl,
        "slack.com": new URL(slack.apiUrl).origin,
      }),
    },
  });
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(""));
  const [out, err, [code]] = await Promise.all([
    said(child.stdout, meanwhile),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number, said: out + err };
};

/** All that a program says; where it asks for it, `meanwhile` is done. */
const said = async (output: AsyncIterable<Buffer>, meanwhile: Meanwhile | null): Promise<string> => {
  let all = "";
  let doing: Promise<unknown> | null = null;
  for await (const chunk of output) {
    all += chunk.toString();
    if (meanwhile !== null && all.includes(meanwhile.asked)) doing ??= meanwhile.done();
  }
  await doing;
  return all;
};

/** Lines that a page shows, in its blocks of shell under a heading, without their comments. */
const linesOf = (page: string, heading: string): string[] => {
  const [, section = ""] = readFileSync(join(root, page), "utf8").split(`\n## ${heading}\n`);
  const [own = ""] = section.split(/\n## /);
  return [...own.matchAll(/```sh\n([^]*?)```/g)]
    .flatMap(([, block = ""]) => block.trim().split("\n"))
    .map((line) => line.replace(/\s*#.*$/, ""));
};

const documented = [
  ...linesOf("README.md", "In production"),
  ...["Set up", "Deploy a new version", "Add a database", "Take it down", "Restore a backup"].flatMap((heading) =>
    linesOf("docs/guides/deploy.md", heading),
  ),
];

/** Needs no test here: CI begins with it, and a pull has nothing to bring. */
const notTyped = new Set(["npm ci", "git pull && npm ci"]);
const typed = new Set<string>();

/** Types a line of the pages in a shell. @param more what the line would do again that CI does in a step of its own */
const type = (
  line: string,
  {
    answers = [],
    more = "",
    meanwhile = null,
  }: { answers?: string[]; more?: string; meanwhile?: Meanwhile | null } = {},
): Promise<Ended> => {
  typed.add(line);
  return run("bash", ["-c", `${line}${more}`], answers, meanwhile);
};

const deployWithoutChecks = () => type("npm run deploy", { more: " -- --no-check" });

const wrangler = async (...args: string[]): Promise<string> => {
  const { code, said } = await run(process.execPath, ["node_modules/wrangler/bin/wrangler.js", ...args]);
  if (code !== 0) throw new Error(said);
  return said;
};

const versionIn = (said: string): string => /Worker Version ID: (\S+)/.exec(said)?.[1] ?? said;

const makeLive = (worker: ProductionWorker, version: string): Promise<string> =>
  wrangler("versions", "deploy", `${version}@100%`, "-y", "-c", configurationPath(worker));

/** Name, address, location, jurisdiction, portfolio, no channel; what Slack shows; the workspace. */
const answers = [
  "noor",
  "noor.acme.workers.dev",
  "",
  "",
  "noor-vega",
  "",
  client.clientId,
  client.clientSecret,
  signingSecret,
  "",
];

const installApp = () =>
  installs({
    oauth,
    url: cloudflare.publicUrl,
    host: new URL(url).host,
    team: { id: workspaceId, name: "Noor Vega" },
    userId: "U012AB3CD",
  });

/** The version of each Worker that is live. */
const live = (): Record<string, string> =>
  Object.fromEntries(
    cloudflare
      .state()
      .scripts.map(({ name, deployments }) => [name, deployments.at(-1)?.versions[0]?.version_id ?? ""]),
  );

let first: Record<string, string>;

test("npx wrangler login says who is logged in where a token is set", async () => {
  const { code, said } = await type("npx wrangler login");
  expect(said).toContain("You are logged in with an API Token");
  expect(code).toBe(0);
});

test("npm run setup leads from an empty account to a push that is verified live", async () => {
  const pages: string[] = [];
  const meanwhile = { asked: `${url}/slack/install`, done: async () => pages.push(await installApp()) };
  const { code, said } = await type("npm run setup", { answers, meanwhile });
  expect(said).toContain("✓ The account has Workers Paid");
  expect(said).toContain("✓ Slack knows the app by these values");
  expect(said).toMatch(/✓ A push of the smoke portfolio is verified live, \d+ s after it was sent/);
  expect(said).toContain("✓ The bot answers Slack's verification of its address");
  expect(said).toContain("T012AB3CD  Noor Vega, installed by U012AB3CD");
  expect(said).toContain("✓ T012AB3CD has the targets d1cv and ai-agent");
  expect(pages).toEqual([expect.stringContaining("CV Ops is installed")]);
  expect(code).toBe(0);
  const kept = readFileSync(join(folder, "production.json"), "utf8");
  expect(JSON.parse(kept)).toMatchObject({ name: "noor", url, portfolio: "noor-vega", workspace: workspaceId });
  for (const shown of [kept, said]) expect(shown).not.toMatch(/xoxb|whsec_|[01]{32}/);
  expect(said).toMatch(/\/metrics with this token, which is shown this once: [\w-]{43}\n/);
  expect(Object.keys(live()).toSorted()).toEqual(["noor", "noor-ai-agent", "noor-consumers", "noor-d1cv"]);
});

test("a change is typed, approved and pushed in Slack, and its card says that it is verified live", async () => {
  const at = { slack, url: cloudflare.publicUrl, host: new URL(url).host, signingSecret, workspaceId, channelId };
  const noor = new SlackPerson({ ...at, userId: "U012AB3CD" });
  const priya = new SlackPerson({ ...at, userId: "U0PRIYA001" });
  expect(await noor.types("roles <@U0PRIYA001> approver")).toMatch(/approver/);
  expect(await noor.types('stage create technology name="Rust" category=Language')).toContain("Staged as change 1");
  expect(await noor.types('commit -m "The first skill"')).toContain("*Commit #1*");
  await priya.clicks("Approve", "Commit #1");
  expect(await priya.types("push 1 all")).toContain("has started");
  const last = await slack.called(
    ({ method, args }) => method === "chat.update" && /verified live/.test(args["text"] ?? ""),
  );
  expect(last.args["channel"]).toBe(channelId);
  expect(await rowsOf("noor-d1cv", "SELECT name, category FROM technology")).toContainEqual({
    name: "Rust",
    category: "Language",
  });
  expect(slack.problems).toEqual([]);
});

/** What `npm run doctor` finds wrong: the lines above a remedy. */
const wrong = async (): Promise<string[]> => {
  const { said } = await type("npm run doctor");
  expect(said).toMatch(/Nothing is wrong|checks failed/);
  const lines = said.split("\n");
  return lines.filter((_, index) => lines[index + 1]?.startsWith("  → "));
};

const configurationOf = (name: string): string => {
  const worker = workers.find((one) => one.name === name);
  if (!worker) throw new Error(`There is no Worker ${name}`);
  return configurationPath(worker);
};

const secretOf = (script: string, name: string): string => {
  const found = cloudflare.state().scripts.find((one) => one.name === script);
  const current = found?.deployments.at(-1)?.versions[0]?.version_id;
  return String(
    found?.versions.find(({ id }) => id === current)?.bindings.find((binding) => binding.name === name)?.["text"],
  );
};

const putSecret = async (worker: string, values: Record<string, string>): Promise<void> => {
  const { code, said } = await run(
    process.execPath,
    ["node_modules/wrangler/bin/wrangler.js", "secret", "bulk", "-c", configurationOf(worker)],
    [JSON.stringify(values)],
  );
  if (code !== 0) throw new Error(said);
};

const createIndex = (name: string, dimensions: number): Promise<string> =>
  wrangler("vectorize", "create", name, "--dimensions", String(dimensions), "--metric", "cosine");

const recreateIndex = async (dimensions: number): Promise<void> => {
  const [index] = cloudflare.state().indexes;
  if (!index) throw new Error("There is no index");
  await wrangler("vectorize", "delete", index.name, "--force");
  await createIndex(index.name, dimensions);
};

let credentials = "";

/** Each as it comes about: by what somebody does at Slack or at Cloudflare, and nothing in CV Ops itself. */
const faults: { what: string; happens: () => Promise<unknown>; found: RegExp; ends: () => Promise<unknown> }[] = [
  {
    what: "an admin of Slack has revoked the bot's token",
    happens: async () => oauth.uninstall(workspaceId),
    found: /Slack takes the bot's token/,
    ends: installApp,
  },
  {
    what: "a target signs its webhooks with a secret that was rotated there alone",
    happens: () => {
      credentials = secretOf("noor-d1cv", "PORTFOLIO_CREDENTIALS");
      const changed = JSON.parse(credentials) as Record<string, { webhook: string[] }>;
      for (const one of Object.values(changed)) one.webhook = [`whsec_${Buffer.alloc(32, 7).toString("base64")}`];
      return putSecret("d1cv", { PORTFOLIO_CREDENTIALS: JSON.stringify(changed) });
    },
    found: /The target's webhooks reach us, and we take their signature \(d1cv\)/,
    ends: () => putSecret("d1cv", { PORTFOLIO_CREDENTIALS: credentials }),
  },
  {
    what: "the search index was made again for another model",
    happens: () => recreateIndex(384),
    found: /The search index has the dimensions of the model \(ai-agent\): 384 of 768 dimensions/,
    ends: () => recreateIndex(768),
  },
  {
    what: "the schedules of the bot are gone",
    happens: () => rowsOf("noor-staging", "UPDATE operation_cursor SET updated_at = '2026-11-23T08:00:00.000Z'"),
    found: /Cron runs each minute/,
    ends: () => cloudflare.scheduled("noor", schedules.minute),
  },
  {
    what: "a migration was not applied",
    happens: () =>
      rowsOf(
        "noor-staging",
        "UPDATE d1_migrations SET name = '0' || name WHERE id = (SELECT MAX(id) FROM d1_migrations)",
      ),
    found: /The migrations are applied/,
    ends: () =>
      rowsOf(
        "noor-staging",
        "UPDATE d1_migrations SET name = substr(name, 2) WHERE id = (SELECT MAX(id) FROM d1_migrations)",
      ),
  },
];

test("npm run doctor finds nothing wrong with what was set up, and shows its figures", async () => {
  await cloudflare.scheduled("noor", schedules.minute);
  expect(await wrong()).toEqual([]);
  const { said } = await type("npm run doctor -- --metrics");
  expect(said).toMatch(/^cv_ops_cron_age_seconds \d/m);
});

test.each(faults)("npm run doctor says it where $what, and nothing else", async ({ happens, found, ends }) => {
  await happens();
  const lines = await wrong();
  await ends();
  expect(lines).not.toEqual([]);
  for (const line of lines) expect(line).toMatch(found);
});

test("what npm run doctor says to type in wrangler works as typed", async () => {
  await putSecret("bot", { WORKSPACES: "{}" });
  const remedies = Object.values(checks).map(({ remedy }) => remedyIn("noor", remedy));
  const commands = remedies.flatMap(commandsIn).filter((command) => command.startsWith("npx wrangler "));
  expect(commands.length).toBeGreaterThan(2);
  for (const command of commands)
    expect({ command, ...(await run("bash", ["-c", command])) }).toMatchObject({ code: 0 });
  const { indexes } = cloudflare.state();
  expect({ secret: secretOf("noor", "WORKSPACES"), indexes }).toEqual({ secret: "undefined", indexes: [] });
  await createIndex("noor", 768);
});

test("npm run deploy replaces every Worker, and a push of the new release is verified live", async () => {
  const made = cloudflare.state().databases.length;
  // A production that the release before has set up has it, and that release does not start without it.
  await putSecret("bot", { SLACK_BOT_TOKEN: oauth.tokenOf(workspaceId) ?? "" });
  first = live();
  const { code, said } = await deployWithoutChecks();
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
  const { code, said } = await deployWithoutChecks();
  expect(code).toBe(1);
  expect(said).toContain("✗ It does not work: what was live before is put back");
  expect(said).toContain("An unknown error has occurred");
  expect(live()).toEqual(before);
});

test("npm run rollback puts every Worker back to the release before", async () => {
  const { code, said } = await type("npm run rollback");
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
    const { said } = await type("npm run smoke");
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

/** What is hard to restore: an event whose text is long, and not of ASCII alone; and a row of the portfolio. */
const seed = async (): Promise<void> => {
  const now = "2026-11-23T08:00:00.000Z";
  await rowsOf(
    "noor-staging",
    `INSERT INTO job_events (workspace_id, number, type, actor_kind, actor_id, data, trace_id, created_at)
     VALUES ('T012AB3CD', 1000, 'change.staged', 'slack', 'U012AB3CD', '{"note":"' || replace(hex(zeroblob(40000)), '0', 'é') || '"}',
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
  expect((await type("npm run restore -- --list")).said).toMatch(/^\s*\d{4}-\d\d-\d\d/m);
  const { code, said } = await type("npm run restore -- --dry-run");
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
  const { code, said } = await type("npm run restore");
  expect(said).toMatch(/✓ noor-staging is restored[^]*✓ A push of the smoke portfolio is verified live/);
  expect(code).toBe(0);
  expect({ history: await history(), portfolio: await portfolio() }).toEqual(before);
  await expect(
    rowsOf("noor-staging", "UPDATE job_events SET data = '{}' WHERE workspace_id = 'T012AB3CD'"),
  ).rejects.toThrow();
});

test("npm run setup -- --add-database binds a second database, and a new workspace's push is verified live there", async () => {
  // As if it had been there for half an hour, and the smoke workspace were new.
  const longAgo = "2026-01-01T00:00:00.000Z";
  await rowsOf("noor-staging", `INSERT INTO databases VALUES ('DB_2', '${longAgo}', 0, '${longAgo}')`);
  await rowsOf("noor-staging", `DELETE FROM workspaces WHERE workspace_id = '${smokeWorkspace}'`);
  const { code, said } = await type("npm run setup -- --add-database");
  expect(said).toMatch(/✓ noor-staging-2 has the schema[^]*✓ A push of the smoke portfolio is verified live/);
  expect(code).toBe(0);
  await cloudflare.scheduled("noor", schedules.minute);
  expect(await rowsOf("noor-staging", "SELECT name FROM databases WHERE bytes > 0 ORDER BY name")).toEqual([
    { name: "DB" },
    { name: "DB_2" },
  ]);
  expect(await rowsOf("noor-staging-2", "SELECT workspace_id, state FROM pushes")).toEqual([
    { workspace_id: smokeWorkspace, state: "completed" },
  ]);
});

test("npm run setup -- --destroy asks for the name, and leaves nothing of the account's", async () => {
  const { code, said } = await type("npm run setup -- --destroy", { answers: ["cv-ops", "noor"] });
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

test("every line of the pages was typed", () => {
  expect([...typed].filter((line) => !documented.includes(line))).toEqual([
    "npm run doctor -- --metrics",
    "npm run rollback",
    "npm run smoke",
  ]);
  expect(documented.filter((line) => !typed.has(line) && !notTyped.has(line))).toEqual([]);
});
