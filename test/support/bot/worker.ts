/** The bot Worker with stand-ins for the two targets behind its service bindings, and an end for its queue. */
import { WorkerEntrypoint } from "cloudflare:workers";
import bot from "../../../bot/index.ts";
import { PendingCommands as RealPendingCommands } from "../../../bot/index.ts";
import { database, queued, targets } from "./stand-ins.ts";

export { EventHub, JobOrchestrator, RateLimiter, SlackOutbox } from "../../../bot/index.ts";

export class PendingCommands extends RealPendingCommands {
  constructor(state: DurableObjectState, env: Env) {
    super(state, { ...env, DB: database as unknown as D1Database });
  }
}

export class FakeD1cv extends WorkerEntrypoint {
  override fetch(request: Request): Promise<Response> {
    return targets.d1cv.handle(request);
  }
}

export class FakeAiAgent extends WorkerEntrypoint {
  override fetch(request: Request): Promise<Response> {
    return targets["ai-agent"].handle(request);
  }
}

export default {
  ...bot,
  queue: (batch: MessageBatch): void => {
    queued.push(...batch.messages.map(({ body }) => body));
  },
};
