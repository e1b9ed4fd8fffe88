/** How requests and the clock reach a Worker. */
import type { Context, Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../../answers.ts";
import { type Cloud, hexId, now } from "../../cloud.ts";
import { isCron } from "../../cron.ts";
import type { Script } from "../../state.ts";
import { requireScript } from "./scripts.ts";

const base = "/accounts/:account/workers";
const ofScript = `${base}/scripts/:script`;
// developers.cloudflare.com/workers/platform/limits: cron triggers of an account.
const maxCrons = { free: 5, paid: 250 };

const origins = z.array(
  z.object({
    hostname: z.string(),
    zone_id: z.string().optional(),
    zone_name: z.string().optional(),
  }),
);

export const addTriggers = (api: Hono, cloud: Cloud): void => {
  const scriptOf = (c: Context): Script => requireScript(cloud, c.req.param("script") ?? "");
  addSubdomain(api, cloud, scriptOf);
  addSchedules(api, cloud, scriptOf);
  addDomains(api, cloud, scriptOf);
  addRoutes(api, cloud, scriptOf);
};

const addSubdomain = (api: Hono, { store }: Cloud, scriptOf: (c: Context) => Script): void => {
  const shown = (script: Script) => ({ enabled: script.workers_dev, previews_enabled: script.previews });

  // wrangler names the codes: getWorkersDevSubdomainInternal, registerSubdomain.
  api.get(`${base}/subdomain`, () => {
    if (store.state.subdomain === null) throw new Refusal(404, 10007, "You do not have a workers.dev subdomain.");
    return answer({ subdomain: store.state.subdomain });
  });
  api.get(`${base}/subdomains/:name`, (c) => {
    if (store.state.subdomain === c.req.param("name")) throw new Refusal(409, 10031, "The subdomain is not available.");
    throw new Refusal(404, 10032, "The subdomain is available.");
  });
  api.put(`${base}/subdomain`, async (c) => {
    if (store.state.subdomain !== null) throw new Refusal(409, 10036, "The account already has a subdomain.");
    const { subdomain } = z.object({ subdomain: z.string() }).parse(await c.req.json());
    store.state.subdomain = subdomain;
    store.save();
    return answer({ subdomain });
  });

  api.get(`${base}/workers/:script`, (c) => {
    const script = scriptOf(c);
    return answer({ id: script.tag, name: script.name, tags: script.tags, subdomain: shown(script) });
  });
  api.get(`${ofScript}/subdomain`, (c) => answer(shown(scriptOf(c))));
  api.post(`${ofScript}/subdomain`, async (c) => {
    const script = scriptOf(c);
    const wanted = z
      .object({ enabled: z.boolean(), previews_enabled: z.boolean().optional() })
      .parse(await c.req.json());
    script.workers_dev = wanted.enabled;
    script.previews = wanted.previews_enabled ?? wanted.enabled;
    store.save();
    return answer(shown(script));
  });
};

const addSchedules = (api: Hono, { store, plan }: Cloud, scriptOf: (c: Context) => Script): void => {
  api.get(`${ofScript}/schedules`, (c) => answer({ schedules: scriptOf(c).crons }));
  api.put(`${ofScript}/schedules`, async (c) => {
    const script = scriptOf(c);
    const parsed = z.array(z.object({ cron: z.string() })).safeParse(await c.req.json());
    // cloudflare/cloudflare-docs#33580
    if (!parsed.success) {
      throw new Refusal(400, 10026, "Could not parse request body. Please ensure the request is valid and try again.");
    }
    // cloudflare/workers-sdk#8923
    if (!parsed.data.every(({ cron }) => isCron(cron))) throw new Refusal(400, 10100, "invalid cron string");
    const others = store.state.scripts.filter((each) => each !== script).flatMap(({ crons }) => crons);
    if (others.length + parsed.data.length > maxCrons[plan]) {
      throw new Refusal(
        403,
        10072,
        `You have exceeded the limit of ${maxCrons[plan]} cron triggers. To increase to 250, upgrade to a paid plan.`,
      );
    }
    script.crons = parsed.data.map(({ cron }) => ({ cron, created_on: now() }));
    store.save();
    return answer({ schedules: script.crons });
  });
};

const addDomains = (api: Hono, cloud: Cloud, scriptOf: (c: Context) => Script): void => {
  const { store } = cloud;
  const owners = () => store.state.scripts.flatMap((script) => script.domains.map((domain) => ({ script, domain })));
  const shown = ({ script, domain }: ReturnType<typeof owners>[number]) => ({
    ...domain,
    service: script.name,
    environment: "production",
    enabled: true,
  });

  api.get(`${base}/domains/records`, (c) => {
    const service = c.req.query("service");
    return answer(
      owners()
        .filter(({ script }) => service === undefined || script.name === service)
        .map(shown),
    );
  });
  api.get(`${base}/domains/records/:domain`, (c) => {
    const found = owners().find(({ domain }) => domain.id === c.req.param("domain"));
    // distilled: DomainNotFound
    if (!found) throw new Refusal(404, 100114, "The domain could not be found.");
    return answer(shown(found));
  });

  api.post(`${ofScript}/domains/changeset`, async (c) => {
    const script = scriptOf(c);
    const wanted = origins.parse(await c.req.json());
    const known = new Map(owners().map((owner) => [owner.domain.hostname, owner]));
    return answer({
      added: wanted.filter(({ hostname }) => !known.has(hostname)),
      updated: wanted.flatMap(({ hostname }) => {
        const owner = known.get(hostname);
        return owner ? [{ ...shown(owner), modified: owner.script !== script }] : [];
      }),
      removed: script.domains.filter(({ hostname }) => !wanted.some((each) => each.hostname === hostname)),
      conflicting: [],
    });
  });

  api.put(`${ofScript}/domains/records`, async (c) => {
    const script = scriptOf(c);
    const body = z.object({ origins, override_existing_origin: z.boolean().default(false) }).parse(await c.req.json());
    const domains = body.origins.map(({ hostname }) => {
      const zone = cloud.zones.find(({ name }) => hostname === name || hostname.endsWith(`.${name}`));
      // The rule is documented (custom domains need an active zone); the code is not.
      if (!zone) throw new Refusal(400, 100117, `The hostname ${hostname} is on no zone of this account.`);
      const owner = owners().find(({ domain }) => domain.hostname === hostname);
      if (owner && owner.script !== script && !body.override_existing_origin) {
        throw new Refusal(409, 100116, `The hostname ${hostname} already belongs to the Worker ${owner.script.name}.`);
      }
      if (owner) owner.script.domains = owner.script.domains.filter((domain) => domain.hostname !== hostname);
      return { id: owner?.domain.id ?? hexId(), hostname, zone_id: zone.id, zone_name: zone.name };
    });
    script.domains = domains;
    store.save();
    return answer(domains);
  });
};

const addRoutes = (api: Hono, { store }: Cloud, scriptOf: (c: Context) => Script): void => {
  api.get("/zones/:zone/workers/routes", (c) =>
    answer(
      store.state.scripts.flatMap((script) =>
        script.routes
          .filter(({ zone_id }) => zone_id === c.req.param("zone"))
          .map(({ id, pattern }) => ({ id, pattern, script: script.name })),
      ),
    ),
  );
  api.put(`${ofScript}/routes`, async (c) => {
    const script = scriptOf(c);
    const wanted = z
      .array(z.looseObject({ pattern: z.string(), zone_id: z.string().optional() }))
      .parse(await c.req.json());
    script.routes = wanted.map(({ pattern, zone_id }) => ({ id: hexId(), pattern, zone_id: zone_id ?? "" }));
    store.save();
    return answer(wanted.map(({ pattern }) => pattern));
  });
};
