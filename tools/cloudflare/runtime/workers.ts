/** What Miniflare is given so that the deployed Workers run with the account's own databases, queues and objects. */
import { join } from "node:path";
import type { convertV4MiniflareOptions } from "miniflare";
import { type Binding, deployedVersions, findScript, type Script, type State, type Version } from "../state.ts";
import { assetFolder, codeOf } from "./files.ts";

type Options = Parameters<typeof convertV4MiniflareOptions>[0];
export type WorkerOptions = Extract<Options, { workers: unknown }>["workers"][number];
type Outbound = WorkerOptions["outboundService"];

/** The Worker through which the API reads and writes databases and buckets. */
export const accountWorker = "cloudflare-account";
export const aiWorker = "cv-ops-local-ai";

const never = "export default {}";

export const accountOptions = (state: State): WorkerOptions => ({
  name: accountWorker,
  modules: true,
  script: never,
  compatibilityDate: "2026-10-20",
  d1Databases: Object.fromEntries(state.databases.map(({ uuid }) => [uuid, uuid])),
  r2Buckets: Object.fromEntries(state.buckets.map(({ name }) => [name, name])),
  kvNamespaces: Object.fromEntries(state.namespaces.map(({ id }) => [id, id])),
});

/** @param outbound where requests go that no binding answers */
export const workerOptions = (directory: string, state: State, script: Script, outbound: Outbound): WorkerOptions[] => {
  const [version] = deployedVersions(script);
  if (!version) return [];
  const root = codeOf(directory, version.id);
  // The first module is the main one.
  const modules = version.modules.toSorted(
    (one, other) => Number(other.name === version.main_module) - Number(one.name === version.main_module),
  );
  const bound = bindingOptions(state, script, version);
  return [
    {
      name: script.name,
      modulesRoot: root,
      modules: modules.map(({ name, type }) => ({ type, path: join(root, name) })),
      compatibilityDate: version.compatibility_date,
      compatibilityFlags: version.compatibility_flags,
      outboundService: outbound,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      ...bound,
      additionalUnboundDurableObjects: unboundClasses(script, bound.durableObjects),
      queueConsumers: consumersOf(state, script.name),
      ...assetOptions(directory, version),
    } as WorkerOptions,
  ];
};

type Bound = {
  bindings: Record<string, unknown>;
  kvNamespaces: Record<string, string>;
  d1Databases: Record<string, string>;
  r2Buckets: Record<string, string>;
  queueProducers: Record<string, { queueName: string; deliveryDelay?: number }>;
  durableObjects: Record<string, object>;
  serviceBindings: Record<string, unknown>;
  analyticsEngineDatasets: Record<string, { dataset: string }>;
  ratelimits: Record<string, unknown>;
  versionMetadata?: string;
};

const bindingOptions = (state: State, script: Script, version: Version): Bound => {
  const bound: Bound = {
    bindings: {},
    kvNamespaces: {},
    d1Databases: {},
    r2Buckets: {},
    queueProducers: {},
    durableObjects: {},
    serviceBindings: {},
    analyticsEngineDatasets: {},
    ratelimits: {},
  };
  for (const binding of version.bindings) bind(state, script, version, bound, binding);
  return bound;
};

type Bind = (place: { state: State; script: Script; version: Version; bound: Bound }, binding: Binding) => void;

const text = (value: unknown): string => String(value);

/** One entry for each type of binding that this stand-in runs; the upload refuses all others. */
const binders: Record<string, Bind> = {
  plain_text: ({ bound }, { name, text: value }) => void (bound.bindings[name] = value),
  secret_text: ({ bound }, { name, text: value }) => void (bound.bindings[name] = value),
  json: ({ bound }, { name, json }) => void (bound.bindings[name] = json),
  kv_namespace: ({ bound }, { name, namespace_id }) => void (bound.kvNamespaces[name] = text(namespace_id)),
  d1: ({ bound }, { name, id }) => void (bound.d1Databases[name] = text(id)),
  r2_bucket: ({ bound }, { name, bucket_name }) => void (bound.r2Buckets[name] = text(bucket_name)),
  queue: ({ state, bound }, { name, queue_name, delivery_delay }) => {
    const queue = state.queues.find((each) => each.queue_name === queue_name);
    const deliveryDelay = Number(delivery_delay ?? queue?.delivery_delay ?? 0);
    bound.queueProducers[name] = { queueName: text(queue_name), ...(deliveryDelay > 0 && { deliveryDelay }) };
  },
  durable_object_namespace: ({ state, script, bound }, { name, class_name, script_name }) => {
    const owner = findScript(state, text(script_name ?? script.name));
    const found = owner?.classes[text(class_name)];
    if (!owner || !found || deployedVersions(owner).length === 0) return;
    bound.durableObjects[name] = {
      className: text(class_name),
      useSQLite: found.sqlite,
      unsafeUniqueKey: found.namespace_id,
      ...(owner !== script && { scriptName: owner.name }),
    };
  },
  service: ({ state, bound }, { name, service, entrypoint }) => {
    const target = findScript(state, text(service));
    bound.serviceBindings[name] =
      target && deployedVersions(target).length > 0
        ? { name: target.name, ...(entrypoint !== undefined && { entrypoint: text(entrypoint) }) }
        : () => new Response(`The Worker ${text(service)} does not exist`, { status: 500 });
  },
  ai: ({ bound }, { name }) => void (bound.serviceBindings[name] = { name: aiWorker, entrypoint: "WorkersAiStub" }),
  vectorize: ({ bound }, { name }) =>
    void (bound.serviceBindings[name] = { name: aiWorker, entrypoint: "VectorizeIndexStub" }),
  analytics_engine: ({ bound }, { name, dataset }) =>
    void (bound.analyticsEngineDatasets[name] = { dataset: text(dataset) }),
  ratelimit: ({ bound }, { name, namespace_id, simple }) => void (bound.ratelimits[name] = { namespace_id, simple }),
  version_metadata: ({ version, bound }, { name }) =>
    void (bound.bindings[name] = {
      id: version.id,
      tag: version.annotations["workers/tag"] ?? "",
      timestamp: version.created_on,
    }),
  // The folder's own option binds it.
  assets: () => undefined,
};

export const runnableTypes: ReadonlySet<string> = new Set(Object.keys(binders));

const bind = (state: State, script: Script, version: Version, bound: Bound, binding: Binding): void =>
  binders[binding.type]?.({ state, script, version, bound }, binding);

/** Classes that other Workers reach although the script itself binds none of them. */
const unboundClasses = (script: Script, bound: Record<string, object>): object[] => {
  const names = new Set(
    Object.values(bound).flatMap((each) => ("scriptName" in each || !("className" in each) ? [] : [each.className])),
  );
  return Object.entries(script.classes)
    .filter(([className]) => !names.has(className))
    .map(([className, { sqlite, namespace_id }]) => ({ className, useSQLite: sqlite, unsafeUniqueKey: namespace_id }));
};

const consumersOf = (state: State, script: string): Record<string, object> =>
  Object.fromEntries(
    state.queues.flatMap((queue) =>
      queue.consumers
        .filter((consumer) => consumer.script === script)
        .map(({ settings, dead_letter_queue }) => [
          queue.queue_name,
          {
            maxBatchSize: settings.batch_size,
            maxBatchTimeout: settings.max_wait_time_ms / 1000,
            maxRetries: settings.max_retries,
            retryDelay: settings.retry_delay,
            ...(dead_letter_queue !== null && { deadLetterQueue: dead_letter_queue }),
          },
        ]),
    ),
  );

const assetOptions = (directory: string, version: Version): object => {
  if (!version.assets) return {};
  const { run_worker_first, html_handling, not_found_handling } = version.assets.config;
  const binding = version.bindings.find(({ type }) => type === "assets")?.name;
  return {
    assets: {
      directory: assetFolder(directory, version),
      ...(binding !== undefined && { binding }),
      routerConfig: {
        has_user_worker: true,
        ...(run_worker_first === true && { invoke_user_worker_ahead_of_assets: true }),
      },
      assetConfig: {
        ...(typeof html_handling === "string" && { html_handling }),
        ...(typeof not_found_handling === "string" && { not_found_handling }),
      },
    },
  };
};
