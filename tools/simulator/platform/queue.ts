/** A queue: at-least-once delivery without order, with retries and dead letters (developers.cloudflare.com/queues). */
import type { Runtime } from "./runtime.ts";

export interface QueueSettings {
  name: string;
  maxBatchSize: number;
  maxRetries: number;
}

/** The state of each message. */
type Fate = "pending" | "acked" | "dead" | "lost";

interface QueuedMessage {
  id: string;
  body: unknown;
  attempts: number;
  dueMs: number;
}

type Consume = (queue: string, messages: DeliveredMessage[]) => Promise<void>;

/** A message as a consumer receives it. */
export class DeliveredMessage {
  readonly id: string;
  readonly body: unknown;
  readonly attempts: number;
  readonly timestamp = new Date(0);
  decision: "none" | "ack" | "retry" = "none";
  delaySeconds = 0;

  constructor({ id, body, attempts }: Pick<QueuedMessage, "id" | "body" | "attempts">) {
    this.id = id;
    this.body = structuredClone(body);
    this.attempts = attempts;
  }

  ack(): void {
    if (this.decision === "none") this.decision = "ack";
  }

  retry(options: { delaySeconds?: number } = {}): void {
    if (this.decision !== "none") return;
    this.decision = "retry";
    this.delaySeconds = options.delaySeconds ?? 0;
  }
}

const gatheredMs = 2000;

export class SimulatedQueue {
  readonly settings: QueueSettings;
  readonly fates = new Map<string, Fate>();
  /** Paused: messages stay (developers.cloudflare.com/queues/configuration/pause-purge). */
  isPaused = false;
  /** Bodies of the messages in the dead letter queue, as JSON. */
  readonly dead = new Set<string>();
  readonly #runtime: Runtime;
  readonly #consume: Consume;
  readonly #deadLetters: SimulatedQueue | null;
  /** The maximum of messages that were handled together. */
  largestBatch = 0;
  /** Hands over what has come at the same moment, every two seconds, in batches as large as they may be. */
  gathers = false;
  #waiting: QueuedMessage[] = [];
  #sent = 0;

  constructor(runtime: Runtime, settings: QueueSettings, consume: Consume, deadLetters: SimulatedQueue | null) {
    this.#runtime = runtime;
    this.settings = settings;
    this.#consume = consume;
    this.#deadLetters = deadLetters;
  }

  /** The binding of a producer. */
  get binding() {
    return {
      send: (body: unknown, options: { delaySeconds?: number } = {}) => this.#send([{ body, ...options }]),
      sendBatch: (messages: Iterable<{ body: unknown; delaySeconds?: number }>) => this.#send([...messages]),
    };
  }

  #send(messages: { body: unknown; delaySeconds?: number }[]): Promise<void> {
    if (messages.length > 100) throw new Error("Queue sendBatch failed: more than 100 messages");
    const { faults } = this.#runtime;
    const refuses = faults.strikes("queue refuses a send");
    const losesReply = faults.strikes("queue takes a send and its reply is lost");
    if (this.#deadLetters && faults.strikes("queue carries a malformed message")) this.#acceptMalformed();
    return this.#runtime.operate(`queue ${this.settings.name} send ${messages.length}`, () => {
      if (refuses) throw new Error("Queue send failed: Internal Server Error");
      for (const { body, delaySeconds } of messages) this.accept(body, (delaySeconds ?? 0) * 1000);
      if (losesReply) throw new Error("Queue send failed: Network connection lost");
    });
  }

  /** Sends a message as another version of the product or a person would. */
  #acceptMalformed(): void {
    const body = { something: "else", number: this.#sent };
    this.dead.add(JSON.stringify(body));
    this.accept(body);
  }

  /** Sends a message immediately. */
  accept(body: unknown, delayMs = 0): void {
    const id = `${this.settings.name}-${(this.#sent += 1)}`;
    this.fates.set(id, "pending");
    this.#put({ id, body: structuredClone(body), attempts: 0, dueMs: 0 }, delayMs);
  }

  get pending(): number {
    return [...this.fates.values()].filter((fate) => fate === "pending").length;
  }

  #put(message: QueuedMessage, delayMs: number): void {
    const { faults, random, nowMs } = this.#runtime;
    const usualMs = faults.strikes("queue delivers late") ? random.between(500, 60_000) : random.between(1, 50);
    const extraMs = this.gathers ? gatheredMs - ((nowMs + delayMs) % gatheredMs) : usualMs;
    this.#waiting.push({ ...message, dueMs: nowMs + delayMs + extraMs });
    this.#runtime.scheduler.after(delayMs + extraMs, () => this.#deliver());
    if (faults.strikes("queue delivers twice")) {
      const againMs = delayMs + extraMs + random.between(0, 20_000);
      this.#runtime.scheduler.after(againMs, () => this.#handle([{ ...message }], true));
    }
  }

  resume(): void {
    this.isPaused = false;
    this.#deliver();
  }

  #deliver(): void {
    if (this.isPaused) return;
    const { faults, random, nowMs } = this.#runtime;
    const due = random.shuffled(this.#waiting.filter(({ dueMs }) => dueMs <= nowMs));
    const batch = due.slice(
      0,
      this.gathers ? this.settings.maxBatchSize : random.between(1, this.settings.maxBatchSize),
    );
    if (batch.length === 0) return;
    this.#waiting = this.#waiting.filter((message) => !batch.includes(message));
    if (batch.length < due.length) this.#runtime.scheduler.after(1, () => this.#deliver());
    const kept = batch.filter(({ id, body }) => {
      const loses = this.#deadLetters !== null && faults.strikes("queue loses a message");
      if (loses) {
        this.fates.set(id, "lost");
        this.dead.delete(JSON.stringify(body));
      }
      return !loses;
    });
    const [givenUp] = kept;
    if (givenUp && this.#deadLetters && faults.strikes("queue gives a message up")) {
      kept.shift();
      this.#giveUp(givenUp);
    }
    this.#handle(kept, false);
  }

  #handle(batch: QueuedMessage[], isCopy: boolean): void {
    if (batch.length === 0) return;
    this.largestBatch = Math.max(this.largestBatch, batch.length);
    const counted = batch.map((message) => ({ ...message, attempts: message.attempts + 1 }));
    const delivered = counted.map((message) => new DeliveredMessage(message));
    const settle = (threw: boolean): void => {
      for (const [index, message] of counted.entries()) {
        const { decision, delaySeconds } = delivered[index] ?? { decision: "none" as const, delaySeconds: 0 };
        if (isCopy) continue;
        if (decision === "ack" || (decision === "none" && !threw)) this.fates.set(message.id, "acked");
        else this.#again(message, delaySeconds);
      }
    };
    this.#consume(this.settings.name, delivered).then(
      () => settle(false),
      () => settle(true),
    );
  }

  #again(message: QueuedMessage, delaySeconds: number): void {
    if (message.attempts <= this.settings.maxRetries) return this.#put(message, delaySeconds * 1000);
    this.#giveUp(message);
  }

  #giveUp(message: QueuedMessage): void {
    this.fates.set(message.id, "dead");
    this.dead.add(JSON.stringify(message.body));
    this.#deadLetters?.accept(message.body);
  }
}
