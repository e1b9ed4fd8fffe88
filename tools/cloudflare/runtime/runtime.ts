/** Runs the deployed Workers in workerd, over data that outlives a deployment and this process. */
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { deployedVersions, type Script, type Store } from "../state.ts";
import { aiOptions } from "./local-ai.ts";
import { accountOptions, accountWorker, workerOptions, type WorkerOptions } from "./workers.ts";

type Account = Awaited<ReturnType<Miniflare["getD1Database"]>>;
type BucketObjects = Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

/** Answers what a Worker fetches over the network. */
export type Outbound = (request: Request) => Promise<Response>;

export interface Runtime {
  /** Something that runs has changed; it is started again before the next request. */
  invalidate: () => void;
  database: (uuid: string) => Promise<Account>;
  bucket: (name: string) => Promise<BucketObjects>;
  /** Where a Worker's default entrypoint listens; null when no version of it is deployed. */
  addressOf: (script: Script) => Promise<URL | null>;
  scheduled: (script: Script, cron: string, at: Date) => Promise<{ outcome: string }>;
  /** What the Workers wrote to their logs. */
  logs: readonly string[];
  stop: () => Promise<void>;
}

const maxLogLines = 5_000;

export const createRuntime = (store: Store, outbound: Outbound): Runtime => {
  const logs: string[] = [];
  const log = (line: string): void => {
    logs.push(line);
    if (logs.length > maxLogLines) logs.shift();
  };
  let miniflare: Miniflare | undefined;
  let wanted = 0;
  let applied = -1;
  let applying: Promise<unknown> = Promise.resolve();

  const apply = async (): Promise<void> => {
    const target = wanted;
    if (applied === target) return;
    const options = await optionsOf(store, outbound, log);
    if (miniflare) await miniflare.setOptions(options);
    else miniflare = new Miniflare(options);
    await miniflare.ready;
    applied = target;
  };

  /** One change after the other; who asks meanwhile gets the newest. */
  const current = async (): Promise<Miniflare> => {
    const next = applying.then(apply);
    applying = next.catch(() => undefined);
    await next;
    if (!miniflare) throw new Error("The runtime was not started");
    return miniflare;
  };

  return {
    logs,
    invalidate: () => void (wanted += 1),
    database: async (uuid) => (await current()).getD1Database(uuid, accountWorker),
    bucket: async (name) => (await current()).getR2Bucket(name, accountWorker),
    addressOf: async (script) => {
      const running = await current();
      return deployedVersions(script).length === 0 ? null : running.unsafeGetDirectURL(script.name);
    },
    scheduled: async (script, cron, at) => {
      const worker = await (await current()).getWorker(script.name);
      return worker.scheduled({ cron, scheduledTime: at });
    },
    stop: async () => {
      await applying;
      await miniflare?.dispose();
    },
  };
};

const optionsOf = async (
  { directory, state }: Store,
  outbound: Outbound,
  log: (line: string) => void,
): Promise<ReturnType<typeof convertV4MiniflareOptions>> => {
  const answer = ((request: Request) => outbound(request)) as unknown as WorkerOptions["outboundService"];
  const workers = state.scripts.flatMap((script) => workerOptions(directory, state, script, answer));
  const needsAi = state.scripts
    .flatMap(deployedVersions)
    .some(({ bindings }) => bindings.some(({ type }) => type === "ai" || type === "vectorize"));
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: ({ message }) => log(message),
    resourcePersistencePath: join(directory, "data"),
    workers: [
      accountOptions(state),
      ...workers,
      ...(needsAi ? [await aiOptions(directory, state.indexes.at(-1))] : []),
    ],
  });
};
