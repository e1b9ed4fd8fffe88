/** How the API shows Workers; no secret is among it. */
import { type Binding, type Deployment, deployedVersions, type Script, type Version } from "../../state.ts";

const author = "operator@example.com";

export const shownBinding = (binding: Binding): Binding =>
  binding.type === "secret_text" ? { name: binding.name, type: binding.type } : binding;

export const shownScript = (script: Script) => {
  const [version = script.versions.at(-1)] = deployedVersions(script);
  return {
    id: script.name,
    tag: script.tag,
    tags: script.tags,
    etag: version?.etag ?? "",
    handlers: version?.handlers ?? [],
    named_handlers: version?.exports.filter((name) => name !== "default").map((name) => ({ name, handlers: [] })) ?? [],
    has_assets: Boolean(version?.assets),
    has_modules: true,
    modified_on: script.modified_on,
    created_on: script.created_on,
    migration_tag: script.migration_tag ?? undefined,
    usage_model: "standard",
    compatibility_date: version?.compatibility_date,
    compatibility_flags: version?.compatibility_flags,
    last_deployed_from: "wrangler",
    observability: script.observability ?? undefined,
    logpush: script.logpush,
  };
};

export const shownService = (script: Script) => {
  const environment = { environment: "production", script_tag: script.tag, script: shownScript(script) };
  return {
    id: script.name,
    created_on: script.created_on,
    modified_on: script.modified_on,
    usage_model: "standard",
    default_environment: environment,
    environments: [environment],
  };
};

export const shownVersion = (version: Version) => ({
  id: version.id,
  number: version.number,
  startup_time_ms: version.startup_time_ms,
  metadata: {
    created_on: version.created_on,
    modified_on: version.created_on,
    author_email: author,
    author_id: "",
    source: "wrangler",
    hasPreview: false,
  },
  annotations: {
    // A version that was uploaded alone shows its source instead: getVersionSource in wrangler.
    ...(version.triggered_by !== "version_upload" && { "workers/triggered_by": version.triggered_by }),
    ...version.annotations,
  },
  resources: {
    script: {
      etag: version.etag,
      handlers: version.handlers,
      named_handlers: version.exports.filter((name) => name !== "default").map((name) => ({ name, handlers: [] })),
      last_deployed_from: "wrangler",
    },
    script_runtime: {
      compatibility_date: version.compatibility_date,
      compatibility_flags: version.compatibility_flags,
      usage_model: "standard",
      migration_tag: version.migration_tag ?? undefined,
    },
    bindings: version.bindings.map(shownBinding),
  },
});

export const shownDeployment = (deployment: Deployment) => ({
  ...deployment,
  source: "wrangler",
  strategy: "percentage",
  author_email: author,
});
