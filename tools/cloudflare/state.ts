/** What the account holds, kept as one file, so that another process goes on where this one ended. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Database {
  uuid: string;
  name: string;
  created_at: string;
  location: string | null;
  jurisdiction: string | null;
}

export interface Namespace {
  id: string;
  title: string;
}

export interface Consumer {
  consumer_id: string;
  script: string;
  dead_letter_queue: string | null;
  settings: {
    batch_size: number;
    max_retries: number;
    max_wait_time_ms: number;
    max_concurrency: number | null;
    retry_delay: number;
  };
  created_on: string;
}

export interface Queue {
  queue_id: string;
  queue_name: string;
  created_on: string;
  delivery_delay: number;
  message_retention_period: number;
  consumers: Consumer[];
}

export interface VectorIndex {
  name: string;
  description: string;
  config: { dimensions: number; metric: string };
  created_on: string;
  metadataIndexes: { propertyName: string; indexType: string }[];
}

export interface Bucket {
  name: string;
  creation_date: string;
  location: string | null;
  jurisdiction: string;
  storage_class: string;
}

/** A binding as it is uploaded; the field names are Cloudflare's. */
export interface Binding {
  name: string;
  type: string;
  [field: string]: unknown;
}

export interface Version {
  id: string;
  number: number;
  created_on: string;
  /** Who made it: a script's upload, a version's, or an edit of secrets. */
  triggered_by: "upload" | "version_upload" | "secret";
  main_module: string;
  modules: { name: string; type: "ESModule" | "CommonJS" | "CompiledWasm" | "Text" | "Data" }[];
  bindings: Binding[];
  compatibility_date: string;
  compatibility_flags: string[];
  annotations: Record<string, string>;
  assets: { manifest: AssetManifest; config: Record<string, unknown> } | null;
  /** The tag of the last Durable Object migration when it was uploaded. */
  migration_tag: string | null;
  exports: string[];
  handlers: string[];
  startup_time_ms: number;
  etag: string;
}

export type AssetManifest = Record<string, { hash: string; size: number }>;

export interface Deployment {
  id: string;
  created_on: string;
  versions: { version_id: string; percentage: number }[];
  annotations: Record<string, string>;
}

export interface DurableObjectClass {
  namespace_id: string;
  sqlite: boolean;
}

export interface Script {
  name: string;
  tag: string;
  created_on: string;
  modified_on: string;
  tags: string[];
  logpush: boolean;
  observability: unknown;
  migration_tag: string | null;
  classes: Record<string, DurableObjectClass>;
  versions: Version[];
  deployments: Deployment[];
  workers_dev: boolean;
  previews: boolean;
  crons: { cron: string; created_on: string }[];
  domains: { id: string; hostname: string; zone_id: string; zone_name: string }[];
  routes: { id: string; pattern: string; zone_id: string }[];
}

export interface State {
  subdomain: string | null;
  databases: Database[];
  namespaces: Namespace[];
  queues: Queue[];
  indexes: VectorIndex[];
  buckets: Bucket[];
  scripts: Script[];
}

const nothing: State = {
  subdomain: "stand-in",
  databases: [],
  namespaces: [],
  queues: [],
  indexes: [],
  buckets: [],
  scripts: [],
};

export interface Store {
  directory: string;
  state: State;
  save: () => void;
}

/** @param first what an account that was never used holds besides nothing */
export const openStore = (directory: string, first: Partial<State>): Store => {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "state.json");
  const state = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as State)
    : { ...structuredClone(nothing), ...first };
  return {
    directory,
    state,
    // A process that ends in the middle leaves the file as it was.
    save: () => {
      writeFileSync(`${file}.new`, JSON.stringify(state, null, 1));
      renameSync(`${file}.new`, file);
    },
  };
};

export const findScript = (state: State, name: string): Script | undefined =>
  state.scripts.find((script) => script.name === name);

/** The versions that get requests, the one with the largest share first. Empty for a Worker that was never deployed. */
export const deployedVersions = (script: Script): Version[] =>
  (script.deployments.at(-1)?.versions ?? [])
    .toSorted((one, other) => other.percentage - one.percentage)
    .flatMap(({ version_id }) => script.versions.filter((version) => version.id === version_id));
