import { WorkerEntrypoint } from "cloudflare:workers";
import bot from "../index.ts";
import { state } from "./state.ts";
export { JobOrchestrator, SlackOutbox } from "../index.ts";

export class FakeD1cv extends WorkerEntrypoint {
  override fetch(request: Request) { state.seen.push(request.url); return new Response("d1cv"); }
}
export class FakeAiAgent extends WorkerEntrypoint {
  override fetch(request: Request) { state.seen.push(request.url); return new Response("ai"); }
}
export default { ...bot, queue(batch: MessageBatch) { for (const m of batch.messages) state.queued.push(m.body); } };
