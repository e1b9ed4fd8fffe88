import { env } from "cloudflare:workers";
import { inTrace } from "../shared/log.ts";
import { createApp } from "./app.ts";
import { createDeps } from "./env.ts";
import { runSchedule } from "./schedule.ts";

export { RateLimiter } from "./api/rate-limiter.ts";
export { EventHub } from "./live/event-hub.ts";
export { JobOrchestrator } from "./jobs/job-orchestrator.ts";
export { PendingCommands } from "./slack/pending/pending-commands.ts";
export { SlackOutbox } from "./slack/cards/outbox.ts";

const deps = createDeps(env);
const app = createApp(deps);

export default {
  fetch: app.fetch,
  scheduled: ({ cron }) => inTrace(null, () => runSchedule(deps, cron)),
} satisfies ExportedHandler<Env>;
