/** Service bindings between the bot and the targets, with their faults. */
import { createHmac } from "node:crypto";
import type { Bindings, WorkerModule } from "../product/product.ts";
import type { TargetName } from "../world/workspaces.ts";
import type { Secrets } from "../world/secrets.ts";
import type { Runtime } from "./runtime.ts";
import { heldRequest } from "./surroundings.ts";

export interface Service {
  fetch: (input: string | Request, init?: RequestInit) => Promise<Response>;
}

/** The two ends of the service bindings. */
export interface Network {
  runtime: Runtime;
  secrets: Secrets;
  targetBindings: (target: TargetName) => Bindings;
  requestBot: (name: string, request: Request) => Promise<Response>;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});
const downMs = [5000, 120_000] as const;
/** Refuses a request by a temporary rule of the target. */
const refused = (): Response =>
  Response.json({ error: "invalid_request", message: "no writing today" }, { status: 422 });
const unavailable = (): Response => new Response("Bad gateway", { status: 502 });
/** As a target says it that takes less at once than others. */
const tooLarge = (): Response =>
  Response.json({ error: "too_large", message: "takes one row at a time" }, { status: 413 });

/** For how long each target is in a state; all of them end with the faults at the latest. */
type Until = Map<TargetName, number>;

const untilOf = () => {
  const ofNetworks = new WeakMap<Network, Until>();
  return (network: Network): Until => {
    const until = ofNetworks.get(network) ?? new Map<TargetName, number>();
    ofNetworks.set(network, until);
    return until;
  };
};

const downOf = untilOf();
const limitedOf = untilOf();

/** An outage that a story needs. */
export const takeDown = (network: Network, target: TargetName, durationMs: number): void =>
  void downOf(network).set(target, network.runtime.nowMs + durationMs);

/** Whether a target has been down. */
export const hadOutage = (network: Network): boolean => downOf(network).size > 0;

/** The target refuses every push as too large for a while. */
export const lowerLimit = (network: Network, target: TargetName, durationMs: number): void =>
  void limitedOf(network).set(target, network.runtime.nowMs + durationMs);

/** Requests from the bot to a target. */
export const createTargetFaultProxy = (network: Network, target: TargetName, serving: () => WorkerModule): Service => {
  const { runtime } = network;
  const { faults, random } = runtime;
  const down = downOf(network);
  const isUnder = (until: Until) => (until.get(target) ?? 0) > runtime.nowMs && !faults.isOver;
  const handle = async (request: Request, name: string): Promise<Response> => {
    if (faults.strikes("target is down for a while")) down.set(target, runtime.nowMs + random.between(...downMs));
    if (isUnder(down)) throw new Error("Network connection lost.");
    if (faults.strikes("target hangs before applying")) return never();
    if (faults.strikes("request reaches the target late"))
      await new Promise<void>((resolve) => runtime.scheduler.after(random.between(1000, 90_000), resolve));
    if (faults.strikes("target answers 5xx")) return unavailable();
    if (name.endsWith("/apply") && isUnder(limitedOf(network))) return tooLarge();
    if (name.endsWith("/apply") && faults.strikes("target refuses")) return refused();
    const hangs = faults.strikes("target hangs after applying");
    const fails = faults.strikes("target answers 5xx after applying");
    const response = await runtime.invokeRequest(target, name, (context) =>
      serving().fetch(request, network.targetBindings(target), context),
    );
    if (hangs) return never();
    return fails ? unavailable() : response;
  };
  return {
    fetch: (input, init) => {
      const request = heldRequest(input, init);
      const name = `${target} ${request.method} ${new URL(request.url).pathname}`;
      return runtime.operate(name, () => handle(request, name), { signal: request.signal });
    },
  };
};

/** Webhooks from a target to the bot. */
export const createBotFaultProxy = (network: Network): Service => {
  const { runtime } = network;
  const { faults, random, scheduler } = runtime;
  const later = (delayMs: number, run: () => void): void => {
    runtime.webhooksUnderWay += 1;
    scheduler.after(delayMs, () => {
      runtime.webhooksUnderWay -= 1;
      run();
    });
  };
  return {
    fetch: (input, init) => {
      const request = heldRequest(input, init);
      const loses = faults.strikes("webhook is lost");
      const swallows = faults.strikes("webhook gets a 200 and is lost");
      const repeats = faults.strikes("webhook comes twice");
      const contradicts = faults.strikes("webhook contradicts");
      const delayMs = faults.strikes("webhook comes late") ? random.between(1000, 240_000) : 0;
      return runtime.operate(
        "webhook",
        async () => {
          const body = await request.text();
          const about = JSON.parse(body) as About & { type: string };
          const { type, attempt } = about;
          if (attempt > 1 && faults.strikes("webhook is of an older attempt"))
            contradict(network, { ...about, attempt: attempt - 1 });
          const send = (): Promise<Response> =>
            network.requestBot(
              `webhook ${type}`,
              new Request(request.url, { method: "POST", headers: request.headers, body }),
            );
          if (loses) throw new Error("Network connection lost.");
          if (swallows) return new Response("ok");
          if (repeats) later(random.between(1, 60_000), () => void send().catch(() => {}));
          if (delayMs > 0) await new Promise<void>((resolve) => later(delayMs, resolve));
          const response = await send();
          if (contradicts && type === "job.completed" && response.ok)
            later(random.between(1, 30_000), () => contradict(network, about));
          return response;
        },
        { signal: request.signal },
      );
    },
  };
};

/** A report that contradicts the recorded state; no event may repeat it. */
export const contradiction = "contradicts an earlier answer";

type About = Record<"jobId" | "target" | "portfolioId" | "occurredAt", string> & { attempt: number };

/** A failure report for a job that is still in progress. */
export const contradict = (network: Network, about: About): void => {
  const lies = [
    { ...about, type: "job.failed", error: { code: "broken", message: contradiction } },
    { ...about, type: "job.progress", stage: contradiction, percent: 10 },
  ];
  for (const lie of lies) {
    const body = JSON.stringify(lie);
    const headers = signWebhook(network, about.target as TargetName, about.portfolioId, body);
    const request = new Request(`https://cv-ops.internal/v2/webhook/${about.target}`, {
      method: "POST",
      headers,
      body,
    });
    void network.requestBot(`contradicting ${lie.type}`, request).catch(() => {});
  }
};

/** A target's signature, made with node:crypto. */
export const signWebhook = (
  network: Network,
  target: TargetName,
  portfolioId: string,
  body: string,
  { secret = network.secrets.webhookSecret(portfolioId, target), ageSeconds = 0 } = {},
): Record<string, string> => {
  const skewMs = network.runtime.clockSkewMs.get(target) ?? 0;
  const timestamp = String(Math.floor((network.runtime.nowMs + skewMs) / 1000) - ageSeconds);
  const id = `msg_${network.runtime.random.uint32()}`;
  const mac = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
};
