/** Settings and secrets of a Worker. An edit of secrets is a new version. */
import { randomUUID } from "node:crypto";
import { cpSync, existsSync } from "node:fs";
import type { Context, Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../../answers.ts";
import { type Cloud, now } from "../../cloud.ts";
import { codeOf } from "../../runtime/files.ts";
import { type Binding, deployedVersions, type Script, type Version } from "../../state.ts";
import { checkBindings, nameInUse } from "./bindings.ts";
import { deploy, requireScript } from "./scripts.ts";
import { shownBinding, shownVersion } from "./shown.ts";

const base = "/accounts/:account/workers/scripts/:script";
const secret = z.object({ name: z.string().min(1), text: z.string(), type: z.literal("secret_text") });
const bulk = z.object({ secrets: z.record(z.string(), secret.nullable()) });
const patch = z.object({
  env: z.record(z.string(), z.object({ type: z.literal("secret_text"), text: z.string() }).nullable()),
  annotations: z.record(z.string(), z.string().optional()).default({}),
});

/** A value, or null to delete it. */
type Edits = Record<string, string | null>;

export const addSettings = (api: Hono, cloud: Cloud): void => {
  const scriptOf = (c: Context): Script => requireScript(cloud, c.req.param("script") ?? "");

  api.get(`${base}/settings`, (c) => {
    const script = scriptOf(c);
    const version = script.versions.at(-1);
    return answer({
      bindings: version?.bindings.map(shownBinding) ?? [],
      compatibility_date: version?.compatibility_date,
      compatibility_flags: version?.compatibility_flags,
      usage_model: "standard",
      tags: script.tags,
      logpush: script.logpush,
      observability: script.observability ?? undefined,
      migration_tag: script.migration_tag ?? undefined,
    });
  });

  api.patch(`${base}/script-settings`, async (c) => {
    const script = scriptOf(c);
    const wanted = z
      .object({
        tags: z.array(z.string()).nullish(),
        logpush: z.boolean().nullish(),
        observability: z.unknown().optional(),
      })
      .parse(await c.req.json());
    script.tags = wanted.tags ?? script.tags;
    script.logpush = wanted.logpush ?? script.logpush;
    script.observability = wanted.observability ?? script.observability;
    cloud.store.save();
    return answer({ tags: script.tags, logpush: script.logpush, observability: script.observability });
  });

  addSecrets(api, cloud, scriptOf);
};

const addSecrets = (api: Hono, cloud: Cloud, scriptOf: (c: Context) => Script): void => {
  const named = (script: Script) =>
    script.versions
      .at(-1)
      ?.bindings.filter(({ type }) => type === "secret_text")
      .map(shownBinding) ?? [];

  api.get(`${base}/secrets`, (c) => answer(named(scriptOf(c))));

  api.put(`${base}/secrets`, async (c) => {
    const { name, text } = secret.parse(await c.req.json());
    edit(cloud, scriptOf(c), { [name]: text });
    return answer({ name, type: "secret_text" });
  });

  api.patch(`${base}/secrets-bulk`, async (c) => {
    const script = scriptOf(c);
    const { secrets } = bulk.parse(await c.req.json());
    edit(
      cloud,
      script,
      Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value?.text ?? null])),
    );
    return answer(named(script));
  });

  api.delete(`${base}/secrets/:secret`, (c) => {
    const script = scriptOf(c);
    const name = c.req.param("secret");
    // distilled: SecretNotFound
    if (!named(script).some((each) => each.name === name)) {
      throw new Refusal(404, 10056, `Secret '${name}' not found.`);
    }
    edit(cloud, script, { [name]: null });
    return answer(null);
  });

  // `wrangler versions secret`: a version that nobody deploys.
  api.patch("/accounts/:account/workers/workers/:script/versions/latest", async (c) => {
    const script = scriptOf(c);
    const { env } = patch.parse(await c.req.json());
    const version = withSecrets(
      cloud,
      script,
      Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.text ?? null])),
    );
    cloud.store.save();
    return answer(shownVersion(version));
  });
};

const edit = (cloud: Cloud, script: Script, edits: Edits): void => {
  const latest = script.versions.at(-1);
  // wrangler names the code: throwIfLatestVersionNotDeployed.
  if (!latest || !deployedVersions(script).includes(latest)) {
    throw new Refusal(400, 10215, "Secret edit failed. The latest version of the Worker is not deployed.");
  }
  deploy(cloud, script, withSecrets(cloud, script, edits), { "workers/triggered_by": "secret" });
};

const withSecrets = (cloud: Cloud, script: Script, edits: Edits): Version => {
  const latest = script.versions.at(-1);
  // wrangler names the code: NO_VERSIONS_ERR_CODE.
  if (!latest) throw new Refusal(404, 10222, "This Worker has no versions.");
  const others = latest.bindings.filter(({ name, type }) => {
    if (!(name in edits)) return true;
    if (type !== "secret_text") throw nameInUse(name);
    return false;
  });
  const added = Object.entries(edits).flatMap(([name, text]): Binding[] =>
    text === null ? [] : [{ name, type: "secret_text", text }],
  );
  const bindings = [...others, ...added];
  checkBindings(cloud, { script: script.name, classes: script.classes }, bindings);
  const version: Version = {
    ...latest,
    id: randomUUID(),
    number: latest.number + 1,
    created_on: now(),
    triggered_by: "secret",
    bindings,
    annotations: {},
  };
  const { directory } = cloud.store;
  if (existsSync(codeOf(directory, latest.id))) {
    cpSync(codeOf(directory, latest.id), codeOf(directory, version.id), { recursive: true });
  }
  script.versions.push(version);
  return version;
};
