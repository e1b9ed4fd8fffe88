/** What Cloudflare refuses, by requests in wrangler's shape. The sources are in the code, one line each. */
import { describe, expect, test } from "vitest";
import type { Cloudflare } from "./index.ts";
import { ask, formOf, put, startAccount } from "./testing/account.ts";

const worker = "export default { fetch: () => new Response('hi') }";
const withObject = `export class Counter {} ${worker}`;
const migration = { new_tag: "v1", steps: [{ new_sqlite_classes: ["Counter"] }] };

const createQueue = async (cloudflare: Cloudflare, queue_name: string): Promise<string> => {
  const { result } = await ask(cloudflare, "POST", "queues", { queue_name });
  return (result as { queue_id: string }).queue_id;
};

const consume = (cloudflare: Cloudflare, queueId: string, script_name: string, dead_letter_queue?: string) =>
  ask(cloudflare, "POST", `queues/${queueId}/consumers`, { type: "worker", script_name, dead_letter_queue });

describe("an upload to Cloudflare is refused", () => {
  test.each([
    ["a service binding to a missing Worker", { name: "A", type: "service", service: "missing" }, "10143"],
    [
      "a class of a missing Worker",
      { name: "A", type: "durable_object_namespace", class_name: "X", script_name: "missing" },
      "10061",
    ],
    ["a class without a migration", { name: "A", type: "durable_object_namespace", class_name: "Counter" }, "10061"],
    ["a database that does not exist", { name: "A", type: "d1", id: crypto.randomUUID() }, "10181"],
    ["a KV namespace that does not exist", { name: "A", type: "kv_namespace", namespace_id: "0".repeat(32) }, "10041"],
    ["a queue that does not exist", { name: "A", type: "queue", queue_name: "missing" }, "11000"],
    ["an index that does not exist", { name: "A", type: "vectorize", index_name: "missing" }, "10159"],
    ["a bucket that does not exist", { name: "A", type: "r2_bucket", bucket_name: "missing" }, "10085"],
    ["a secret of more than 5 kB", { name: "A", type: "secret_text", text: "x".repeat(5_121) }, "10054"],
    ["a variable of more than 5 kB", { name: "A", type: "plain_text", text: "x".repeat(5_121) }, "10054"],
    ["a required secret that is not set", { name: "A", type: "inherit" }, "10057"],
  ])("because of %s among its bindings", async (_, binding, code) => {
    const cloudflare = await startAccount();
    const { status, error } = await put(cloudflare, "worker", withObject, { bindings: [binding] });
    expect([status, error]).toEqual([400, expect.stringContaining(`[code: ${code}]`)]);
    expect(cloudflare.state().scripts).toEqual([]);
  });

  test("for a module that throws when it starts, with its place", async () => {
    const cloudflare = await startAccount();
    const { error } = await put(cloudflare, "worker", "const a = undefined;\na.b;\nexport default {};");
    expect(error).toBe(
      "Uncaught TypeError: Cannot read properties of undefined (reading 'b')\n  at index.js:2:3 [code: 10021]",
    );
  });

  test("for an entrypoint that the bound Worker does not have", async () => {
    const cloudflare = await startAccount();
    await put(cloudflare, "target", `export class Rows {} ${worker}`);
    const bind = (entrypoint: string) =>
      put(cloudflare, "worker", worker, { bindings: [{ name: "A", type: "service", service: "target", entrypoint }] });
    expect((await bind("Missing")).error).toContain("[code: 10144]");
    expect((await bind("Rows")).success).toBe(true);
  });

  test("for code that is too large when compressed, on the free plan sooner", async () => {
    const noise = Array.from({ length: 200_000 }, () => crypto.randomUUID()).join("");
    const code = `export const noise = "${noise}"; ${worker}`;
    const [free, paid] = await Promise.all([startAccount({ plan: "free" }), startAccount()]);
    expect((await put(free, "worker", code)).error).toContain("[code: 10027]");
    expect((await put(paid, "worker", code)).success).toBe(true);
  });

  test("for a limit of processor time on the free plan", async () => {
    const [free, paid] = await Promise.all([startAccount({ plan: "free" }), startAccount()]);
    const limits = { cpu_ms: 1000 };
    expect((await put(free, "worker", worker, { limits })).error).toContain("[code: 100328]");
    expect((await put(free, "worker", worker)).success).toBe(true);
    expect((await put(paid, "worker", worker, { limits })).success).toBe(true);
  });

  test("for a Durable Object class that is not kept in SQLite on the free plan", async () => {
    const cloudflare = await startAccount({ plan: "free" });
    const migrations = { new_tag: "v1", steps: [{ new_classes: ["Counter"] }] };
    expect((await put(cloudflare, "worker", withObject, { migrations })).error).toContain("[code: 10097]");
  });
});

describe("a Durable Object migration", () => {
  test("is refused for a class that is not exported, exists already, or by another tag", async () => {
    const cloudflare = await startAccount();
    expect((await put(cloudflare, "worker", worker, { migrations: migration })).error).toContain("[code: 10070]");
    expect((await put(cloudflare, "worker", withObject, { migrations: migration })).success).toBe(true);
    expect((await put(cloudflare, "worker", withObject, { migrations: migration })).error).toBe(
      "Migration tag precondition failed; current tag is 'v1' [code: 10079]",
    );
    const again = { ...migration, old_tag: "v1", new_tag: "v2" };
    expect((await put(cloudflare, "worker", withObject, { migrations: again })).error).toContain("[code: 10074]");
    expect((await put(cloudflare, "worker", worker)).error).toContain("[code: 10064]");
  });

  test("is refused in the upload of a version", async () => {
    const cloudflare = await startAccount();
    await put(cloudflare, "worker", withObject);
    const form = formOf(withObject, { migrations: migration });
    const { error } = await ask(cloudflare, "POST", "workers/scripts/worker/versions", form);
    expect(error).toContain("migrations must be fully applied via a non-versioned deployment");
    expect(error).toContain("[code: 10211]");
  });

  test("stands in the way of a deployment of an older version", async () => {
    const cloudflare = await startAccount();
    await put(cloudflare, "worker", withObject);
    const older = cloudflare.state().scripts[0]?.versions[0]?.id;
    await put(cloudflare, "worker", withObject, { migrations: migration });
    const { status, error } = await ask(cloudflare, "POST", "workers/scripts/worker/deployments", {
      strategy: "percentage",
      versions: [{ version_id: older, percentage: 100 }],
    });
    expect([status, error]).toEqual([400, expect.stringContaining("Durable Object migration")]);
  });
});

describe("a queue of Cloudflare", () => {
  const consumer = "export default { queue() {} }";

  test("is refused by a name that is taken or not well formed", async () => {
    const cloudflare = await startAccount();
    await createQueue(cloudflare, "jobs");
    expect((await ask(cloudflare, "POST", "queues", { queue_name: "jobs" })).error).toContain("[code: 11009]");
    expect((await ask(cloudflare, "POST", "queues", { queue_name: "my_jobs" })).error).toContain("[code: 11003]");
  });

  test("has one consumer, and a Worker without a handler is none", async () => {
    const cloudflare = await startAccount();
    const id = await createQueue(cloudflare, "jobs");
    await Promise.all([
      put(cloudflare, "one", consumer),
      put(cloudflare, "other", consumer),
      put(cloudflare, "none", worker),
    ]);
    expect((await consume(cloudflare, id, "none")).error).toContain("[code: 11001]");
    expect((await consume(cloudflare, id, "one")).success).toBe(true);
    expect((await consume(cloudflare, id, "other")).error).toContain("[code: 11004]");
  });

  test("cannot be deleted while a Worker is bound to it or another queue's dead letters go to it", async () => {
    const cloudflare = await startAccount();
    const [jobs, dead] = [await createQueue(cloudflare, "jobs"), await createQueue(cloudflare, "dead")];
    await put(cloudflare, "worker", consumer, { bindings: [{ name: "Q", type: "queue", queue_name: "jobs" }] });
    await consume(cloudflare, jobs, "worker", "dead");
    expect((await ask(cloudflare, "DELETE", `queues/${dead}`)).error).toContain("serves as dead letter queue");
    expect((await ask(cloudflare, "DELETE", `queues/${jobs}`)).error).toContain("from the Workers 'worker'");
    expect((await put(cloudflare, "worker", worker)).error).toContain("Queue handler is missing");
    await put(cloudflare, "worker", consumer);
    expect((await ask(cloudflare, "DELETE", `queues/${jobs}`)).success).toBe(true);
    expect((await ask(cloudflare, "DELETE", `queues/${dead}`)).success).toBe(true);
  });

  test("keeps its consumer from being deleted, even by force", async () => {
    const cloudflare = await startAccount();
    const id = await createQueue(cloudflare, "jobs");
    await put(cloudflare, "worker", consumer);
    const { result } = await consume(cloudflare, id, "worker");
    expect((await ask(cloudflare, "DELETE", "workers/services/worker?force=true")).error).toContain("[code: 10064]");
    await ask(cloudflare, "DELETE", `queues/${id}/consumers/${(result as { consumer_id: string }).consumer_id}`);
    expect((await ask(cloudflare, "DELETE", "workers/services/worker?force=true")).success).toBe(true);
  });
});

describe("a Worker that others need", () => {
  test("is deleted by force alone", async () => {
    const cloudflare = await startAccount();
    await put(cloudflare, "target", worker);
    await put(cloudflare, "worker", worker, { bindings: [{ name: "A", type: "service", service: "target" }] });
    expect((await ask(cloudflare, "DELETE", "workers/services/target?force=false")).error).toContain("[code: 10064]");
    expect((await ask(cloudflare, "DELETE", "workers/services/target?force=true")).success).toBe(true);
  });
});

describe("who asks Cloudflare", () => {
  test("is refused without a token, with a wrong one, and for the account of somebody else", async () => {
    const cloudflare = await startAccount();
    const wrong = { ...cloudflare, environment: { CLOUDFLARE_API_TOKEN: "wrong" } };
    expect((await ask(wrong, "GET", "queues")).error).toBe("Authentication error [code: 10000]");
    const foreign = { ...cloudflare, accountId: "a".repeat(32) };
    expect((await ask(foreign, "GET", "queues")).error).toBe("Authentication error [code: 10000]");
    expect((await ask(foreign, "GET", "d1/database")).error).toContain("[code: 7403]");
    const user = await fetch(`${cloudflare.apiUrl}/user`, { headers: { authorization: "Bearer wrong" } });
    expect(await user.json()).toMatchObject({ errors: [{ code: 9109 }] });
    const nobody = await fetch(`${cloudflare.apiUrl}/user`);
    expect(await nobody.json()).toMatchObject({ errors: [{ code: 9106 }] });
  });
});

describe("cron triggers of Cloudflare", () => {
  const schedule = (cloudflare: Cloudflare, crons: string[]) =>
    ask(
      cloudflare,
      "PUT",
      "workers/scripts/worker/schedules",
      crons.map((cron) => ({ cron })),
    );

  test("are refused when invalid, and beyond five on the free plan", async () => {
    const cloudflare = await startAccount({ plan: "free" });
    await put(cloudflare, "worker", worker);
    expect((await schedule(cloudflare, ["0 22 * * 0"])).error).toBe("invalid cron string [code: 10100]");
    expect(
      (
        await schedule(
          cloudflare,
          Array.from({ length: 6 }, () => "* * * * *"),
        )
      ).error,
    ).toContain("[code: 10072]");
    expect((await schedule(cloudflare, ["* * * * *"])).success).toBe(true);
  });
});

describe("D1's query endpoint", () => {
  const create = async (cloudflare: Cloudflare): Promise<string> => {
    const { result } = await ask(cloudflare, "POST", "d1/database", { name: "rows" });
    return `d1/database/${(result as { uuid: string }).uuid}/query`;
  };

  test("takes 100 bound parameters and 100 kB in a statement, and no more", async () => {
    const cloudflare = await startAccount();
    const path = await create(cloudflare);
    const many = (count: number) => ({
      sql: `SELECT ${Array.from({ length: count }, () => "?").join(", ")}`,
      params: Array.from({ length: count }, () => 1),
    });
    expect((await ask(cloudflare, "POST", path, many(100))).success).toBe(true);
    expect((await ask(cloudflare, "POST", path, many(101))).error).toContain("too many SQL variables");
    const long = { sql: `SELECT '${"x".repeat(100_000)}'` };
    expect((await ask(cloudflare, "POST", path, long)).error).toBe("statement too long: SQLITE_TOOBIG [code: 7500]");
  });

  test("does all of a text's statements or none", async () => {
    const cloudflare = await startAccount();
    const path = await create(cloudflare);
    const { status, error } = await ask(cloudflare, "POST", path, { sql: "CREATE TABLE a (b); SELECT * FROM missing" });
    expect([status, error]).toEqual([400, "no such table: missing: SQLITE_ERROR [code: 7500]"]);
    expect((await ask(cloudflare, "POST", path, { sql: "SELECT * FROM a" })).error).toContain("no such table: a");
  });

  test("is made for a place or a jurisdiction that D1 has, and no other", async () => {
    const cloudflare = await startAccount();
    const make = (name: string, where: object) => ask(cloudflare, "POST", "d1/database", { name, ...where });
    for (const jurisdiction of ["eu", "fedramp", "us"]) {
      expect((await make(jurisdiction, { jurisdiction })).result).toMatchObject({ jurisdiction });
    }
    expect((await make("oc", { primary_location_hint: "oc" })).result).toMatchObject({ running_in_region: "OC" });
    expect((await make("mars", { primary_location_hint: "mars" })).error).toContain("[code: 7400]");
  });

  test("refuses an eleventh database on the free plan, and a name that is taken", async () => {
    const cloudflare = await startAccount({ plan: "free" });
    for (const at of Array.from({ length: 10 }, (_, index) => index)) {
      await ask(cloudflare, "POST", "d1/database", { name: `rows-${at}` });
    }
    expect((await ask(cloudflare, "POST", "d1/database", { name: "rows-1" })).error).toContain("[code: 7502]");
    expect((await ask(cloudflare, "POST", "d1/database", { name: "more" })).error).toContain("[code: 7406]");
  });
});

test("a fault that was asked for answers the next requests that fit, and no others", async () => {
  const cloudflare = await startAccount();
  cloudflare.fail({ method: "POST", path: /\/queues$/, status: 500, code: 10013, message: "broken", times: 1 });
  expect((await ask(cloudflare, "GET", "queues")).success).toBe(true);
  expect((await ask(cloudflare, "POST", "queues", { queue_name: "jobs" })).error).toBe("broken [code: 10013]");
  expect((await ask(cloudflare, "POST", "queues", { queue_name: "jobs" })).success).toBe(true);
});
