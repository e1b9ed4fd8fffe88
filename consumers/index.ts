import * as z from "zod/mini";
import { afterErrorBackoff, backoffMs, wholeSeconds } from "../shared/backoff.ts";
import {
  type CommonBindings,
  type CommonDeps,
  type Work,
  commonVariables,
  createCommonDeps,
  parseVariables,
} from "../shared/environment.ts";
import { addressOf, deadLetterOf } from "../shared/domain/dead-letters/dead-letter.ts";
import { inTrace, log } from "../shared/log.ts";
import type { Database } from "../shared/storage/database.ts";
import { lookedUp } from "../shared/storage/databases.ts";
import { ownerQuery } from "../shared/storage/dead-letters/dead-letters.ts";
import { keepDeadLetter, resolveDeadLetterOf } from "../shared/use-cases/dead-letters/keep-dead-letter.ts";
import { handleDeliveryMessage } from "./deliver.ts";
import type { Handled } from "./handled.ts";
import { type IndexEnv, handleIndexMessage } from "./index-vectors.ts";
import { handlePushMessage } from "./push.ts";

/**
 * The bindings as this Worker uses them. Locally AI and VECTORIZE are stand-ins and in production Cloudflare's own, so
 * their types describe the calls and not the bindings of wrangler.toml.
 */
type Bindings = CommonBindings & IndexEnv;

interface Worker {
  deps: Work;
  bindings: Bindings;
}

type Handler = (worker: Worker, message: Message) => Promise<Handled>;

const variables = z.object(commonVariables);

/** A production chooses how its queues' names begin: `noor-push-dead` is the `cv-push-dead` of this code. */
const baseName = (queue: string): string =>
  queue.replace(/^.*?(?=-(?:push|index|deliveries)(?:-dead)?(?:-production)?$)/, "cv").replace(/-production$/, "");

const handlers: Record<string, Handler> = {
  "cv-push": ({ deps }, { body }) => handlePushMessage(deps, body),
  "cv-deliveries": ({ deps }, { body }) => handleDeliveryMessage({ ...deps, fetch: (request) => fetch(request) }, body),
  "cv-index": ({ deps, bindings }, { body, attempts }) => handleIndexMessage(bindings, body, attempts, deps.random),
};

/** The first delivery and `max_retries` of wrangler.toml. The last records the cause, which dead letter queues lack. */
const maxDeliveries = 11;

const afterErrorSeconds = ({ deps }: Worker, attempts: number): number =>
  wholeSeconds(backoffMs(afterErrorBackoff, attempts, deps.random()));

const aboutOf = (queue: string, { id, attempts, body }: Message) => ({
  queue,
  id,
  attempts,
  traceId: addressOf(body).traceId ?? null,
});

const tryOnce = async (worker: Worker, queue: string, message: Message): Promise<Handled> => {
  if (queue.endsWith("-dead")) return { malformed: "every delivery failed" };
  const handler = handlers[queue];
  if (!handler) return { malformed: `no handler for ${queue}` };
  try {
    return await handler(worker, message);
  } catch (error) {
    log("queue.failed", { ...aboutOf(queue, message), error: String(error) });
    return { done: false, retryInSeconds: afterErrorSeconds(worker, message.attempts), reason: String(error) };
  }
};

/** The cause of a message that is not retried; null when it is retried or done. */
const finalCause = (handled: Handled, attempts: number): string | null => {
  if ("malformed" in handled) return handled.malformed;
  return !handled.done && attempts >= maxDeliveries ? handled.reason : null;
};

/** Stores a message that cannot be handled, for admins to review. */
const keep = ({ deps }: Worker, queue: string, { id, body, attempts }: Message, cause: string) =>
  keepDeadLetter(deps, { id, queue: queue.replace(/-dead$/, ""), body, cause, attempts });

/** Handles each message separately: a failure does not affect the others. */
const handle = async (worker: Worker, queue: string, message: Message): Promise<void> => {
  const name = baseName(queue);
  const startedMs = worker.deps.nowMs();
  const handled = await tryOnce(worker, name, message);
  const cause = finalCause(handled, message.attempts);
  try {
    if (cause !== null) await keep(worker, name, message, cause);
    else if ("done" in handled && !handled.done) {
      const { reason, retryInSeconds: delaySeconds } = handled;
      log("queue.retry", { ...aboutOf(name, message), reason, delaySeconds });
      message.retry({ delaySeconds });
      return;
    } else {
      await resolveDeadLetterOf(worker.deps, message.body);
      log("queue.handled", { ...aboutOf(name, message), durationMs: worker.deps.nowMs() - startedMs });
    }
    message.ack();
  } catch (error) {
    const delaySeconds = afterErrorSeconds(worker, message.attempts);
    log("queue.failed", { ...aboutOf(name, message), error: String(error), delaySeconds });
    message.retry({ delaySeconds });
  }
};

/** Where the message's workspace is; the first database, where nothing says which workspace that is. */
const databaseOf = ({ databases }: CommonDeps, body: unknown): Database => {
  const address = addressOf(body);
  const workspaceId = deadLetterOf(body)?.workspaceId ?? address.workspaceId;
  if (workspaceId !== undefined) return databases.of(workspaceId);
  return lookedUp(async () => (await databases.holding(ownerQuery(address))) ?? databases.first);
};

export default {
  queue: async (batch, bindings) => {
    const deps = createCommonDeps(bindings, parseVariables(variables, bindings));
    // Concurrently: a target that takes its 15 s to answer must not delay the other messages.
    await Promise.all(
      batch.messages.map((message) =>
        inTrace(addressOf(message.body).traceId || null, () =>
          deps.withEffects((effects) => {
            const db = databaseOf(deps, message.body);
            return handle({ deps: { ...deps, db, effects }, bindings }, batch.queue, message);
          }),
        ),
      ),
    );
  },
} satisfies ExportedHandler<Bindings>;
