/** The whole product and everything around it, wired as wrangler.toml wires it, for one seed. */
import { SimulatedD1 } from "../platform/d1.ts";
import {
  firstKey,
  seedDirectory,
  seedInstallations,
  seedInstallers,
  seedStaging,
  seedTarget,
} from "./starting-rows.ts";
import { type Databases, emptyDatabases } from "../platform/databases.ts";
import { ObjectNamespace } from "../platform/durable-object.ts";
import type { WorkerName } from "../platform/invocation.ts";
import { type DeliveredMessage, SimulatedQueue } from "../platform/queue.ts";
import { Runtime, type RuntimeOptions } from "../platform/runtime.ts";
import { createBotFaultProxy, createTargetFaultProxy } from "../platform/services.ts";
import { createKv, createVectorize, createWorkersAi } from "../platform/stores.ts";
import { enter } from "../platform/surroundings.ts";
import type { Bindings, Product, WorkerModule } from "../product/product.ts";
import { Receivers } from "../receivers/receivers.ts";
import { receiverHost } from "../receivers/webhooks.ts";
import { Secrets } from "./secrets.ts";
import { Slack } from "../slack/slack.ts";
import { Contributions } from "./contributions.ts";
import { type Approved, StoreHistory } from "./store-history.ts";
import { Versions } from "./versions.ts";
import { workspaces } from "./workspaces.ts";

export const signingSecret = "slack-signing-secret";
const minuteMs = 60_000;
const pushRetries = 10;

export class World {
  readonly runtime: Runtime;
  /** This commit's. */
  readonly product: Product;
  /** The release before it, where one is deployed over it in this seed. */
  readonly previous: Product | null;
  readonly #versions: Versions;
  /** The bot's first database, where its workspaces are in a second one; null where they are in the first. */
  readonly directory: SimulatedD1 | null;
  /** Where the workspaces are. */
  readonly staging: SimulatedD1;
  readonly d1cv: SimulatedD1;
  readonly aiAgent: SimulatedD1;
  readonly slack: Slack;
  readonly receivers: Receivers;
  readonly contributions: Contributions;
  /** What each job may write, by its id. */
  readonly approved = new Map<string, Approved>();
  readonly stores: readonly StoreHistory[];
  readonly queues: Record<
    "push" | "index" | "deliveries" | "pushDead" | "indexDead" | "deliveriesDead",
    SimulatedQueue
  >;
  readonly #objects: Record<string, ObjectNamespace>;
  readonly secrets = new Secrets();
  /** Of each Worker that has them: a drill rotates them. */
  readonly encryptionKeys: Record<"bot" | "consumers", { current: string; keys: Record<string, string> }> = {
    bot: firstKey,
    consumers: firstKey,
  };
  readonly #kv: unknown;
  readonly #stores: { AI: unknown; VECTORIZE: unknown };
  /** By release: the bot of each isolate that a deployment has started. */
  #bots = new Map<Product, WorkerModule>();
  readonly #hasNoCron: boolean;
  #deployments = 0;

  /** @param previous what serves at first in a seed that deploys; null rules a deployment out */
  constructor(product: Product, databases: Databases, options: RuntimeOptions, previous: Product | null = null) {
    this.product = product;
    this.runtime = new Runtime(options);
    const { runtime } = this;
    // The release before has one database.
    const hasTwo = runtime.faults.strikes("workspaces are in a second database");
    this.previous = previous && !hasTwo && runtime.faults.strikes("Workers are replaced one by one") ? previous : null;
    this.#versions = new Versions(product, previous ?? product, runtime, options.seed);
    emptyDatabases(databases);
    this.directory = hasTwo ? new SimulatedD1("directory", databases.directory, runtime) : null;
    this.staging = new SimulatedD1("staging", databases.staging, runtime);
    this.d1cv = new SimulatedD1("d1cv", databases.d1cv, runtime);
    this.aiAgent = new SimulatedD1("ai-agent", databases.aiAgent, runtime);
    const nowMs = (): number => runtime.nowMs;
    this.contributions = new Contributions(this.staging, nowMs);
    this.stores = [
      new StoreHistory("d1cv", this.d1cv, this.approved, nowMs),
      new StoreHistory("ai-agent", this.aiAgent, this.approved, nowMs),
    ];
    this.slack = new Slack(runtime);
    for (const { id, botToken, channel } of workspaces) this.slack.addWorkspace(id, botToken, channel);
    this.receivers = new Receivers(runtime, this.staging, this.slack);
    enter({
      runtime,
      fetch: (request) => (new URL(request.url).host === receiverHost ? this.receivers : this.slack).fetch(request),
    });
    this.#kv = createKv(runtime);
    this.#stores = { AI: createWorkersAi(runtime), VECTORIZE: createVectorize(runtime) };
    this.queues = this.#createQueues();
    const bindings = (): Bindings => this.botBindings();
    this.#objects = Object.fromEntries(
      Object.entries(product.objects).map(([binding, construct]) => [
        binding,
        new ObjectNamespace(
          runtime,
          construct.name,
          (name) => this.#versions.ofObject(name).objects[binding] ?? construct,
          bindings,
        ),
      ]),
    );
    this.#versions.onChange = (worker) => {
      if (worker === "bot") for (const namespace of Object.values(this.#objects)) namespace.resetReplaced();
    };
    runtime.onBreak = (invocation) => {
      for (const namespace of Object.values(this.#objects)) namespace.onBreak(invocation);
    };
    this.#seed();
    if (this.previous) this.#versions.begin();
    if (runtime.faults.strikes("clocks differ")) this.#setClocks();
    this.#hasNoCron = runtime.faults.strikes("cron does not run");
  }

  #seed(): void {
    const now = new Date(this.runtime.nowMs).toISOString();
    seedStaging(this.staging, now);
    if (this.previous === null) seedInstallations(this.directory ?? this.staging, now);
    if (this.previous === null) seedInstallers(this.staging);
    if (this.directory) seedDirectory(this.directory, now);
    seedTarget(this.d1cv, now);
    seedTarget(this.aiAgent, now);
  }

  /** Up to four minutes apart: signatures are taken for five. */
  #setClocks(): void {
    const { clockSkewMs, random } = this.runtime;
    for (const worker of ["bot", "consumers", "d1cv", "ai-agent"] as const)
      clockSkewMs.set(worker, random.between(-120_000, 120_000));
  }

  /** How many keys that begin like this the objects have stored. */
  storedKeys(prefix: string): number {
    return Object.values(this.#objects).reduce((sum, namespace) => sum + namespace.storedKeys(prefix), 0);
  }

  #createQueues(): World["queues"] {
    const { runtime } = this;
    const consume = (queue: string, messages: DeliveredMessage[]): Promise<void> =>
      runtime.invoke("consumers", `consumer of ${queue}`, (context) =>
        this.#versions.serving("consumers").consumers.queue({ queue, messages }, this.consumerBindings(), context),
      );
    const queue = (name: string, dead: SimulatedQueue | null, maxBatchSize = 10) =>
      new SimulatedQueue(
        runtime,
        { name: `${name}-production`, maxBatchSize, maxRetries: dead ? pushRetries : 100 },
        consume,
        dead,
      );
    const pushDead = queue("cv-push-dead", null);
    const indexDead = queue("cv-index-dead", null);
    const deliveriesDead = queue("cv-deliveries-dead", null);
    return {
      push: queue("cv-push", pushDead, 4),
      index: queue("cv-index", indexDead, 3),
      deliveries: queue("cv-deliveries", deliveriesDead, 5),
      pushDead,
      indexDead,
      deliveriesDead,
    };
  }

  #common(worker: "bot" | "consumers"): Bindings {
    return {
      ENVIRONMENT: "production",
      PUBLIC_URL: "https://cv-ops.example.com",
      ENCRYPTION_KEYS: JSON.stringify(this.encryptionKeys[worker]),
      TARGET_CREDENTIALS: this.secrets.targetCredentials(worker),
      ...(this.directory ? { DB: this.directory.binding, DB_2: this.staging.binding } : { DB: this.staging.binding }),
      PUSH_QUEUE: this.queues.push.binding,
      INDEX_QUEUE: this.queues.index.binding,
      DELIVERY_QUEUE: this.queues.deliveries.binding,
      ...Object.fromEntries(Object.entries(this.#objects).map(([name, { binding }]) => [name, binding])),
      D1CV: createTargetFaultProxy(this, "d1cv", () => this.#versions.serving("d1cv").d1cv),
      AI_AGENT: createTargetFaultProxy(this, "ai-agent", () => this.#versions.serving("ai-agent").aiAgent),
    };
  }

  botBindings(): Bindings {
    return {
      ...this.#common("bot"),
      CACHE: this.#kv,
      SLACK_SIGNING_SECRET: signingSecret,
      // The release before this one knows no rows of them: this one makes rows of what the variable names.
      ...(this.previous ? { WORKSPACES: this.secrets.namedWorkspaces() } : {}),
    };
  }

  consumerBindings(): Bindings {
    const rows =
      (method: string) =>
      (...args: unknown[]) =>
        this.runtime.operate(`ai-agent rows ${method}`, () =>
          this.runtime.invokeRequest("ai-agent", `IndexRows.${method}`, async (context) => {
            const { IndexRows } = this.#versions.serving("ai-agent");
            const entrypoint = new IndexRows(context, this.targetBindings("ai-agent"));
            return structuredClone(await entrypoint[method]?.(...(structuredClone(args) as never[])));
          }),
        );
    return {
      ...this.#common("consumers"),
      ...this.#stores,
      AI_AGENT_INDEX: { take: rows("take"), submitted: rows("submitted"), report: rows("report") },
    };
  }

  targetBindings(worker: "d1cv" | "ai-agent"): Bindings {
    return {
      ENVIRONMENT: "production",
      CALLBACK_ORIGINS: '{"https://cv-ops.internal":"CV_OPS"}',
      PORTFOLIO_CREDENTIALS: this.secrets.portfolioCredentials(worker),
      DB: worker === "d1cv" ? this.d1cv.binding : this.aiAgent.binding,
      CV_OPS: createBotFaultProxy(this),
      ...(worker === "ai-agent" ? { ...this.#stores, INDEX_QUEUE: this.queues.index.binding } : {}),
    };
  }

  get #bot(): WorkerModule {
    const product = this.#versions.serving("bot");
    const bot = this.#bots.get(product) ?? product.createBot(this.botBindings());
    this.#bots.set(product, bot);
    return bot;
  }

  /** What took place while both releases served. */
  get mixed(): Readonly<Record<string, number>> {
    return this.#versions.counts;
  }

  /** A deployment in progress ends: this commit's code serves everywhere. */
  finishDeployment(): void {
    this.#versions.finish();
  }

  /** A request to the bot, as the network brings it. */
  requestBot(name: string, request: Request): Promise<Response> {
    return this.runtime.invokeRequest("bot", name, (context) => this.#bot.fetch(request, this.botBindings(), context));
  }

  /** New versions of all Workers: whatever runs breaks off, objects lose their memory, secrets may be new. */
  deploy(): void {
    this.runtime.note(`deployment ${(this.#deployments += 1)}`);
    this.runtime.breakAll("deployment");
    for (const namespace of Object.values(this.#objects)) namespace.forgetInstances();
    this.#bots.clear();
  }

  /** Cron, every minute from the first on. */
  startCron(): void {
    const { scheduler, random } = this.runtime;
    const tick = (worker: WorkerName, run: WorkerModule["scheduled"], bindings: () => Bindings): void => {
      const controller = { scheduledTime: this.runtime.nowMs, cron: "* * * * *" };
      this.runtime
        .invoke(worker, `${worker} cron`, (context) => run(controller, bindings(), context))
        .catch((error: unknown) => this.runtime.note(`${worker} cron failed: ${String(error)}`));
      scheduler.after(minuteMs, () => tick(worker, run, bindings));
    };
    const start = (worker: WorkerName, run: WorkerModule["scheduled"], bindings: () => Bindings): void =>
      scheduler.after(random.between(1, minuteMs), () => tick(worker, run, bindings));
    if (!this.#hasNoCron) {
      start(
        "bot",
        (...args) => this.#bot.scheduled(...args),
        () => this.botBindings(),
      );
    }
    for (const worker of ["d1cv", "ai-agent"] as const) {
      const module = (): WorkerModule => {
        const product = this.#versions.serving(worker);
        return worker === "d1cv" ? product.d1cv : product.aiAgent;
      };
      start(
        worker,
        (...args) => module().scheduled(...args),
        () => this.targetBindings(worker),
      );
    }
  }
}
