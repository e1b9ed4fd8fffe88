/** Connects the product's operations to virtual time and faults. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Faults } from "../faults.ts";
import { Random } from "../../../test/support/random.ts";
import { secretOrAddress } from "../world/secrets.ts";
import { Scheduler } from "../scheduler.ts";
import { Trace } from "../trace.ts";
import { Invocation, type InvocationContext, type WorkerName, currentInvocation } from "./invocation.ts";

/** Makes a chosen step fail, in addition to the seeded faults. */
export type CrashPlan = (operation: number, name: string) => "before" | "after" | null;

export interface RuntimeOptions {
  seed: string;
  startMs: number;
  faults: Faults;
  keepTrace: boolean;
  crashAt?: CrashPlan;
}

export interface OperationOptions {
  /** Round-trip time in milliseconds, drawn from this range. */
  latencyMs?: readonly [low: number, high: number];
  signal?: AbortSignal | null;
}

/** What counts as no connection of a Worker: D1 and Durable Objects. */
const withoutConnection = /^(?:d1 |[A-Z]\w+\.)/;

/** Whose operation runs: the other Worker that it calls belongs to the same request. */
const callers = new AsyncLocalStorage<Invocation>();

const never = new Promise<never>(() => {});

export class Runtime {
  readonly scheduler: Scheduler;
  /** Webhooks that the network delivers later: nothing is at rest before. */
  webhooksUnderWay = 0;
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly live = new Set<Invocation>();
  readonly clockSkewMs = new Map<WorkerName, number>();
  readonly operations: string[] = [];
  /** Log lines that contain secrets. */
  readonly leaks: string[] = [];
  readonly #startMs: number;
  readonly #crashAt: CrashPlan | undefined;
  /** The largest tree of one request, and how many connections an invocation had at once. */
  readonly peaks = { invocationsInTree: 0, connections: 0 };
  readonly #connections = new WeakMap<Invocation, number>();
  /** Resources lost with a broken invocation; registered by the Durable Objects. */
  onBreak: (invocation: Invocation) => void = () => {};

  constructor({ seed, startMs, faults, keepTrace, crashAt }: RuntimeOptions) {
    this.#startMs = startMs;
    this.scheduler = new Scheduler(startMs);
    this.random = new Random(`${seed}/runtime`);
    this.faults = faults;
    this.trace = new Trace(keepTrace);
    this.#crashAt = crashAt;
  }

  get nowMs(): number {
    return this.scheduler.nowMs;
  }

  /** The clock of the current Worker. */
  workerNowMs(): number {
    const worker = currentInvocation()?.worker;
    return Math.floor(this.nowMs) + (worker ? (this.clockSkewMs.get(worker) ?? 0) : 0);
  }

  note(text: string): void {
    this.trace.note(this.nowMs - this.#startMs, text);
  }

  /** A log line of the product. */
  log(text: string): void {
    if (secretOrAddress.test(text)) this.leaks.push(text);
    this.note(`log ${text.slice(0, 400)}`);
  }

  /** Runs a handler as a new invocation. */
  invoke<T>(worker: WorkerName, name: string, handler: (context: InvocationContext) => T | Promise<T>): Promise<T> {
    const caller = callers.getStore() ?? null;
    const invocation = new Invocation(worker, name, (ended) => this.live.delete(ended), caller);
    this.live.add(invocation);
    return invocation.run(handler);
  }

  /** Like `invoke`, for handlers whose `waitUntil` ends 30 s after the answer. */
  async invokeRequest<T>(
    worker: WorkerName,
    name: string,
    handler: (context: InvocationContext) => T | Promise<T>,
  ): Promise<T> {
    const caller = callers.getStore();
    caller?.addToTree();
    if (caller) this.peaks.invocationsInTree = Math.max(this.peaks.invocationsInTree, caller.root.treeSize);
    let invocation: Invocation | null = null;
    const answered = (): void => {
      const answering = invocation;
      if (answering) this.scheduler.after(30_000, () => answering.breakOff("waitUntil took more than 30 s"));
    };
    const answer = this.invoke(worker, name, (context) => {
      invocation = currentInvocation();
      return handler(context);
    });
    answer.then(answered, answered);
    return answer;
  }

  breakOff(invocation: Invocation, cause: string): void {
    this.note(`✗ ${invocation.name}: ${cause}`);
    invocation.breakOff(cause);
    this.onBreak(invocation);
  }

  /** Replaces every Worker and object as a deployment does: running invocations are aborted. */
  breakAll(cause: string): void {
    for (const invocation of this.live) this.breakOff(invocation, cause);
  }

  /**
   * An operation outside the invocation: it takes effect after a delay, and its answer follows after another. A crash
   * before the effect prevents it; a crash after the effect loses the answer.
   */
  operate<T>(name: string, perform: () => T | Promise<T>, options: OperationOptions = {}): Promise<T> {
    const invocation = currentInvocation();
    if (invocation?.isOver) return never;
    const crash = invocation ? this.#crashOf(name) : null;
    if (crash === "before" && invocation) {
      this.breakOff(invocation, `crash before ${name}`);
      return never;
    }
    const closed = invocation && !withoutConnection.test(name) ? this.#connect(invocation) : () => {};
    const [low, high] = options.latencyMs ?? [1, 4];
    const { signal } = options;
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: string, how: () => void): void =>
        this.scheduler.after(this.random.between(low, high), () => {
          closed();
          if (invocation?.isOver) return;
          if (crash === "after" && invocation) {
            this.breakOff(invocation, `crash after ${name}`);
            return;
          }
          this.note(`${invocation?.name ?? "-"} ← ${name}${outcome}`);
          how();
        });
      signal?.addEventListener(
        "abort",
        () => {
          closed();
          reject(signal.reason as Error);
        },
        { once: true },
      );
      this.scheduler.after(this.random.between(low, high), () => {
        try {
          const performed = invocation ? callers.run(invocation, perform) : perform();
          if (performed instanceof Promise) {
            performed.then(
              (value) => settle("", () => resolve(value)),
              (error: Error) => settle(` ${error.message}`, () => reject(error)),
            );
          } else settle("", () => resolve(performed));
        } catch (error) {
          settle(` ${String(error)}`, () => reject(error instanceof Error ? error : new Error(String(error))));
        }
      });
    });
  }

  /** @returns what ends it, once */
  #connect(invocation: Invocation): () => void {
    const change = (by: number): number => {
      const open = (this.#connections.get(invocation) ?? 0) + by;
      this.#connections.set(invocation, open);
      return open;
    };
    this.peaks.connections = Math.max(this.peaks.connections, change(1));
    let isOpen = true;
    return () => {
      if (isOpen) change(-1);
      isOpen = false;
    };
  }

  /** An operation without virtual latency: storage of a Durable Object, which blocks other events meanwhile. */
  operateNow<T>(name: string, perform: () => T): Promise<T> {
    const invocation = currentInvocation();
    if (invocation?.isOver) return never;
    const crash = invocation ? this.#crashOf(name) : null;
    if (crash === "before" && invocation) {
      this.breakOff(invocation, `crash before ${name}`);
      return never;
    }
    const value = perform();
    if (crash === "after" && invocation) {
      this.breakOff(invocation, `crash after ${name}`);
      return never;
    }
    return Promise.resolve(value);
  }

  setTimeout(ring: () => void, delayMs: number): { cancelled: boolean } {
    const timer = { cancelled: false };
    const invocation = currentInvocation();
    // A timer runs in the trace of what has set it.
    const callback = AsyncLocalStorage.bind(ring);
    this.scheduler.after(Math.max(0, delayMs), () => {
      if (timer.cancelled) return;
      if (invocation) invocation.resume(callback);
      else callback();
    });
    return timer;
  }

  #crashOf(name: string): "before" | "after" | null {
    if (this.#crashAt) {
      this.operations.push(name);
      const side = this.#crashAt(this.operations.length - 1, name);
      if (side) this.faults.struck.push(`crash ${side} ${name}`);
      return side;
    }
    if (this.faults.strikes("crash before an operation")) return "before";
    return this.faults.strikes("crash after an operation") ? "after" : null;
  }
}
