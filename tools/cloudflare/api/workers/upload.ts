/** An upload of code, by a deployment (PUT of a script) or as a version: its form, and what is refused of it. */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { Refusal } from "../../answers.ts";
import { type Cloud, hexId, now } from "../../cloud.ts";
import { keepCode } from "../../runtime/files.ts";
import { startOnce, StartupFailure, type Startup, type UploadedModule } from "../../runtime/startup.ts";
import type { Binding, DurableObjectClass, Script, Version } from "../../state.ts";
import { queueHandlerMissing } from "../queues.ts";
import type { AssetSessions } from "./assets.ts";
import { checkBindings } from "./bindings.ts";
import { migrate, migrations, requireClasses } from "./migrations.ts";

// developers.cloudflare.com/workers/platform/limits#worker-size
const maxCompressedBytes = { free: 3 * 1024 * 1024, paid: 10 * 1024 * 1024 };

const metadata = z.object({
  main_module: z.string({ error: "main_module: service workers are not supported by the stand-in" }),
  bindings: z.array(z.looseObject({ name: z.string(), type: z.string() })).default([]),
  compatibility_date: z.string().default("2021-11-02"),
  compatibility_flags: z.array(z.string()).default([]),
  migrations: migrations.optional(),
  keep_bindings: z.array(z.string()).default([]),
  keep_assets: z.boolean().default(false),
  annotations: z.record(z.string(), z.string().optional()).default({}),
  assets: z.object({ jwt: z.string().optional(), config: z.record(z.string(), z.unknown()).default({}) }).optional(),
  logpush: z.boolean().optional(),
  observability: z.unknown().optional(),
  limits: z.object({ cpu_ms: z.number().optional() }).optional(),
  tags: z.array(z.string()).optional(),
});
type Metadata = z.infer<typeof metadata>;

export interface Uploaded {
  version: Version;
  classes: Record<string, DurableObjectClass>;
  metadata: Metadata;
}

/** What an upload is checked against; a Worker that is new has none of it. */
export type Before = Pick<Script, "name" | "versions" | "classes" | "migration_tag">;

const moduleTypes: Record<string, Version["modules"][number]["type"]> = {
  "application/javascript+module": "ESModule",
  "text/javascript+module": "ESModule",
  "application/javascript": "CommonJS",
  "application/wasm": "CompiledWasm",
  "text/plain": "Text",
  "application/octet-stream": "Data",
};

export const upload = async (
  cloud: Cloud,
  sessions: AssetSessions,
  before: Before,
  form: FormData,
  triggeredBy: "upload" | "version_upload",
): Promise<Uploaded> => {
  const described = readMetadata(form);
  if (described.migrations && triggeredBy === "version_upload") throw migrationInVersion;
  const modules = await readModules(form);
  if (!modules.some(({ name }) => name === described.main_module)) {
    throw new Refusal(400, 10021, `No such module "${described.main_module}".`);
  }
  requireSize(cloud, modules);
  if (cloud.plan === "free" && described.limits?.cpu_ms !== undefined) throw limitOnFreePlan(cloud);
  requireCompatibilityDate(described.compatibility_date);
  const latest = before.versions.at(-1);
  const bindings = withKept(described, latest);
  const startup = await start(described, modules, bindings);
  const classes = described.migrations
    ? migrate({ tag: before.migration_tag, classes: before.classes }, described.migrations, {
        exports: startup.exports,
        bindings,
        plan: cloud.plan,
      })
    : before.classes;
  requireClasses(classes, startup.exports);
  // Also found by a teardown: a new version is refused while the Worker is somebody's consumer.
  const consumes = cloud.store.state.queues.some(({ consumers }) =>
    consumers.some(({ script }) => script === before.name),
  );
  if (consumes && !startup.handlers.includes("queue")) throw queueHandlerMissing;
  checkBindings(cloud, { script: before.name, classes }, bindings);
  const assets = assetsOf(described, sessions, latest);
  const version = makeVersion(before, described, modules, bindings, startup, assets, triggeredBy);
  keepCode(cloud.store.directory, version.id, modules);
  return { version, classes, metadata: described };
};

/** cloudflare/cloudflare-docs#32982 */
const migrationInVersion = new Refusal(
  400,
  10211,
  "Version upload failed. You attempted to upload a version of a Worker that includes a Durable Object migration, but " +
    "migrations must be fully applied via a non-versioned deployment. Refer to the documentation for more information.",
);

/** cloudflare/workers-sdk#8756 */
const limitOnFreePlan = ({ accountId }: Cloud): Refusal =>
  new Refusal(
    400,
    100328,
    "CPU limits are not supported for the Free plan. Switch to a paid plan at " +
      `https://dash.cloudflare.com/${accountId}/workers/plans to set CPU limits.`,
  );

const readMetadata = (form: FormData): Metadata => {
  const part = form.get("metadata");
  if (typeof part !== "string") throw new Refusal(400, 10021, "The upload has no metadata.");
  const parsed = metadata.safeParse(JSON.parse(part));
  if (!parsed.success) throw new Refusal(400, 10021, z.prettifyError(parsed.error));
  return parsed.data;
};

const readModules = async (form: FormData): Promise<UploadedModule[]> => {
  const modules: UploadedModule[] = [];
  for (const [name, part] of form) {
    if (typeof part === "string") continue;
    const type = moduleTypes[part.type.split(";")[0] ?? ""];
    // Source maps are kept elsewhere and never run.
    if (type) modules.push({ name, type, contents: new Uint8Array(await part.arrayBuffer()) });
  }
  return modules;
};

const requireSize = ({ plan }: Cloud, modules: readonly UploadedModule[]): void => {
  const bytes = gzipSync(Buffer.concat(modules.map(({ contents }) => contents))).byteLength;
  const limit = maxCompressedBytes[plan];
  if (bytes <= limit) return;
  // wrangler names the code: helpIfErrorIsSizeOrScriptStartup.
  throw new Refusal(400, 10027, `Your Worker exceeded the size limit of ${limit / 1024 / 1024} MiB.`);
};

const requireCompatibilityDate = (date: string): void => {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new Refusal(400, 10021, `Invalid compatibility date: ${date}`);
  if (date > now().slice(0, 10))
    throw new Refusal(400, 10021, `Can't set compatibility date in the future: "${date}".`);
};

/** The uploaded bindings, and those of the latest version that the upload inherits or keeps by their type. */
const withKept = (described: Metadata, latest: Version | undefined): Binding[] => {
  const bindings = described.bindings.map((binding): Binding => {
    if (binding.type !== "inherit") return binding;
    const inherited = latest?.bindings.find(({ name }) => name === binding.name);
    if (inherited) return inherited;
    // wrangler reads the sentence's beginning: handleMissingSecretsError. It is what `secrets.required` comes to.
    throw new Refusal(
      400,
      10057,
      `inherit binding '${binding.name}' is invalid: the latest version of the Worker has no binding of that name`,
    );
  });
  const names = new Set(bindings.map(({ name }) => name));
  const kept = latest?.bindings.filter(({ name, type }) => described.keep_bindings.includes(type) && !names.has(name));
  return [...bindings, ...(kept ?? [])];
};

const start = async (
  described: Metadata,
  modules: readonly UploadedModule[],
  bindings: readonly Binding[],
): Promise<Startup> => {
  try {
    return await startOnce(described.main_module, modules, { ...described, bindings });
  } catch (cause) {
    if (cause instanceof StartupFailure) throw new Refusal(400, 10021, cause.message);
    throw cause;
  }
};

const assetsOf = (described: Metadata, sessions: AssetSessions, latest: Version | undefined): Version["assets"] => {
  const { assets, keep_assets } = described;
  if (assets?.jwt !== undefined) return { manifest: sessions.complete(assets.jwt), config: assets.config };
  return keep_assets ? (latest?.assets ?? null) : null;
};

const makeVersion = (
  before: Before,
  described: Metadata,
  modules: readonly UploadedModule[],
  bindings: Binding[],
  { exports, handlers, startupTimeMs }: Startup,
  assets: Version["assets"],
  triggered_by: Version["triggered_by"],
): Version => ({
  id: randomUUID(),
  number: (before.versions.at(-1)?.number ?? 0) + 1,
  created_on: now(),
  triggered_by,
  main_module: described.main_module,
  modules: modules.map(({ name, type }) => ({ name, type })),
  bindings,
  compatibility_date: described.compatibility_date,
  compatibility_flags: described.compatibility_flags,
  annotations: Object.fromEntries(
    Object.entries(described.annotations).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
  assets,
  migration_tag: described.migrations?.new_tag ?? before.migration_tag,
  exports,
  handlers,
  startup_time_ms: startupTimeMs,
  etag: hexId(),
});
