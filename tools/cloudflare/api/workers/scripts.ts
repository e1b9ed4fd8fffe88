/** Uploads, versions and deployments. */
import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../../answers.ts";
import { type Cloud, hexId, now } from "../../cloud.ts";
import { findScript, type Script, type Version } from "../../state.ts";
import type { AssetSessions } from "./assets.ts";
import { requireDeployable } from "./deployable.ts";
import { shownDeployment, shownScript, shownService, shownVersion } from "./shown.ts";
import { upload, type Uploaded } from "./upload.ts";

const base = "/accounts/:account/workers";
// developers.cloudflare.com/workers/platform/limits#number-of-workers
const maxWorkers = { free: 100, paid: 500 };

const asked = z.object({
  strategy: z.literal("percentage"),
  versions: z
    .array(z.object({ version_id: z.string(), percentage: z.number().min(0).max(100) }))
    .min(1)
    .max(2),
  annotations: z.record(z.string(), z.string().optional()).default({}),
});

export const requireScript = ({ store }: Cloud, name: string): Script => {
  const found = findScript(store.state, name);
  if (!found) throw new Refusal(404, 10007, "This Worker does not exist on your account.");
  return found;
};

const newScript = (name: string): Script => ({
  name,
  tag: hexId(),
  created_on: now(),
  modified_on: now(),
  tags: [],
  logpush: false,
  observability: null,
  migration_tag: null,
  classes: {},
  versions: [],
  deployments: [],
  workers_dev: false,
  previews: false,
  crons: [],
  domains: [],
  routes: [],
});

export const deploy = (
  cloud: Cloud,
  script: Script,
  version: Version,
  annotations: Record<string, string> = {},
): void => {
  script.deployments.push({
    id: randomUUID(),
    created_on: now(),
    versions: [{ version_id: version.id, percentage: 100 }],
    annotations,
  });
  script.modified_on = now();
  cloud.store.save();
  cloud.runtime.invalidate();
};

export const addScripts = (api: Hono, cloud: Cloud, sessions: AssetSessions): void => {
  const { store, plan } = cloud;

  api.get(`${base}/services/:script`, (c) => answer(shownService(requireScript(cloud, c.req.param("script")))));
  api.get(`${base}/scripts`, () => answer(store.state.scripts.map(shownScript)));

  api.put(`${base}/scripts/:script`, async (c) => {
    const name = c.req.param("script");
    if (!/^[a-z0-9_][a-z0-9_-]{0,62}$/.test(name)) {
      throw new Refusal(400, 10016, `Worker name '${name}' is invalid. Use a-z, 0-9, - and _ only.`);
    }
    const script = findScript(store.state, name) ?? newScript(name);
    if (script.versions.length === 0 && store.state.scripts.length >= maxWorkers[plan]) {
      throw new Refusal(403, 10037, `You have exceeded the limit of ${maxWorkers[plan]} Workers on your account.`);
    }
    const uploaded = await upload(cloud, sessions, script, await c.req.raw.formData(), "upload");
    if (!store.state.scripts.includes(script)) store.state.scripts.push(script);
    take(script, uploaded);
    deploy(cloud, script, uploaded.version, { "workers/triggered_by": "upload" });
    return answer({
      ...shownScript(script),
      startup_time_ms: uploaded.version.startup_time_ms,
      deployment_id: uploaded.version.id.replaceAll("-", ""),
    });
  });

  addVersions(api, cloud, sessions);
  addDeployments(api, cloud);
};

const take = (script: Script, { version, classes, metadata }: Uploaded): void => {
  script.versions.push(version);
  script.classes = classes;
  script.migration_tag = version.migration_tag;
  if (metadata.logpush !== undefined) script.logpush = metadata.logpush;
  if (metadata.observability !== undefined) script.observability = metadata.observability;
};

const addVersions = (api: Hono, cloud: Cloud, sessions: AssetSessions): void => {
  api.post(`${base}/scripts/:script/versions`, async (c) => {
    const script = requireScript(cloud, c.req.param("script"));
    const { version } = await upload(cloud, sessions, script, await c.req.raw.formData(), "version_upload");
    script.versions.push(version);
    cloud.store.save();
    return answer(shownVersion(version));
  });

  api.get(`${base}/scripts/:script/versions`, (c) => {
    const script = requireScript(cloud, c.req.param("script"));
    return answer({ items: script.versions.toReversed().slice(0, 100).map(shownVersion) });
  });

  api.get(`${base}/scripts/:script/versions/:version`, (c) => {
    const script = requireScript(cloud, c.req.param("script"));
    return answer(shownVersion(requireVersion(script, c.req.param("version"))));
  });
};

/** distilled: VersionNotFound */
const requireVersion = (script: Script, id: string): Version => {
  const found = script.versions.find((version) => version.id === id);
  if (!found) throw new Refusal(404, 100146, `The version ${id} could not be found.`);
  return found;
};

const addDeployments = (api: Hono, cloud: Cloud): void => {
  api.get(`${base}/scripts/:script/deployments`, (c) => {
    const script = requireScript(cloud, c.req.param("script"));
    return answer({ deployments: script.deployments.toReversed().slice(0, 100).map(shownDeployment) });
  });

  api.post(`${base}/scripts/:script/deployments`, async (c) => {
    const script = requireScript(cloud, c.req.param("script"));
    const parsed = asked.safeParse(await c.req.json());
    if (!parsed.success) throw new Refusal(400, 10026, z.prettifyError(parsed.error));
    const { versions, annotations } = parsed.data;
    if (versions.reduce((sum, { percentage }) => sum + percentage, 0) !== 100) {
      throw new Refusal(400, 10026, "The percentages of a deployment have to be 100 together.");
    }
    for (const { version_id } of versions) {
      requireDeployable(cloud, script, requireVersion(script, version_id), c.req.query("force") === "true");
    }
    const given = Object.entries(annotations).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    const deployment = {
      id: randomUUID(),
      created_on: now(),
      versions,
      annotations: { "workers/triggered_by": "deployment", ...Object.fromEntries(given) },
    };
    script.deployments.push(deployment);
    script.modified_on = now();
    cloud.store.save();
    cloud.runtime.invalidate();
    return answer(shownDeployment(deployment));
  });
};
