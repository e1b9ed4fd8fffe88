/** What both the bot and the queue consumers read from their bindings. */
import * as z from "zod/mini";
import { newId } from "./ids.ts";
import { type AddressPolicy, checkAddress, hostOf } from "./targets/address.ts";
import { createEncryption, type Encryption } from "./encryption.ts";
import { type CredentialSource, createCredentialSource } from "./targets/credential-source.ts";
import { parseCredentials } from "./targets/credentials.ts";
import { createDirectory } from "./targets/directory.ts";
import { type Databases, databasesOf } from "./storage/databases.ts";
import type { OutboxQueues } from "./use-cases/relay-outbox.ts";
import type { SettleContext } from "./use-cases/pushes/settle-job.ts";
import { type WithEffects, createWithEffects } from "./with-effects.ts";

const milliseconds = z.pipe(
  z.string().check(z.regex(/^\d{1,9}$/)),
  z.transform((text: string) => Number(text)),
);

/** `host` or `host:port`, separated by commas. */
const hostList = z.pipe(
  z.string().check(z.regex(/^[\sa-z0-9.,:-]*$/i)),
  z.transform((text: string) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((host) => host !== ""),
  ),
);

/** Variables of both Workers; a missing ENVIRONMENT means production. */
export const commonVariables = {
  ENVIRONMENT: z._default(z.enum(["local", "production"]), "production"),
  PUBLIC_URL: z.url(),
  ENCRYPTION_KEYS: z.string(),
  TARGET_CREDENTIALS: z._default(z.string(), "{}"),
  ALLOWED_TARGET_HOSTS: z._default(hostList, []),
  DISPATCH_TIMEOUT_MS: z._default(milliseconds, 20_000),
  COMPLETION_TIMEOUT_MS: z._default(milliseconds, 300_000),
  ASK_INTERVAL_MS: z._default(milliseconds, 60_000),
};
const common = z.object(commonVariables);

/** Throws an Error that names the variables which are missing or malformed; never their values. */
export const parseVariables = <S extends z.ZodMiniType>(schema: S, env: object): z.infer<S> => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => path.join(".")));
  throw new Error(`Set these variables of the Worker as docs/reference/settings.md says: ${[...names].join(", ")}`);
};

export interface CommonBindings {
  /** The first database; others are DB_2, DB_3, … */
  DB: D1Database;
  PUSH_QUEUE: Queue;
  INDEX_QUEUE: Queue;
  DELIVERY_QUEUE: Queue;
  SLACK_OUTBOX: { getByName: (name: string) => { wake: (workspaceId: string) => Promise<unknown> } };
  EVENT_HUB: { getByName: (name: string) => { notify: () => Promise<unknown> } };
  JOB_ORCHESTRATOR: { getByName: (name: string) => { watch: (workspaceId: string, atMs: number) => Promise<unknown> } };
}

export interface CommonDeps extends Omit<SettleContext, "db" | "effects"> {
  databases: Databases;
  /** Where webhooks may be sent. */
  webhookAddresses: AddressPolicy;
  /** Where targets may be called over the network. */
  targetAddresses: AddressPolicy;
  encryption: Encryption;
  credentials: CredentialSource;
  /** Whoever writes does it inside this. */
  withEffects: WithEffects;
  queues: OutboxQueues;
}

/** What a handler works with, inside `withEffects` and in the database of a workspace. */
export type Work = CommonDeps & Pick<SettleContext, "db" | "effects">;

/** Addresses that replace a target's own, by variable: `BLOG_API_URL` is the address of the target `blog`. */
const addressVariables = (env: object): [variable: string, url: string][] =>
  Object.entries(env).filter(
    (entry): entry is [string, string] =>
      /^[A-Z0-9_]+_API_URL$/.test(entry[0]) &&
      entry[0] !== "SLACK_API_URL" &&
      typeof entry[1] === "string" &&
      entry[1] !== "",
  );

const targetOf = (variable: string): string =>
  variable
    .replace(/_API_URL$/, "")
    .toLowerCase()
    .replaceAll("_", "-");

/** Where targets may be called over the network: hosts that the operator lists, and those of addresses set here. */
export const targetAddresses = (env: object, vars: z.infer<typeof common>): AddressPolicy => {
  const set = addressVariables(env).flatMap(([, url]) => hostOf(url) ?? []);
  return { allowedHosts: [...vars.ALLOWED_TARGET_HOSTS, ...set], isLocal: vars.ENVIRONMENT === "local" };
};

/** Throws an Error that names the variable, never the address. */
export const requireAddress = (variable: string, address: string, policy: AddressPolicy): void => {
  const checked = checkAddress(address, policy);
  if (!checked.ok) throw new Error(`${variable}: an address in it ${checked.reason.message}`);
};

export const createCommonDeps = (env: CommonBindings, vars: z.infer<typeof common>): CommonDeps => {
  const nowMs = (): number => Date.now();
  const addresses = targetAddresses(env, vars);
  const replaced = addressVariables(env);
  for (const [variable, url] of replaced) requireAddress(variable, url, addresses);
  const encryption = createEncryption(vars.ENCRYPTION_KEYS);
  const credentials = createCredentialSource(encryption, parseCredentials(vars.TARGET_CREDENTIALS));
  const databases = databasesOf(env, nowMs);
  const queues = { "cv-push": env.PUSH_QUEUE, "cv-index": env.INDEX_QUEUE, "cv-deliveries": env.DELIVERY_QUEUE };
  return {
    databases,
    nowMs,
    newId,
    random: () => Math.random(),
    queues,
    webhookAddresses: { allowedHosts: [], anyPublicHost: true, isLocal: vars.ENVIRONMENT === "local" },
    targetAddresses: addresses,
    encryption,
    credentials,
    timeouts: {
      dispatchMs: vars.DISPATCH_TIMEOUT_MS,
      completionMs: vars.COMPLETION_TIMEOUT_MS,
      askMs: vars.ASK_INTERVAL_MS,
    },
    targets: createDirectory({
      services: { ...env },
      urls: Object.fromEntries(replaced.map(([variable, url]) => [targetOf(variable), url])),
      credentials,
      publicUrl: vars.PUBLIC_URL,
      addresses,
      nowMs,
      newId,
    }),
    withEffects: createWithEffects({
      databases,
      nowMs,
      queues,
      wakeSlackOutbox: async (workspaceId) => {
        await env.SLACK_OUTBOX.getByName(workspaceId).wake(workspaceId);
      },
      notifyFollowers: async (workspaceId) => {
        await env.EVENT_HUB.getByName(workspaceId).notify();
      },
      watchDeadline: async (workspaceId, atMs) => {
        await env.JOB_ORCHESTRATOR.getByName(workspaceId).watch(workspaceId, atMs);
      },
    }),
  };
};
