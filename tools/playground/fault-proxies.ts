/**
 * The proxies between the bot and the targets in the local stack: they make the faults. Without a fault a request
 * passes as it is. The Workers bind to them in place of each other; in production nothing stands between them.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { log } from "../../shared/log.ts";
import { type FaultName, slowTargetMs } from "./faults.ts";
import type { LocalSlack } from "./slack/local-slack.ts";

const slackOf = (env: Env): DurableObjectStub<LocalSlack> =>
  env.LOCAL_SLACK.get(env.LOCAL_SLACK.idFromName("workspace"));

const isOn = (env: Env, name: FaultName): Promise<boolean> => slackOf(env).takeFault(name);

const fails = (status: number, message: string): Response =>
  Response.json({ error: "fault", message: `${message} (a fault that you turned on)` }, { status });

const isApply = (request: Request): boolean =>
  request.method === "POST" && new URL(request.url).pathname === "/api/admin/apply";

const toTarget = async (env: Env, target: "d1cv" | "ai-agent", request: Request): Promise<Response> => {
  if (await isOn(env, `${target}.slow`)) {
    // A story waits for this, to go on while the request is under way.
    log("fault.slow", { target, path: new URL(request.url).pathname });
    await scheduler.wait(slowTargetMs);
  }
  if (await isOn(env, `${target}.down`)) return fails(503, `${target} is down`);
  if (isApply(request) && (await isOn(env, `${target}.refuse`))) return fails(422, `${target} refuses this push`);
  return target === "d1cv" ? env.D1CV.fetch(request) : env.AI_AGENT.fetch(request);
};

/** The bot's and the consumers' way to d1cv. */
export class D1cvFaultProxy extends WorkerEntrypoint<Env> {
  override fetch(request: Request): Promise<Response> {
    return toTarget(this.env, "d1cv", request);
  }
}

/** The bot's and the consumers' way to ai-agent. */
export class AiAgentFaultProxy extends WorkerEntrypoint<Env> {
  override fetch(request: Request): Promise<Response> {
    return toTarget(this.env, "ai-agent", request);
  }
}

/** The targets' way to the bot. */
export class BotFaultProxy extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST") return this.env.BOT.fetch(request);
    // The signature is over these very bytes.
    const body = await request.arrayBuffer();
    const send = (): Promise<Response> =>
      this.env.BOT.fetch(new Request(request.url, { method: "POST", headers: request.headers, body }));
    if (!isResult(body)) return send();
    // The target takes it for delivered.
    if (await isOn(this.env, "webhook.lose")) return new Response(null, { status: 202 });
    if (await isOn(this.env, "webhook.repeat")) await (await send()).body?.cancel();
    return send();
  }
}

/** Whether a webhook reports the outcome of a job. */
const isResult = (body: ArrayBuffer): boolean =>
  /"type"\s*:\s*"job\.(?:completed|failed)"/.test(new TextDecoder().decode(body));
