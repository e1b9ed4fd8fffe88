/** One invocation of a Worker's handler: pending operations, work after the answer, and aborts. */
import { AsyncLocalStorage } from "node:async_hooks";

export type WorkerName = "bot" | "consumers" | "d1cv" | "ai-agent";

export interface InvocationContext {
  waitUntil: (work: Promise<unknown>) => void;
  passThroughOnException: () => void;
  props: object;
}

const running = new AsyncLocalStorage<Invocation>();

/** The invocation whose code is running; null for the simulator's own code. */
export const currentInvocation = (): Invocation | null => running.getStore() ?? null;

/** developers.cloudflare.com/workers/platform/limits: so many Workers take part in one request at most. */
const maxInvocationsInTree = 32;

export class Invocation {
  readonly worker: WorkerName;
  readonly name: string;
  /** The first of those that call each other by service bindings. */
  readonly root: Invocation;
  /** How many invocations its request has led to, itself included. */
  treeSize = 1;
  /** Aborted or ended: no code of the invocation continues. */
  isOver = false;
  readonly context: InvocationContext;
  #open = 1;
  readonly #onEnd: (invocation: Invocation) => void;
  #fail: (error: Error) => void = () => {};

  constructor(
    worker: WorkerName,
    name: string,
    onEnd: (invocation: Invocation) => void,
    caller: Invocation | null = null,
  ) {
    this.worker = worker;
    this.name = name;
    this.root = caller?.root ?? this;
    this.#onEnd = onEnd;
    this.context = {
      waitUntil: (work) => {
        this.#open += 1;
        void work.catch(() => {}).then(() => this.#close());
      },
      passThroughOnException: () => {},
      props: {},
    };
  }

  /** Another Worker is called by a service binding. */
  addToTree(): void {
    if (this.root.treeSize >= maxInvocationsInTree) throw new Error("Too many Worker invocations in one request.");
    this.root.treeSize += 1;
  }

  /** @returns the handler's answer; rejects when the handler throws or the invocation aborts before the answer */
  run<T>(handler: (context: InvocationContext) => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#fail = reject;
      const answered = running.run(this, async () => handler(this.context));
      answered.then(
        (value) => {
          if (!this.isOver) resolve(value);
        },
        (error: unknown) => {
          if (!this.isOver) reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
      void answered.then(
        () => this.#close(),
        () => this.#close(),
      );
    });
  }

  /** Runs a timer's callback inside the invocation. */
  resume(callback: () => void): void {
    if (!this.isOver) running.run(this, callback);
  }

  /** Aborts immediately: the memory is lost, and the caller's connection breaks. */
  breakOff(cause: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#onEnd(this);
    this.#fail(new Error(`Network connection lost: ${cause}`));
  }

  #close(): void {
    this.#open -= 1;
    if (this.#open > 0 || this.isOver) return;
    this.isOver = true;
    this.#onEnd(this);
  }
}
