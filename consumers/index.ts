import * as z from "zod/mini";
import { afterErrorBackoff, backoffMs, wholeSeconds } from "../shared/backoff.ts";
import {
  type CommonBindings,
  type CommonDeps,
  commonVariables,
  createCommonDeps,
  parseVariables,
} from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { keepDeadLetter } from "./dead-letter.ts";
import type { Handled } from "./handled.ts";
import { type IndexEnv, handleIndexMessage } from "./index-vectors.ts";
import { handlePushMessage } from "./push.ts";

/**
 * The bindings as this Worker uses them. Locally AI and VECTORIZE are stand-ins and in production Cloudflare's own, so
 * they are typed by what is called, not by what wrangler.toml binds.
 */
type Bindings = CommonBindings & IndexEnv;

interface Worker {
  deps: CommonDeps;
  bindings: Bindings;
}

type Handler = (worker: Worker, message: Message) => Promise<Handled>;

/** A queue's name in production ends like this. */
const baseName = (queue: string): string => queue.replace(/-production$/, "");

const handlers: Record<string, Handler> = {
  "cv-push": ({ deps }, { body, attempts }) => handlePushMessage(deps, body, attempts),
  "cv-index": ({ deps, bindings }, { body, attempts }) => handleIndexMessage(bindings, body, attempts, deps.random),
};

/** Message by message: one that fails takes no other with it. */
const handle = async (worker: Worker, queue: string, message: Message): Promise<void> => {
  const name = baseName(queue);
  try {
    if (name.endsWith("-dead")) {
      await keepDeadLetter(worker.deps, name, message, "every delivery failed");
      message.ack();
      return;
    }
    const handler = handlers[name];
    const handled: Handled = handler ? await handler(worker, message) : { malformed: `no handler for ${name}` };
    if ("malformed" in handled) {
      await keepDeadLetter(worker.deps, name, message, handled.malformed);
      message.ack();
    } else if (handled.done) {
      message.ack();
    } else {
      log("queue.retry", { queue: name, id: message.id, reason: handled.reason, delaySeconds: handled.retryInSeconds });
      message.retry({ delaySeconds: handled.retryInSeconds });
    }
  } catch (error) {
    // In the end the queue puts it among its own dead letters.
    const delaySeconds = wholeSeconds(backoffMs(afterErrorBackoff, message.attempts, worker.deps.random()));
    log("queue.failed", {
      queue: name,
      id: message.id,
      attempts: message.attempts,
      error: String(error),
      delaySeconds,
    });
    message.retry({ delaySeconds });
  }
};

export default {
  queue: async (batch, bindings) => {
    const deps = createCommonDeps(bindings, parseVariables(z.object(commonVariables), bindings));
    // At once: a target that takes its 15 s to answer must not hold up nine others.
    await Promise.all(batch.messages.map((message) => handle({ deps, bindings }, batch.queue, message)));
  },
} satisfies ExportedHandler<Bindings>;
