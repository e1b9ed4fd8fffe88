/** The part of the module `cloudflare:workers` that the product uses. */
export class DurableObject<Bindings> {
  readonly ctx: unknown;
  readonly env: Bindings;
  constructor(ctx: unknown, env: Bindings) {
    this.ctx = ctx;
    this.env = env;
  }
}

export class WorkerEntrypoint<Bindings> extends DurableObject<Bindings> {}
