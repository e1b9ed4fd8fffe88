import type { Hono } from "hono";
import { z } from "zod";
import { answer, answerPage, Refusal } from "../answers.ts";
import { type Cloud, hexId, now } from "../cloud.ts";
import { type Consumer, deployedVersions, findScript, type Queue, type State } from "../state.ts";

const base = "/accounts/:account/queues";
// developers.cloudflare.com/queues/platform/limits
const maxQueues = 10_000;
const limits = { batchSize: 100, retries: 100, waitMs: 60_000, delaySeconds: 43_200 };

const settings = z.object({
  batch_size: z.int().min(1).max(limits.batchSize).default(10),
  max_retries: z.int().min(0).max(limits.retries).default(3),
  max_wait_time_ms: z.int().min(0).max(limits.waitMs).default(5_000),
  max_concurrency: z.int().min(1).max(250).nullable().default(null),
  retry_delay: z.int().min(0).max(limits.delaySeconds).default(0),
});
const consumed = z.object({
  type: z.literal("worker"),
  script_name: z.string(),
  dead_letter_queue: z.string().nullish(),
  settings: settings.prefault({}),
});
const created = z.object({
  queue_name: z.string(),
  settings: z
    .object({
      delivery_delay: z.int().min(0).max(limits.delaySeconds).default(0),
      message_retention_period: z.int().min(60).max(1_209_600).optional(),
    })
    .prefault({}),
});

/** No queue is ever paused here, so that is all that is taken of an update. */
const resumed = z.object({ settings: z.strictObject({ delivery_paused: z.literal(false) }) });

// developers.cloudflare.com/queues/platform/pricing: on the free plan it cannot be set.
const retentionSeconds = { free: 86_400, paid: 345_600 };

const makeQueue = ({ store, plan }: Cloud, name: string, wanted: z.infer<typeof created>["settings"]): Queue => {
  const { state } = store;
  // cloudflare/workers-sdk#2522
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new Refusal(400, 11003, `Invalid queue name: ${name}. Must match ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`);
  }
  if (state.queues.some((queue) => queue.queue_name === name)) {
    throw new Refusal(409, 11009, `Queue name '${name}' is already taken. Please use a different name and try again.`);
  }
  if (state.queues.length >= maxQueues) throw new Refusal(403, 11010, "The maximum number of queues has been reached");
  const queue = {
    queue_id: hexId(),
    queue_name: name,
    created_on: now(),
    consumers: [],
    delivery_delay: wanted.delivery_delay,
    message_retention_period: (plan === "paid" && wanted.message_retention_period) || retentionSeconds[plan],
  };
  state.queues.push(queue);
  return queue;
};

export const addQueues = (api: Hono, cloud: Cloud): void => {
  const { store, runtime } = cloud;
  const { state } = store;
  const find = (id: string): Queue => {
    const found = state.queues.find((queue) => queue.queue_id === id);
    if (!found) throw new Refusal(404, 11000, `Queue with id ${id} does not exist.`);
    return found;
  };
  const changed = (): void => {
    store.save();
    runtime.invalidate();
  };

  api.get(base, (c) => {
    const query = new URL(c.req.url).searchParams;
    const names = query.getAll("name");
    const found = state.queues.filter(({ queue_name }) => names.length === 0 || names.includes(queue_name));
    return answerPage(
      found.map((queue) => shown(state, queue)),
      query,
      100,
    );
  });

  api.get(`${base}/:queue`, (c) => answer(shown(state, find(c.req.param("queue")))));

  api.patch(`${base}/:queue`, async (c) => {
    const queue = find(c.req.param("queue"));
    const body = resumed.safeParse(await c.req.json());
    if (!body.success) throw malformed(body.error);
    return answer(shown(state, queue));
  });

  api.post(base, async (c) => {
    const body = created.safeParse(await c.req.json());
    if (!body.success) throw malformed(body.error);
    const queue = makeQueue(cloud, body.data.queue_name, body.data.settings);
    changed();
    return answer(shown(state, queue));
  });

  api.delete(`${base}/:queue`, (c) => {
    const queue = find(c.req.param("queue"));
    requireUnused(state, queue);
    state.queues = state.queues.filter((each) => each !== queue);
    changed();
    return answer(null);
  });

  addConsumers(api, cloud, find, changed);
};

const addConsumers = (api: Hono, cloud: Cloud, find: (id: string) => Queue, changed: () => void): void => {
  const { state } = cloud.store;
  const parse = (body: unknown) => {
    const parsed = consumed.safeParse(body);
    if (!parsed.success) throw malformed(parsed.error);
    const { script_name, dead_letter_queue } = parsed.data;
    const script = findScript(state, script_name);
    if (!script || script.versions.length === 0)
      throw new Refusal(404, 10007, "This Worker does not exist on your account.");
    const handled = deployedVersions(script).every(({ handlers }) => handlers.includes("queue"));
    if (!handled) throw queueHandlerMissing;
    // developers.cloudflare.com/queues/configuration: a dead-letter queue that does not exist is created.
    if (dead_letter_queue && !state.queues.some(({ queue_name }) => queue_name === dead_letter_queue)) {
      makeQueue(cloud, dead_letter_queue, { delivery_delay: 0 });
    }
    return {
      script: script_name,
      dead_letter_queue: dead_letter_queue ?? null,
      settings: parsed.data.settings,
    };
  };

  api.get(`${base}/:queue/consumers`, (c) => {
    const queue = find(c.req.param("queue"));
    return answer(queue.consumers.map((consumer) => shownConsumer(queue, consumer)));
  });

  api.post(`${base}/:queue/consumers`, async (c) => {
    const queue = find(c.req.param("queue"));
    const wanted = parse(await c.req.json());
    // cloudflare/workers-sdk#5347
    if (queue.consumers.length > 0) {
      throw new Refusal(
        400,
        11004,
        `Queue "${queue.queue_name}" already has a consumer: ${queue.consumers[0]?.script}`,
      );
    }
    const consumer = { consumer_id: hexId(), created_on: now(), ...wanted };
    queue.consumers.push(consumer);
    changed();
    return answer(shownConsumer(queue, consumer));
  });

  const findConsumer = (queue: Queue, id: string): Consumer => {
    const found = queue.consumers.find(({ consumer_id }) => consumer_id === id);
    if (!found) throw new Refusal(404, 11006, "Consumer not found");
    return found;
  };

  api.put(`${base}/:queue/consumers/:consumer`, async (c) => {
    const queue = find(c.req.param("queue"));
    const consumer = findConsumer(queue, c.req.param("consumer"));
    Object.assign(consumer, parse(await c.req.json()));
    changed();
    return answer(shownConsumer(queue, consumer));
  });

  api.delete(`${base}/:queue/consumers/:consumer`, (c) => {
    const queue = find(c.req.param("queue"));
    const consumer = findConsumer(queue, c.req.param("consumer"));
    queue.consumers = queue.consumers.filter((each) => each !== consumer);
    changed();
    return answer(null);
  });
};

const malformed = (error: z.ZodError): Refusal =>
  // cloudflare/cloudflare-docs#33580
  new Refusal(
    400,
    10026,
    `Could not parse request body. Please ensure the request is valid and try again. ${z.prettifyError(error)}`,
  );

/**
 * Found by teardowns of real accounts in 2026: a consumer alone goes with its queue, a binding does not, and neither
 * does another queue's use of this one for dead letters.
 */
const requireUnused = (state: State, queue: Queue): void => {
  const { queue_name: name } = queue;
  const producers = producersOf(state, queue);
  if (producers.length > 0) {
    throw new Refusal(
      400,
      11005,
      `Cannot delete queue '${name}' that is still referenced by a binding in a Worker. Unbind queue '${name}' from the ` +
        `Workers '${producers.join(", ")}'; then try again.`,
    );
  }
  const others = state.queues.filter((each) => each !== queue).flatMap(({ consumers }) => consumers);
  if (others.some(({ dead_letter_queue }) => dead_letter_queue === name)) {
    throw new Refusal(400, 11005, `Cannot delete queue '${name}' that serves as dead letter queue for consumers`);
  }
};

export const queueHandlerMissing = new Refusal(
  400,
  11001,
  "Queue handler is missing. Please see our docs for more information about creating handlers: " +
    "https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer.",
);

const producersOf = (state: State, { queue_name }: Queue): string[] =>
  state.scripts
    .filter((script) =>
      deployedVersions(script).some(({ bindings }) =>
        bindings.some((binding) => binding.type === "queue" && binding["queue_name"] === queue_name),
      ),
    )
    .map(({ name }) => name);

const shownConsumer = ({ queue_name }: Queue, consumer: Consumer) => ({
  type: "worker",
  queue_name,
  script_name: consumer.script,
  ...consumer,
});

const shown = (state: State, queue: Queue) => {
  const producers = producersOf(state, queue);
  return {
    queue_id: queue.queue_id,
    queue_name: queue.queue_name,
    created_on: queue.created_on,
    modified_on: queue.created_on,
    producers: producers.map((script) => ({ type: "worker", script })),
    producers_total_count: producers.length,
    consumers: queue.consumers.map((consumer) => shownConsumer(queue, consumer)),
    consumers_total_count: queue.consumers.length,
    settings: {
      delivery_delay: queue.delivery_delay,
      delivery_paused: false,
      message_retention_period: queue.message_retention_period,
    },
  };
};
