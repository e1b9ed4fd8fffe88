import { createExecutionContext, env as bindings, waitOnExecutionContext } from "cloudflare:test";
import { handleIndexMessage } from "../../../consumers/index-vectors.ts";
import type { IndexReport, IndexRowsService, SubmittedRow } from "../../../shared/targets/index-protocol.ts";
import { callerOf, Receiver, targetVariables } from "../../service/testing/kit.ts";
import worker, { IndexRows } from "../index.ts";
import { FakeIndex, FakeModel, FakeQueue } from "./index-fakes.ts";

/** ai-agent with its real database, its real RPC entrypoint and the real index consumer. */
export const createWorld = () => {
  const receiver = new Receiver();
  const model = new FakeModel();
  const index = new FakeIndex();
  const queue = new FakeQueue();
  const env = {
    ...bindings,
    ...targetVariables,
    CV_OPS: receiver,
    AI: model,
    // The stand-in's similarities mean nothing.
    SEARCH_THRESHOLD: "0",
    VECTORIZE: index,
    INDEX_QUEUE: queue,
  };

  /** One RPC call, including the work after its answer. */
  const rpc = async <Answer>(call: (service: IndexRows) => Promise<Answer>): Promise<Answer> => {
    const ctx = createExecutionContext();
    const answer = await call(new IndexRows(ctx, env));
    await waitOnExecutionContext(ctx);
    return answer;
  };
  const service: IndexRowsService = {
    take: (taskId: string) => rpc((rows) => rows.take(taskId)),
    submitted: (portfolioId: string, sent: SubmittedRow[]) => rpc((rows) => rows.submitted(portfolioId, sent)),
    report: (report: IndexReport) => rpc((rows) => rows.report(report)),
  };
  const consumer = { AI: model, VECTORIZE: index, AI_AGENT_INDEX: service };

  /** Handles every queued message once. */
  const consume = async () => {
    const outcomes: Awaited<ReturnType<typeof handleIndexMessage>>[] = [];
    for (const message of queue.messages.splice(0)) outcomes.push(await handleIndexMessage(consumer, message));
    return outcomes;
  };

  return { ...callerOf(worker, env, "ai-agent"), receiver, model, index, queue, env, consumer, service, consume };
};
