/** The bot and its targets in the simulator without faults: each input is a real request over real SQL. */
import { setImmediate as macrotask } from "node:timers/promises";
import { Faults } from "../../tools/simulator/faults.ts";
import { openDatabases } from "../../tools/simulator/platform/databases.ts";
import { bundleProduct } from "../../tools/simulator/product/bundle.ts";
import { loadProduct } from "../../tools/simulator/product/load.ts";
import type { Role } from "../../shared/domain/workspace/roles.ts";
import { secretOf, type TargetName, workspaces } from "../../tools/simulator/world/workspaces.ts";
import { World, signingSecret } from "../../tools/simulator/world/world.ts";
import { type SlackBody, signedRequest, slashCommand } from "../support/slack/requests.ts";
import { Sealed, webhookScheme } from "../corpora/sealed.ts";

const startMs = Date.UTC(2026, 10, 1, 12);
/** Requests until the databases are emptied, so that later requests take no longer than earlier ones. */
const requestsOfAWorld = 250;
/** The maximum number of steps until a response. */
const maxSteps = 20_000;
const maxIdle = 30;
const soonMs = 50;

const [workspace] = workspaces;
if (!workspace) throw new Error("The simulator has no workspace");
export const home = workspace;
const idOf = (role: Role): string => home.people.find((person) => person.role === role)?.userId ?? "";
export const people = {
  admin: idOf("admin"),
  approver: idOf("approver"),
  author: idOf("editor"),
  viewer: idOf("viewer"),
} as const;

/** Log lines of errors in the product. Slack's refusals, and an answer to an address of nobody, are not included. */
const errorLines =
  /\blog (?!.*nothing listens there).*((Type|Range|Reference|Syntax)Error|ZodError|Cannot read|no such column|is not iterable)/;

const load = async () => ({ product: await loadProduct(await bundleProduct(null)), databases: openDatabases(null) });
let loaded: ReturnType<typeof load> | null = null;

export class Harness {
  readonly #loaded: Awaited<ReturnType<typeof load>>;
  readonly #prepare: (harness: Harness) => Promise<void>;
  #world: World;
  #requests = 0;
  #read = 0;
  #count = 0;
  #lastName = "";

  private constructor(loaded: Awaited<ReturnType<typeof load>>, prepare: (harness: Harness) => Promise<void>) {
    this.#loaded = loaded;
    this.#prepare = prepare;
    this.#world = this.#newWorld();
  }

  static async open(prepare: (harness: Harness) => Promise<void> = async () => {}): Promise<Harness> {
    const harness = new Harness(await (loaded ??= load()), prepare);
    await prepare(harness);
    return harness;
  }

  #newWorld(): World {
    const { product, databases } = this.#loaded;
    this.#read = 0;
    return new World(product, databases, { seed: "fuzz", startMs, faults: new Faults("fuzz", {}), keepTrace: true });
  }

  get world(): World {
    return this.#world;
  }

  get nowSeconds(): number {
    return Math.floor(this.#world.runtime.nowMs / 1000);
  }

  /** Runs before each input. */
  async next(): Promise<void> {
    this.#requests += 1;
    this.#read = this.#world.runtime.trace.lines.length;
    if (this.#requests % requestsOfAWorld !== 0) return;
    this.#world = this.#newWorld();
    await this.#prepare(this);
  }

  /** Advances virtual time until the promise settles. */
  async #awaited<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    void work
      .catch(() => {})
      .finally(() => {
        state.isDone = true;
      });
    await Promise.resolve();
    const { scheduler } = this.#world.runtime;
    let idle = 0;
    for (let steps = 0; steps < maxSteps && !state.isDone; steps += 1) {
      const isSoon = (scheduler.nextMs ?? Number.POSITIVE_INFINITY) - scheduler.nowMs < soonMs;
      if (!isSoon && idle < maxIdle) {
        // Bodies are read in macrotasks, during which virtual time does not advance.
        idle += 1;
        await macrotask();
      } else if (await scheduler.step()) idle = 0;
      else break;
    }
    if (!state.isDone) throw new Error("There is no answer, and nothing that could bring one");
    return work;
  }

  async pass(milliseconds: number): Promise<void> {
    const { scheduler } = this.#world.runtime;
    const untilMs = scheduler.nowMs + milliseconds;
    while ((scheduler.nextMs ?? Number.POSITIVE_INFINITY) <= untilMs) await scheduler.step();
  }

  bot(request: Request): Promise<Response> {
    this.#lastName = `request-${(this.#count += 1)}`;
    return this.#awaited(this.#world.requestBot(this.#lastName, request));
  }

  target(name: TargetName, request: Request): Promise<Response> {
    const module = name === "d1cv" ? this.#loaded.product.d1cv : this.#loaded.product.aiAgent;
    return this.#awaited(
      this.#world.runtime.invokeRequest(name, "fuzz", (context) =>
        module.fetch(request, this.#world.targetBindings(name), context),
      ),
    );
  }

  slack(body: Pick<SlackBody, "contentType" | "body">, secret: string = signingSecret): Promise<Response> {
    return this.bot(signedRequest(body, { secret, timestampSeconds: this.nowSeconds }));
  }

  async command(userId: string, text: string): Promise<Response> {
    const { triggerId, responseUrl } = this.newTrigger(userId);
    const asked = { text, channel: home.channel, triggerId, responseUrl };
    return this.slack(slashCommand({ workspaceId: home.id, userId }, asked));
  }

  newTrigger(userId: string): { triggerId: string; responseUrl: string } {
    return this.#world.slack.handOut({ workspaceId: home.id, userId, channel: home.channel });
  }

  /** A signed POST of Standard Webhooks, to the bot or to a target. */
  async sealed(url: string, body: string, direction: "request" | "webhook", target: TargetName): Promise<Request> {
    const secret = secretOf(`${home.portfolioId}/${target}`, direction, 1);
    const sealed = await Sealed.of(webhookScheme, secret, this.nowSeconds, body);
    return sealed.request(url, "application/json");
  }

  /** Whether the last request to the bot queried the database. */
  hasActed(): boolean {
    return this.#world.runtime.trace.lines.some((line) => line.includes(` ${this.#lastName} ←`));
  }

  /** The actors of all changes so far. */
  actors(): unknown[] {
    return this.#world.staging.rows("SELECT DISTINCT actor_id FROM job_events").map(({ actor_id: id }) => id);
  }

  /** The rows and jobs of the targets. */
  holdings(): string {
    const { d1cv, aiAgent } = this.#world;
    return JSON.stringify(
      [d1cv, aiAgent].map((db) => [
        db.rows("SELECT * FROM sim_rows"),
        db.rows("SELECT * FROM sim_ledger"),
        db.rows("SELECT portfolio_id, job_id, attempt, state FROM receipts"),
      ]),
    );
  }

  /** The first error of the product in the log since the last call. */
  error(): string | null {
    const { lines } = this.#world.runtime.trace;
    const found = lines.slice(this.#read).find((line) => errorLines.test(line));
    this.#read = lines.length;
    return found ?? null;
  }
}
