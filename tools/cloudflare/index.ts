/** A stand-in of Cloudflare for the real wrangler: its API, and the Workers that were deployed through it. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createApi, type Fault, type RecordedRequest } from "./api/api.ts";
import type { Cloud, Plan } from "./cloud.ts";
import { isDue } from "./cron.ts";
import { forward, serve } from "./listen.ts";
import { createRuntime, type Outbound } from "./runtime/runtime.ts";
import { findScript, openStore, type Script, type State } from "./state.ts";

export interface CloudflareOptions {
  /** What the account holds; a second start with the same folder goes on where the first ended. */
  stateDirectory: string;
  plan?: Plan;
  /** D1's query endpoint cuts triggers that have more than one line, as some report. */
  cutsTriggersOverLines?: boolean;
  /** 0 for a free one. */
  port?: number;
  publicPort?: number;
  /** The account's zones, for custom domains. */
  zones?: readonly { id: string; name: string }[];
  /** The account's workers.dev subdomain at its first start; null: it has none yet. */
  subdomain?: string | null;
  /** Answers what Workers send to https://slack.com and https://hooks.slack.com; without it they get 502. */
  slack?: (request: Request) => Promise<Response>;
  /** Calls what is due each minute. Otherwise only `scheduled` does. */
  runsCron?: boolean;
}

export interface Cloudflare {
  /** Such as http://localhost:8800/client/v4. */
  apiUrl: string;
  /** The only Worker that the public may reach, or the one that a Host header names. */
  publicUrl: string;
  /** An address of one Worker, whether the public may reach it or not. */
  urlOf: (worker: string) => Promise<string>;
  /** For wrangler. */
  environment: Record<string, string>;
  accountId: string;
  requests: () => readonly RecordedRequest[];
  /** The next requests that fit are refused. */
  fail: (fault: Fault) => void;
  /** Runs a Worker's cron handler now. */
  scheduled: (worker: string, cron: string, at?: Date) => Promise<{ outcome: string }>;
  /** What the Workers wrote to their logs. */
  logs: () => readonly string[];
  state: () => State;
  stop: () => Promise<void>;
}

const accountId = "c0ffee00c0ffee00c0ffee00c0ffee00";
const token = "stand-in-token";
const minuteMs = 60_000;

export const startCloudflare = async (options: CloudflareOptions): Promise<Cloudflare> => {
  const { subdomain } = options;
  const store = openStore(options.stateDirectory, subdomain === undefined ? {} : { subdomain });
  const runtime = createRuntime(store, outboundOf(options.slack));
  let origin = "";
  const cloud: Cloud = {
    store,
    runtime,
    plan: options.plan ?? "paid",
    cutsTriggersOverLines: options.cutsTriggersOverLines ?? false,
    accountId,
    token,
    origin: () => origin,
    zones: options.zones ?? [{ id: "2".repeat(32), name: "example.com" }],
  };
  const { requests, record } = openRecord(options.stateDirectory);
  const faults: Fault[] = [];
  const api = await serve(options.port ?? 0, createApi(cloud, record, faults));
  origin = `http://localhost:${api.port}`;
  const open = await openDoors(cloud, options.publicPort ?? 0);
  const clock = options.runsCron === true ? startClock(cloud) : undefined;
  const scriptOf = (name: string): Script => {
    const script = findScript(store.state, name);
    if (!script) throw new Error(`There is no Worker ${name}`);
    return script;
  };
  return {
    apiUrl: `${origin}/client/v4`,
    publicUrl: open.url,
    urlOf: (worker) => open.urlOf(scriptOf(worker)),
    accountId,
    environment: {
      CLOUDFLARE_API_BASE_URL: `${origin}/client/v4`,
      CLOUDFLARE_API_TOKEN: token,
      CLOUDFLARE_ACCOUNT_ID: accountId,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
      CI: "1",
    },
    requests: () => requests,
    fail: (fault) => void faults.push(fault),
    scheduled: (worker, cron, at = new Date()) => runtime.scheduled(scriptOf(worker), cron, at),
    logs: () => runtime.logs,
    state: () => store.state,
    stop: async () => {
      clearInterval(clock);
      await Promise.all([api.close(), open.close()]);
      await runtime.stop();
    },
  };
};

/** Requests of this and of earlier processes on the same folder. */
const openRecord = (directory: string): { requests: RecordedRequest[]; record: (request: RecordedRequest) => void } => {
  const file = join(directory, "requests.jsonl");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const requests = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RecordedRequest);
  return {
    requests,
    record: (request) => {
      requests.push(request);
      appendFileSync(file, `${JSON.stringify(request)}\n`);
    },
  };
};

const slackOrigins = new Set(["https://slack.com", "https://hooks.slack.com"]);

const outboundOf =
  (slack: CloudflareOptions["slack"]): Outbound =>
  async (request) => {
    const { origin } = new URL(request.url);
    // What a Worker gets for a host that does not resolve.
    if (!slackOrigins.has(origin)) return new Response("error code: 1016", { status: 530 });
    if (!slack) return new Response("No Slack was given to the stand-in", { status: 502 });
    // Miniflare's own class of requests is none that this process can clone.
    const { method, headers } = request;
    const body = method === "GET" || method === "HEAD" ? null : await request.arrayBuffer();
    return slack(new Request(request.url, { method, headers: [...headers], body }));
  };

/** Where the public knocks. */
const openDoors = async ({ store, runtime }: Cloud, publicPort: number) => {
  const addressOf = async (script: Script): Promise<URL | string> =>
    (await runtime.addressOf(script)) ?? `The Worker ${script.name} has no deployment`;
  const front = await forward(publicPort, async (host) => {
    const found = atHost(store.state, host.split(":")[0] ?? "");
    return typeof found === "string" ? found : addressOf(found);
  });
  const others = new Map<string, Awaited<ReturnType<typeof forward>>>();
  return {
    url: `http://localhost:${front.port}`,
    urlOf: async (script: Script): Promise<string> => {
      const door =
        others.get(script.name) ??
        (await forward(0, async () => {
          const now = findScript(store.state, script.name);
          return now ? addressOf(now) : `There is no Worker ${script.name}`;
        }));
      others.set(script.name, door);
      return `http://localhost:${door.port}`;
    },
    close: async () => {
      await Promise.all([front, ...others.values()].map((door) => door.close()));
    },
  };
};

const atHost = ({ scripts, subdomain }: State, host: string): Script | string => {
  const named = scripts.find(
    (script) =>
      script.domains.some(({ hostname }) => hostname === host) ||
      script.routes.some(({ pattern }) => pattern.split("/")[0] === host) ||
      (script.workers_dev && `${script.name}.${subdomain}.workers.dev` === host),
  );
  if (named) return named;
  if (host !== "localhost" && host !== "127.0.0.1") return `error code: 1042. No Worker has the address ${host}`;
  const reachable = scripts.filter(
    ({ workers_dev, domains, routes }) => workers_dev || domains.length + routes.length > 0,
  );
  const [only, another] = reachable;
  if (only && !another) return only;
  return only
    ? `Several Workers have an address: ${reachable.map(({ name }) => name).join(", ")}. Name one by a Host header.`
    : "No Worker has an address.";
};

const startClock = ({ store, runtime }: Cloud): NodeJS.Timeout =>
  setInterval(() => {
    const at = new Date();
    for (const script of store.state.scripts) {
      for (const { cron } of script.crons) {
        if (isDue(cron, at)) runtime.scheduled(script, cron, at).catch((error: unknown) => console.error(error));
      }
    }
  }, minuteMs).unref();
