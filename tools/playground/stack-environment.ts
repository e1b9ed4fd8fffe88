import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";

const repository = resolve(import.meta.dirname, "../..");

/** What people may set, in the environment or in `.env`; .env.example explains each. */
export const settings = [
  "PUBLIC_URL",
  "LOCAL_STACK_HOSTS",
  "SLACK_SIGNING_SECRET",
  "SLACK_BOT_TOKEN",
  "SLACK_API_URL",
  "SLACK_CLIENT_ID",
  "SLACK_CLIENT_SECRET",
  "SLACK_TOKEN_ROTATION",
  "ACCESS_TEAM_DOMAIN",
  "ACCESS_AUD",
  "BOOTSTRAP_ADMIN",
  "D1CV_API_URL",
  "AI_AGENT_API_URL",
  "ALLOWED_TARGET_HOSTS",
  "DEFAULT_TARGETS",
  "TARGET_CREDENTIALS",
] as const;

/** What programs need to run; nothing else of the environment reaches wrangler, because Workers see all of it. */
const systemNames = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "SystemRoot",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "TEMP",
  "TMP",
] as const;

type Variables = Record<string, string>;

/** The root `.env`, if there is one; the environment goes before it. */
export const readSettings = async (environment: NodeJS.ProcessEnv): Promise<Variables> => {
  const file = parseEnv(await readOptional(join(repository, ".env")));
  return pick({ ...file, ...withoutEmpty(environment) }, settings);
};

/** The environment of `wrangler dev`: with CLOUDFLARE_INCLUDE_PROCESS_ENV it replaces the [vars] of every Worker. */
export const wranglerEnvironment = (
  environment: NodeJS.ProcessEnv,
  own: Variables,
  port: number,
  persistTo: string,
): Variables => ({
  ...pick(environment, systemNames),
  PUBLIC_URL: `http://localhost:${port}`,
  SLACK_API_URL: `http://localhost:${port}/playground/slack/api/`,
  ...own,
  CI: "1",
  FORCE_COLOR: "0",
  CLOUDFLARE_INCLUDE_PROCESS_ENV: "true",
  // Without it a network that swallows packets costs 17 s at every start.
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  // Two stacks on one machine must not find each other's Workers.
  WRANGLER_REGISTRY_PATH: join(resolve(persistTo), "registry"),
});

const pick = (from: NodeJS.ProcessEnv, names: readonly string[]): Variables => {
  const picked: Variables = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined && value !== "") picked[name] = value;
  }
  return picked;
};

const withoutEmpty = (from: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== ""));

const readOptional = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
};
