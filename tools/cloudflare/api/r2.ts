import type { Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../answers.ts";
import { type Cloud, now } from "../cloud.ts";
import type { Bucket } from "../state.ts";

const base = "/accounts/:account/r2/buckets";
const created = z.object({
  name: z.string(),
  locationHint: z.string().optional(),
  storageClass: z.enum(["Standard", "InfrequentAccess"]).default("Standard"),
});

type Find = (name: string, jurisdiction: string) => Bucket;
type JurisdictionOf = (request: { header: (name: string) => string | undefined }) => string;

const objectPath = /\/r2\/buckets\/[^/]+\/objects\/(.+)$/;

/** What `wrangler r2 object` sends: the object itself, without the envelope. */
const addObjects = (
  api: Hono,
  { runtime }: Pick<Cloud, "runtime">,
  find: Find,
  jurisdictionOf: JurisdictionOf,
): void => {
  const keyOf = (path: string): string => decodeURIComponent(objectPath.exec(path)?.[1] ?? "");

  api.get(`${base}/:bucket/objects/*`, async (c) => {
    const { name } = find(c.req.param("bucket"), jurisdictionOf(c.req));
    const object = await (await runtime.bucket(name)).get(keyOf(new URL(c.req.url).pathname));
    if (object === null) throw new Refusal(404, 10007, "The specified key does not exist.");
    return new Response(await object.arrayBuffer(), { headers: { etag: object.httpEtag } });
  });
  api.put(`${base}/:bucket/objects/*`, async (c) => {
    const { name } = find(c.req.param("bucket"), jurisdictionOf(c.req));
    await (await runtime.bucket(name)).put(keyOf(new URL(c.req.url).pathname), await c.req.arrayBuffer());
    return answer({});
  });
  api.delete(`${base}/:bucket/objects/*`, async (c) => {
    const { name } = find(c.req.param("bucket"), jurisdictionOf(c.req));
    await (await runtime.bucket(name)).delete(keyOf(new URL(c.req.url).pathname));
    return answer({});
  });
};

/** Codes: developers.cloudflare.com/r2/api/error-codes. */
export const addR2 = (api: Hono, { store, runtime }: Cloud): void => {
  const jurisdictionOf = (request: { header: (name: string) => string | undefined }): string =>
    request.header("cf-r2-jurisdiction") ?? "default";
  const find = (name: string, jurisdiction: string): Bucket => {
    const found = store.state.buckets.find((each) => each.name === name && each.jurisdiction === jurisdiction);
    if (!found) throw new Refusal(404, 10006, "The specified bucket does not exist.");
    return found;
  };

  api.get(base, (c) => {
    const jurisdiction = jurisdictionOf(c.req);
    return answer({ buckets: store.state.buckets.filter((bucket) => bucket.jurisdiction === jurisdiction) });
  });
  api.get(`${base}/:bucket`, (c) => answer(find(c.req.param("bucket"), jurisdictionOf(c.req))));

  api.post(base, async (c) => {
    const { name, locationHint, storageClass } = created.parse(await c.req.json());
    const jurisdiction = jurisdictionOf(c.req);
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
      throw new Refusal(400, 10005, "The specified bucket name is not valid.");
    }
    if (store.state.buckets.some((bucket) => bucket.name === name)) {
      throw new Refusal(409, 10004, "The bucket you tried to create already exists, and you own it.");
    }
    const bucket = {
      name,
      creation_date: now(),
      location: locationHint?.toUpperCase() ?? null,
      jurisdiction,
      storage_class: storageClass,
    };
    store.state.buckets.push(bucket);
    store.save();
    runtime.invalidate();
    return answer(bucket);
  });

  addObjects(api, { runtime }, find, jurisdictionOf);

  api.delete(`${base}/:bucket`, async (c) => {
    const bucket = find(c.req.param("bucket"), jurisdictionOf(c.req));
    const { objects } = await (await runtime.bucket(bucket.name)).list({ limit: 1 });
    if (objects.length > 0) {
      throw new Refusal(409, 10008, "The bucket you tried to delete is not empty.");
    }
    store.state.buckets = store.state.buckets.filter((each) => each !== bucket);
    store.save();
    runtime.invalidate();
    return answer({});
  });
};
