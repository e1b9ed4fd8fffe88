/** The interface of the bundled product: functions and classes over the simulated platform. */
import type { InvocationContext } from "../platform/invocation.ts";

export type Bindings = Record<string, unknown>;

export interface WorkerModule {
  fetch: (request: Request, env: Bindings, ctx: InvocationContext) => Response | Promise<Response>;
  scheduled: (controller: { scheduledTime: number; cron: string }, env: Bindings, ctx: InvocationContext) => unknown;
}

export interface QueueWorker {
  queue: (batch: unknown, env: Bindings, ctx: InvocationContext) => Promise<void>;
}

type Instance = Record<string, (...args: never[]) => unknown>;
export type ObjectClass = new (ctx: unknown, env: Bindings) => object;

export interface Product {
  createBot: (env: Bindings) => WorkerModule;
  createDeps: (env: Bindings) => { useCaseContext: (request: object) => object; portal: string | null };
  renderCard: (ctx: unknown, card: unknown) => Promise<RenderedCard | null>;
  /** By the names of their bindings. */
  objects: Record<string, ObjectClass>;
  IndexRows: new (ctx: InvocationContext, env: Bindings) => Instance;
  consumers: QueueWorker;
  d1cv: WorkerModule;
  aiAgent: WorkerModule;
}

export interface RenderedCard {
  shown: { as: "message"; message: { text: string; blocks: unknown[] } } | { as: "home"; view: { blocks: unknown[] } };
}
