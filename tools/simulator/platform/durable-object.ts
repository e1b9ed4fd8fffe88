/** Durable Objects: one instance for each name, storage that outlives it, one alarm that is tried again six times. */
import type { Bindings, ObjectClass } from "../product/product.ts";
import { type Invocation, currentInvocation } from "./invocation.ts";
import type { Runtime } from "./runtime.ts";

const maxAlarmRetries = 6;
const alarmRetryMs = 2000;

interface StoredObject {
  name: string;
  instance: Record<string, (...args: unknown[]) => unknown> | null;
  readonly storage: Map<string, unknown>;
  readonly invocations: Set<Invocation>;
  alarmAtMs: number | null;
  alarmRetries: number;
  /** Changes with every alarm that is set: an event of an older one does nothing. */
  alarmVersion: number;
  /** Its alarm handler is running: the next alarm waits. */
  isRinging: boolean;
}

export class ObjectNamespace {
  readonly #runtime: Runtime;
  readonly #className: string;
  readonly #construct: ObjectClass;
  readonly #bindings: () => Bindings;
  readonly #objects = new Map<string, StoredObject>();

  constructor(runtime: Runtime, className: string, construct: ObjectClass, bindings: () => Bindings) {
    this.#runtime = runtime;
    this.#className = className;
    this.#construct = construct;
    this.#bindings = bindings;
  }

  /** What a Worker is bound to. */
  get binding() {
    const stub = (name: string): object =>
      new Proxy(
        {},
        {
          get: (_target, method) =>
            typeof method === "symbol" || method === "then"
              ? undefined
              : (...args: unknown[]) => this.#call(this.#objectOf(name), method, args),
        },
      );
    return {
      getByName: stub,
      idFromName: (name: string) => ({ name, toString: () => name }),
      get: ({ name }: { name: string }) => stub(name),
    };
  }

  /** The memory of all objects is gone; their storage and alarms are not. */
  forgetInstances(): void {
    for (const object of this.#objects.values()) object.instance = null;
  }

  /** An invocation that broke takes its whole object along. */
  onBreak(broken: Invocation): void {
    for (const object of this.#objects.values()) {
      if (!object.invocations.delete(broken)) continue;
      object.instance = null;
      for (const other of object.invocations) this.#runtime.breakOff(other, "its object was reset");
    }
  }

  storedKeys(prefix: string): number {
    const keys = [...this.#objects.values()].flatMap(({ storage }) => [...storage.keys()]);
    return keys.filter((key) => key.startsWith(prefix)).length;
  }

  #objectOf(name: string): StoredObject {
    const known = this.#objects.get(name);
    if (known) return known;
    const object: StoredObject = {
      name,
      instance: null,
      storage: new Map(),
      invocations: new Set(),
      alarmAtMs: null,
      alarmRetries: 0,
      alarmVersion: 0,
      isRinging: false,
    };
    this.#objects.set(name, object);
    return object;
  }

  #call(object: StoredObject, method: string, args: unknown[]): Promise<unknown> {
    const { faults } = this.#runtime;
    const fails = faults.strikes("object call fails");
    return this.#runtime.operate(`${this.#className}.${method}`, () => {
      if (fails) throw new Error("Durable Object reset because its code was updated.");
      if (object.invocations.size === 0 && faults.strikes("object is evicted")) object.instance = null;
      return this.#invoke(object, method, structuredClone(args));
    });
  }

  #invoke(object: StoredObject, method: string, args: unknown[]): Promise<unknown> {
    return this.#runtime.invoke("bot", `${this.#className}.${method}`, async () => {
      const invocation = currentInvocation();
      if (invocation) object.invocations.add(invocation);
      try {
        object.instance ??= new this.#construct(this.#stateOf(object), this.#bindings()) as NonNullable<
          StoredObject["instance"]
        >;
        return await object.instance[method]?.(...args);
      } finally {
        if (invocation) object.invocations.delete(invocation);
      }
    });
  }

  #stateOf(object: StoredObject) {
    const { storage } = object;
    const now = <T>(name: string, perform: () => T): Promise<T> =>
      this.#runtime.operateNow(`${this.#className} storage ${name}`, perform);
    return {
      id: { name: object.name, toString: () => object.name },
      waitUntil: (work: Promise<unknown>) => currentInvocation()?.context.waitUntil(work),
      // Nobody connects.
      getWebSockets: () => [],
      blockConcurrencyWhile: <T>(work: () => Promise<T>) => work(),
      storage: {
        get: (key: string) => now("get", () => structuredClone(storage.get(key))),
        put: (key: string, value: unknown) => now("put", () => void storage.set(key, structuredClone(value))),
        delete: (key: string) => now("delete", () => storage.delete(key)),
        deleteAll: () => now("deleteAll", () => storage.clear()),
        list: ({ prefix = "", limit = Number.POSITIVE_INFINITY }: { prefix?: string; limit?: number } = {}) =>
          now("list", () => {
            const entries = [...storage].filter(([key]) => key.startsWith(prefix));
            return new Map(structuredClone(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit)));
          }),
        getAlarm: () => now("getAlarm", () => object.alarmAtMs),
        setAlarm: (at: number | Date) => now("setAlarm", () => this.#setAlarm(object, Number(at))),
        deleteAlarm: () =>
          now("deleteAlarm", () => {
            object.alarmAtMs = null;
            object.alarmVersion += 1;
          }),
      },
    };
  }

  #setAlarm(object: StoredObject, atMs: number, retries = 0): void {
    const { faults, random, scheduler, clockSkewMs } = this.#runtime;
    object.alarmAtMs = atMs;
    object.alarmRetries = retries;
    const version = (object.alarmVersion += 1);
    const lateMs = faults.strikes("alarm is late") ? random.between(500, 90_000) : random.between(0, 5);
    // The product says when by its own clock.
    scheduler.at(atMs - (clockSkewMs.get("bot") ?? 0) + lateMs, () => {
      if (object.alarmVersion === version) this.#ring(object);
    });
  }

  #ring(object: StoredObject): void {
    const { faults, scheduler } = this.#runtime;
    const version = object.alarmVersion;
    if (object.isRinging) {
      scheduler.after(5, () => {
        if (object.alarmVersion === version) this.#ring(object);
      });
      return;
    }
    const { alarmRetries: retries } = object;
    object.alarmAtMs = null;
    const isDropped = faults.strikes("alarm is dropped");
    this.#runtime.note(`${this.#className} ${object.name} alarm${isDropped ? " dropped" : ""}`);
    if (isDropped) return;
    void this.#handleAlarm(object, retries, faults.strikes("alarm runs twice"));
  }

  async #handleAlarm(object: StoredObject, retries: number, again: boolean): Promise<void> {
    const { faults, scheduler, clockSkewMs } = this.#runtime;
    if (object.invocations.size === 0 && faults.strikes("object is evicted")) object.instance = null;
    object.isRinging = true;
    try {
      await this.#invoke(object, "alarm", []);
      if (again) await this.#invoke(object, "alarm", []);
    } catch {
      // An alarm that the handler had set before it failed takes the place of the retry.
      if (object.alarmAtMs === null && retries < maxAlarmRetries) {
        const nowMs = scheduler.nowMs + (clockSkewMs.get("bot") ?? 0);
        this.#setAlarm(object, nowMs + alarmRetryMs * 2 ** retries, retries + 1);
      }
    } finally {
      object.isRinging = false;
    }
  }
}
