/** The complete deployed product as the simulator bundles it. */
import { RateLimiter } from "../../../bot/api/rate-limiter.ts";
import { createApp } from "../../../bot/app.ts";
import { createDeps } from "../../../bot/env.ts";
import { EventHub } from "../../../bot/live/event-hub.ts";
import { JobOrchestrator } from "../../../bot/jobs/job-orchestrator.ts";
import { sweep } from "../../../bot/schedule.ts";
import { PendingCommands } from "../../../bot/slack/pending/pending-commands.ts";
import { SlackOutbox } from "../../../bot/slack/cards/outbox.ts";

export { renderCard } from "../../../bot/slack/cards/render.ts";
export { default as consumers } from "../../../consumers/index.ts";
export { default as d1cv } from "../../../targets/d1cv/index.ts";
export { IndexRows, default as aiAgent } from "../../../targets/ai-agent/index.ts";
export { createDeps };

/** The classes of the Durable Objects by the names of their bindings. */
export const objects = {
  EVENT_HUB: EventHub,
  JOB_ORCHESTRATOR: JobOrchestrator,
  PENDING_COMMANDS: PendingCommands,
  RATE_LIMITER: RateLimiter,
  SLACK_OUTBOX: SlackOutbox,
};

/** Repeats the per-isolate setup of bot/index.ts, for a deployment. */
export const createBot = (env: Env) => {
  const deps = createDeps(env);
  const app = createApp(deps);
  return {
    fetch: app.fetch,
    scheduled: (): Promise<void> => sweep(deps),
  };
};
