/** Cloudflare's REST API at /client/v4, with a record of who asked for what. */
import { Hono } from "hono";
import { z } from "zod";
import { refuse, Refusal } from "../answers.ts";
import type { Cloud } from "../cloud.ts";
import { findScript } from "../state.ts";
import { addAccounts, refuseStrangers } from "./accounts.ts";
import { addD1 } from "./d1.ts";
import { addKv } from "./kv.ts";
import { addQueues } from "./queues.ts";
import { addR2 } from "./r2.ts";
import { addVectorize } from "./vectorize.ts";
import { addAssets } from "./workers/assets.ts";
import { addDeletion } from "./workers/deletion.ts";
import { addScripts } from "./workers/scripts.ts";
import { addSettings } from "./workers/settings.ts";
import { addTriggers } from "./workers/triggers.ts";

export interface RecordedRequest {
  at: string;
  method: string;
  /** Without /client/v4, with its query. */
  path: string;
  status: number;
  /** Of the refusal. */
  code?: number;
}

/** A fault that the next fitting requests get instead of an answer. */
export interface Fault {
  method: string;
  path: RegExp;
  status: number;
  code: number;
  message: string;
  times: number;
}

const prefix = "/client/v4";
/** Not Cloudflare's. */
const controls = "/stand-in";
const faultBody = z.object({
  method: z.string(),
  path: z.string(),
  status: z.int(),
  code: z.int(),
  message: z.string(),
  times: z.int().default(1),
});

export const createApi = (
  cloud: Cloud,
  record: (request: RecordedRequest) => void,
  faults: Fault[],
): ((request: Request) => Promise<Response>) => {
  const api = new Hono();
  addAccounts(api, cloud);
  addD1(api, cloud);
  addKv(api, cloud);
  addQueues(api, cloud);
  addVectorize(api, cloud);
  addR2(api, cloud);
  const sessions = addAssets(api, cloud);
  addScripts(api, cloud, sessions);
  addSettings(api, cloud);
  addTriggers(api, cloud);
  addDeletion(api, cloud);
  addControls(api, cloud, faults);
  api.notFound((c) => refuse(new Refusal(404, 7000, `No route for that URI: ${c.req.method} ${c.req.path}`)));
  api.onError((error) => refuse(refusalOf(error)));

  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname.startsWith(`${controls}/`)) return api.fetch(request);
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
    const response = await answerOne(api, cloud, faults, request, path, url.search);
    const code = response.headers.get("x-refused");
    record({
      at: new Date().toISOString(),
      method: request.method,
      path: `${path}${url.search}`,
      status: response.status,
      ...(code !== null && { code: Number(code) }),
    });
    return response;
  };
};

/** For who runs the stand-in from a shell; a test has the same as functions. */
const addControls = (api: Hono, { store, runtime }: Cloud, faults: Fault[]): void => {
  api.post(`${controls}/scheduled`, async (c) => {
    const script = findScript(store.state, c.req.query("worker") ?? "");
    if (!script) return c.text("There is no such Worker", 404);
    return c.json(await runtime.scheduled(script, c.req.query("cron") ?? "* * * * *", new Date()));
  });
  api.get(`${controls}/logs`, (c) => c.text(runtime.logs.join("\n")));
  api.post(`${controls}/faults`, async (c) => {
    const fault = faultBody.parse(await c.req.json());
    faults.push({ ...fault, path: new RegExp(fault.path) });
    return c.body(null, 204);
  });
};

const answerOne = async (
  api: Hono,
  cloud: Cloud,
  faults: readonly Fault[],
  request: Request,
  path: string,
  search: string,
): Promise<Response> => {
  const fault = faults.find((each) => each.times > 0 && each.method === request.method && each.path.test(path));
  if (fault) {
    fault.times -= 1;
    return refuse(new Refusal(fault.status, fault.code, fault.message));
  }
  try {
    refuseStrangers(cloud, request, path);
  } catch (error) {
    return refuse(refusalOf(error));
  }
  return api.fetch(new Request(new URL(`${path}${search}`, cloud.origin()), request));
};

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof z.ZodError) return new Refusal(400, 10026, z.prettifyError(error));
  return new Refusal(500, 10013, `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
};
