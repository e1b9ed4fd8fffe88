/** Durable Objects: one instance for each name, durable storage, and one alarm with six retries. */
import type { Bindings, ObjectClass } from "../product/product.ts";
import { type Invocation, currentInvocation } from "./invocation.ts";
import type { Runtime } from "./runtime.ts";

const maxAlarmRetries = 6;
const alarmRetryMs = 2000;

interface StoredObject {
  name: string;
  instance: Record<string, (...args: unknown[]) => unknown> | null;
  /** The release that made the instance. */
  construct: ObjectClass | null;
  readonly storage: Map<string, unknown>;
  readonly invocations: Set<Invocation>;
  alarmAtMs: number | null;
  alarmRetries: number;
  /** Incremented with every alarm: an event of an older alarm is ignored. */
  alarmVersion: number;
  /** The alarm handler is running: the next alarm is delayed. */
  isRinging: boolean;
}

export class ObjectNamespace {
  readonly #runtime: Runtime;
  readonly #className: string;
  readonly #classOf: (name: string) => ObjectClass;
  readonly #bindings: () => Bindings;
  readonly #objects = new Map<string, StoredObject>();

  /** @param classOf the class of the release that runs an object at present */
  constructor(runtime: Runtime, className: string, classOf: (name: string) => ObjectClass, bindings: () => Bindings) {
    this.#runtime = runtime;
    this.#className = className;
    this.#classOf = classOf;
    this.#bindings = bindings;
  }

  /** The binding of a Worker. */
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

  /** Evicts all objects from memory. Storage and alarms are kept. */
  forgetInstances(): void {
    for (const object of this.#objects.values()) object.instance = null;
  }

  /** Resets the objects that run another release than they should from now on. */
  resetReplaced(): void {
    for (const object of this.#objects.values()) {
      if (object.instance === null || object.construct === this.#classOf(object.name)) continue;
      object.instance = null;
      for (const invocation of object.invocations) this.#runtime.breakOff(invocation, "its object's code was updated");
    }
  }

  /** A broken invocation evicts its object. */
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
    const existing = this.#objects.get(name);
    if (existing) return existing;
    const object: StoredObject = {
      name,
      instance: null,
      construct: null,
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
        object.instance ??= this.#start(object);
        return await object.instance[method]?.(...args);
      } finally {
        if (invocation) object.invocations.delete(invocation);
      }
    });
  }

  #start(object: StoredObject): NonNullable<StoredObject["instance"]> {
    object.construct = this.#classOf(object.name);
    return new object.construct(this.#stateOf(object), this.#bindings()) as NonNullable<StoredObject["instance"]>;
  }

  #stateOf(object: StoredObject) {
    const { storage } = object;
    const now = <T>(name: string, perform: () => T): Promise<T> =>
      this.#runtime.operateNow(`${this.#className} storage ${name}`, perform);
    return {
      id: { name: object.name, toString: () => object.name },
      waitUntil: (work: Promise<unknown>) => currentInvocation()?.context.waitUntil(work),
      // The simulator opens no WebSocket.
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
    // The product sets the alarm by the clock of its Worker.
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
      // An alarm that the handler set before it failed replaces the retry.
      if (object.alarmAtMs === null && retries < maxAlarmRetries) {
        const nowMs = scheduler.nowMs + (clockSkewMs.get("bot") ?? 0);
        this.#setAlarm(object, nowMs + alarmRetryMs * 2 ** retries, retries + 1);
      }
    } finally {
      object.isRinging = false;
    }
  }
}
