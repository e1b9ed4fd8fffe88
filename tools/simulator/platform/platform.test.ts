/** The simulated platform keeps the guarantees of Cloudflare's documentation, and adds none. */
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import { drain } from "../runs/drain.ts";
import { Faults } from "../faults.ts";
import { SimulatedD1 } from "./d1.ts";
import { ObjectNamespace } from "./durable-object.ts";
import { currentInvocation } from "./invocation.ts";
import { type DeliveredMessage, SimulatedQueue } from "./queue.ts";
import { Runtime } from "./runtime.ts";
import { createKv } from "./stores.ts";

let runtime: Runtime;

beforeEach(() => {
  runtime = new Runtime({ seed: "platform", startMs: 0, faults: new Faults("platform", {}), keepTrace: false });
});

const settle = async (untilMs: number): Promise<void> => {
  while ((runtime.scheduler.nextMs ?? Number.POSITIVE_INFINITY) <= untilMs) await runtime.scheduler.step();
};

describe("D1", () => {
  const open = () => {
    const sqlite = new DatabaseSync(":memory:");
    sqlite.exec(`CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER) STRICT;
      CREATE TABLE assertion (actual INTEGER NOT NULL, expected INTEGER NOT NULL) STRICT;
      CREATE TRIGGER holds BEFORE INSERT ON assertion BEGIN
        SELECT RAISE(ABORT, 'conflict') WHERE NEW.actual <> NEW.expected; SELECT RAISE(IGNORE); END;`);
    const db = new SimulatedD1("test", sqlite, runtime);
    const run = <T>(work: (binding: SimulatedD1["binding"]) => Promise<T>): Promise<T> =>
      drain(
        runtime.scheduler,
        runtime.invoke("bot", "test", () => work(db.binding)),
      );
    return { db, run };
  };

  test("a simulated D1 batch is a transaction, with each statement's changed rows", async () => {
    const { db, run } = open();
    const results = await run((d1) =>
      d1.batch([
        d1.prepare("INSERT INTO t VALUES (?1, ?2)").bind("a", 1),
        d1.prepare("UPDATE t SET n = n + 1"),
        d1.prepare("SELECT n FROM t"),
        d1.prepare("UPDATE t SET n = 5 RETURNING n"),
      ]),
    );
    expect(results.map(({ meta }) => meta.changes)).toEqual([1, 1, 0, 1]);
    expect(results[2]?.results.map(({ n }) => n)).toEqual([2]);
    await expect(
      run((d1) => d1.batch([d1.prepare("UPDATE t SET n = 9"), d1.prepare("INSERT INTO t VALUES ('a', 1)")])),
    ).rejects.toThrow("D1_ERROR: UNIQUE constraint failed: t.id: SQLITE_CONSTRAINT");
    expect(db.rows("SELECT n FROM t").map(({ n }) => n)).toEqual([5]);
  });

  test("a simulated D1 batch is rolled back by a failed assertion", async () => {
    const { db, run } = open();
    const guarded = run((d1) =>
      d1.batch([
        d1.prepare("INSERT INTO t VALUES ('b', 1)"),
        d1.prepare("INSERT INTO assertion (actual, expected) SELECT changes(), ?1").bind(2),
      ]),
    );
    await expect(guarded).rejects.toThrow(/\bconflict: SQLITE_CONSTRAINT/);
    expect(db.rows("SELECT n FROM t")).toEqual([]);
  });

  test("a simulated D1 refuses 101 parameters, undefined and 1,001 queries", async () => {
    const { run } = open();
    const many = Array.from({ length: 101 }, () => 1);
    await expect(run(async (d1) => d1.prepare("SELECT 1").bind(...many))).rejects.toThrow("too many SQL variables");
    await expect(run(async (d1) => d1.prepare("SELECT ?1").bind(undefined))).rejects.toThrow("D1_TYPE_ERROR");
    const select = (d1: SimulatedD1["binding"]) => d1.prepare("SELECT 1");
    await expect(run(async (d1) => d1.batch(Array.from({ length: 1001 }, () => select(d1))))).rejects.toThrow(
      "Too many API requests",
    );
  });
});

describe("a queue", () => {
  const consumed = (consume: (messages: DeliveredMessage[]) => void) => {
    const settings = { name: "q", maxBatchSize: 10, maxRetries: 3 };
    const seen: DeliveredMessage[] = [];
    const dead: DeliveredMessage[] = [];
    const deadLetters = new SimulatedQueue(
      runtime,
      { ...settings, name: "dead" },
      async (_queue, got) => void dead.push(...got),
      null,
    );
    const queue = new SimulatedQueue(
      runtime,
      settings,
      async (_queue, got) => {
        seen.push(...got);
        consume(got);
      },
      deadLetters,
    );
    return { queue, seen, dead };
  };

  test("a simulated queue redelivers messages, then moves them to the dead letter queue", async () => {
    const { queue, seen, dead } = consumed(() => {
      throw new Error("broken");
    });
    queue.accept({ a: 1 });
    await settle(60_000);
    expect(seen.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4]);
    expect(dead.map(({ body }) => body)).toEqual([{ a: 1 }]);
  });

  test("a simulated queue does not redeliver an acknowledged message", async () => {
    const { queue, seen } = consumed((messages) => {
      for (const message of messages) message.ack();
      throw new Error("broken");
    });
    queue.accept({ a: 1 });
    await settle(60_000);
    expect(seen).toHaveLength(1);
    expect(queue.pending).toBe(0);
  });
});

describe("a Durable Object", () => {
  interface State {
    storage: {
      get: (key: string) => Promise<unknown>;
      put: (key: string, value: unknown) => Promise<void>;
      setAlarm: (atMs: number) => Promise<void>;
    };
  }

  const rung: number[] = [];
  class Counter {
    readonly #state: State;
    inMemory = 0;
    constructor(state: State) {
      this.#state = state;
    }
    async add(): Promise<[number, number]> {
      this.inMemory += 1;
      const stored = Number((await this.#state.storage.get("n")) ?? 0) + 1;
      await this.#state.storage.put("n", stored);
      return [this.inMemory, stored];
    }
    async ring(): Promise<void> {
      await this.#state.storage.setAlarm(1000);
    }
    async alarm(): Promise<void> {
      rung.push(runtime.nowMs);
      throw new Error("broken");
    }
  }

  const open = () => {
    const namespace = new ObjectNamespace(
      runtime,
      "Counter",
      () => Counter as never,
      () => ({}),
    );
    runtime.onBreak = (broken) => namespace.onBreak(broken);
    const stub = namespace.binding.getByName("one") as unknown as Pick<Counter, "add" | "ring">;
    const call = <T>(work: () => Promise<T>): Promise<T> =>
      drain(runtime.scheduler, runtime.invoke("bot", "test", work));
    return { namespace, stub, call };
  };

  test("a simulated Durable Object keeps its storage and loses its memory on eviction", async () => {
    const { namespace, stub, call } = open();
    await call(() => stub.add());
    expect(await call(() => stub.add())).toEqual([2, 2]);
    namespace.forgetInstances();
    expect(await call(() => stub.add())).toEqual([1, 3]);
  });

  test("a simulated alarm that throws is retried six times, then dropped", async () => {
    rung.length = 0;
    const { stub, call } = open();
    await call(() => stub.ring());
    await settle(3_600_000);
    expect(rung).toHaveLength(7);
    const gaps = rung.slice(1).map((atMs, index) => Math.round((atMs - (rung[index] ?? 0)) / 1000));
    expect(gaps).toEqual([2, 4, 8, 16, 32, 64]);
  });
});

describe("an invocation that breaks off", () => {
  test.each([
    ["before", ["first", "went on"]],
    ["after", ["first", "went on", "second"]],
  ] as const)("a simulated crash %s an operation ends its invocation with an error", async (side, expected) => {
    const crashAt = (operation: number) => (operation === 1 ? side : null);
    const faults = new Faults("platform", {});
    runtime = new Runtime({ seed: "platform", startMs: 0, faults, keepTrace: false, crashAt });
    const done: string[] = [];
    const broken = runtime.invoke("bot", "test", async () => {
      await runtime.operate("first", () => void done.push("first"));
      done.push("went on");
      await runtime.operate("second", () => void done.push("second"));
      done.push("never");
    });
    const failed = broken.then(String, String);
    await settle(10_000);
    expect(await failed).toContain(`crash ${side} second`);
    expect(done).toEqual(expected);
    expect(runtime.live.size).toBe(0);
  });

  test("a simulated invocation's work after the answer is aborted after 30 s", async () => {
    let wentOn = false;
    const answer = runtime.invokeRequest("bot", "test", (context) => {
      context.waitUntil(
        new Promise<void>((resolve) => {
          const own = currentInvocation();
          runtime.setTimeout(() => {
            wentOn = own === currentInvocation();
            resolve();
          }, 40_000);
        }),
      );
      return "answer";
    });
    expect(await answer).toBe("answer");
    await settle(60_000);
    expect(wentOn).toBe(false);
    expect(runtime.live.size).toBe(0);
  });
});

describe("KV", () => {
  const open = () => {
    const faults = new Faults("kv", { "KV shows an old value": 1 });
    runtime = new Runtime({ seed: "kv", startMs: 0, faults, keepTrace: false });
    const kv = createKv(runtime);
    return { kv, faults, now: <T>(work: Promise<T>) => drain(runtime.scheduler, work) };
  };

  test("simulated KV shows for a minute that a key was not there when somebody had looked", async () => {
    const { kv, faults, now } = open();
    expect(await now(kv.get("a"))).toBeNull();
    await now(kv.put("a", "first"));
    expect(await now(kv.get("a"))).toBeNull();
    runtime.scheduler.nowMs = 61_000;
    expect(await now(kv.get("a"))).toBe("first");
    expect(faults.struck).toHaveLength(1);
  });

  test("simulated KV shows for a minute what was removed when somebody had read it", async () => {
    const { kv, now } = open();
    await now(kv.put("a", "first"));
    expect(await now(kv.get("a"))).toBe("first");
    await now(kv.delete("a"));
    expect(await now(kv.get("a"))).toBe("first");
    runtime.scheduler.nowMs = 62_000;
    expect(await now(kv.get("a"))).toBeNull();
  });

  test("simulated KV refuses a second write of a key within a second", async () => {
    const { kv, now } = open();
    await now(kv.put("a", "first"));
    await expect(now(kv.put("a", "second"))).rejects.toThrow("429");
    await now(kv.put("b", "first"));
    runtime.scheduler.nowMs += 1000;
    await now(kv.put("a", "second"));
  });
});
