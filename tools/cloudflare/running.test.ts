/** The deployed Workers run, with the account's own data. */
import { describe, expect, test, vi } from "vitest";
import type { Cloudflare } from "./index.ts";
import { startCloudflare } from "./index.ts";
import { ask, formOf, put, startAccount, temporaryFolder } from "./testing/account.ts";

const textOf = async (cloudflare: Cloudflare, worker: string, path = "/"): Promise<string> =>
  (await fetch(`${await cloudflare.urlOf(worker)}${path}`)).text();

const createDatabase = async (cloudflare: Cloudflare): Promise<string> => {
  const { result } = await ask(cloudflare, "POST", "d1/database", { name: "rows" });
  return (result as { uuid: string }).uuid;
};

const query = async (cloudflare: Cloudflare, id: string, sql: string): Promise<unknown> => {
  const { result } = await ask(cloudflare, "POST", `d1/database/${id}/query`, { sql });
  return (result as { results: unknown }[]).at(-1)?.results;
};

const counter = (answer: string) => `
  import { DurableObject } from "cloudflare:workers";
  export class Counter extends DurableObject {
    async next() {
      const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
      await this.ctx.storage.put("count", count);
      return count;
    }
  }
  export default {
    async fetch(request, env) {
      const count = await env.COUNTER.getByName("one").next();
      return new Response("${answer} " + count);
    },
  };
`;
const counting = {
  bindings: [{ name: "COUNTER", type: "durable_object_namespace", class_name: "Counter" }],
  migrations: { new_tag: "v1", steps: [{ new_sqlite_classes: ["Counter"] }] },
};

describe("a deployed Worker at the stand-in of Cloudflare", () => {
  test("shares its database with the query endpoint, and keeps the rows over a deployment", async () => {
    const cloudflare = await startAccount();
    const id = await createDatabase(cloudflare);
    await query(cloudflare, id, "CREATE TABLE a (b)");
    const code = (word: string) => `export default { async fetch(request, env) {
      await env.DB.prepare("INSERT INTO a VALUES (?)").bind("${word}").run();
      return new Response("${word}");
    } }`;
    const bindings = [{ name: "DB", type: "d1", id }];
    await put(cloudflare, "worker", code("first"), { bindings });
    expect(await textOf(cloudflare, "worker")).toBe("first");
    await put(cloudflare, "worker", code("second"), { bindings });
    expect(await textOf(cloudflare, "worker")).toBe("second");
    expect(await query(cloudflare, id, "SELECT b FROM a")).toEqual([{ b: "first" }, { b: "second" }]);
  });

  test("keeps its objects over a deployment, shares them with another Worker, and loses them with its deletion", async () => {
    const cloudflare = await startAccount();
    await put(cloudflare, "owner", counter("owner"), counting);
    expect(await textOf(cloudflare, "owner")).toBe("owner 1");
    const [binding] = counting.bindings;
    const other = `export default { fetch: async (request, env) => new Response(await env.COUNTER.getByName("one").next()) }`;
    await put(cloudflare, "other", other, { bindings: [{ ...binding, script_name: "owner" }] });
    expect(await textOf(cloudflare, "other")).toBe("2");
    await put(cloudflare, "owner", counter("newer"), { bindings: counting.bindings });
    expect(await textOf(cloudflare, "owner")).toBe("newer 3");
    await ask(cloudflare, "DELETE", "workers/services/owner?force=true");
    await put(cloudflare, "owner", counter("again"), counting);
    expect(await textOf(cloudflare, "owner")).toBe("again 1");
  });

  test("goes on in another process with the same folder", async () => {
    const stateDirectory = temporaryFolder();
    const first = await startCloudflare({ stateDirectory });
    await put(first, "worker", counter("count"), counting);
    expect(await textOf(first, "worker")).toBe("count 1");
    await first.stop();
    const second = await startAccount({ stateDirectory });
    expect(await textOf(second, "worker")).toBe("count 2");
    expect(second.requests()[0]?.path).toContain("workers/scripts/worker");
  });

  test("is called by entrypoint, and does not run a version that is not deployed", async () => {
    const cloudflare = await startAccount();
    const target = (word: string) => `
      import { WorkerEntrypoint } from "cloudflare:workers";
      export class Rows extends WorkerEntrypoint { read() { return "${word}"; } }
      export default { fetch: () => new Response("default") };
    `;
    await put(cloudflare, "target", target("old rows"));
    const caller = "export default { fetch: async (request, env) => new Response(await env.ROWS.read()) }";
    const bindings = [{ name: "ROWS", type: "service", service: "target", entrypoint: "Rows" }];
    await put(cloudflare, "caller", caller, { bindings });
    const { result } = await ask(cloudflare, "POST", "workers/scripts/target/versions", formOf(target("new rows")));
    expect(await textOf(cloudflare, "caller")).toBe("old rows");
    const versions = [{ version_id: (result as { id: string }).id, percentage: 100 }];
    await ask(cloudflare, "POST", "workers/scripts/target/deployments", { strategy: "percentage", versions });
    expect(await textOf(cloudflare, "caller")).toBe("new rows");
  });

  test("gets what is queued for it, and its dead letters go on", async () => {
    const cloudflare = await startAccount();
    const queues = await Promise.all(
      ["jobs", "dead"].map(async (queue_name) => {
        const { result } = await ask(cloudflare, "POST", "queues", { queue_name });
        return (result as { queue_id: string }).queue_id;
      }),
    );
    const id = await createDatabase(cloudflare);
    await query(cloudflare, id, "CREATE TABLE got (queue, body)");
    const code = `export default {
      async fetch(request, env) { await env.JOBS.send("a job"); return new Response("sent"); },
      async queue(batch, env) {
        for (const { body } of batch.messages) await env.DB.prepare("INSERT INTO got VALUES (?, ?)").bind(batch.queue, body).run();
        if (batch.queue === "jobs") throw new Error("broken on purpose");
      },
    }`;
    const bindings = [
      { name: "JOBS", type: "queue", queue_name: "jobs" },
      { name: "DB", type: "d1", id },
    ];
    await put(cloudflare, "worker", code, { bindings });
    const settings = { batch_size: 1, max_retries: 0, max_wait_time_ms: 0 };
    for (const [at, queue] of queues.entries()) {
      const dead_letter_queue = at === 0 ? "dead" : undefined;
      const body = { type: "worker", script_name: "worker", dead_letter_queue, settings };
      expect((await ask(cloudflare, "POST", `queues/${queue}/consumers`, body)).success).toBe(true);
    }
    expect(await textOf(cloudflare, "worker")).toBe("sent");
    await vi.waitFor(
      async () =>
        expect(await query(cloudflare, id, "SELECT queue, body FROM got")).toEqual([
          { queue: "jobs", body: "a job" },
          { queue: "dead", body: "a job" },
        ]),
      { timeout: 10_000 },
    );
  });

  test("reaches Slack through the given handler, and nothing else on the network", async () => {
    const slack = vi.fn<(request: Request) => Promise<Response>>(async (request) =>
      Response.json({ ok: true, said: await request.text() }),
    );
    const cloudflare = await startAccount({ slack });
    const code = `export default { async fetch(request) {
      const answered = await fetch("https://slack.com/api/chat.postMessage", { method: "POST", body: "hello" });
      const other = await fetch("https://example.org/").then((answer) => answer.status);
      return Response.json({ ...(await answered.json()), other });
    } }`;
    await put(cloudflare, "worker", code);
    expect(JSON.parse(await textOf(cloudflare, "worker"))).toEqual({ ok: true, said: "hello", other: 530 });
    expect(slack.mock.calls[0]?.[0].url).toBe("https://slack.com/api/chat.postMessage");
  });

  test("is run by its cron, and sees its own version", async () => {
    const cloudflare = await startAccount();
    const { result } = await ask(cloudflare, "POST", "storage/kv/namespaces", { title: "cache" });
    const code = `export default {
      fetch: async (request, env) => new Response((await env.KV.get("cron")) + " " + env.VERSION.tag),
      scheduled: async ({ cron, scheduledTime }, env) => env.KV.put("cron", cron + " at " + scheduledTime),
    }`;
    const bindings = [
      { name: "KV", type: "kv_namespace", namespace_id: (result as { id: string }).id },
      { name: "VERSION", type: "version_metadata" },
    ];
    await put(cloudflare, "worker", code, { bindings, annotations: { "workers/tag": "v7" } });
    await cloudflare.scheduled("worker", "*/5 * * * *", new Date(60_000));
    expect(await textOf(cloudflare, "worker")).toBe("*/5 * * * * at 60000 v7");
  });

  test("writes data points and has its rate limited", async () => {
    const cloudflare = await startAccount();
    const code = `export default { async fetch(request, env) {
      env.FIGURES.writeDataPoint({ indexes: ["a"], doubles: [1] });
      const answers = [await env.LIMIT.limit({ key: "a" }), await env.LIMIT.limit({ key: "a" })];
      return Response.json(answers.map(({ success }) => success));
    } }`;
    const bindings = [
      { name: "FIGURES", type: "analytics_engine", dataset: "figures" },
      { name: "LIMIT", type: "ratelimit", namespace_id: "1", simple: { limit: 1, period: 60 } },
    ];
    expect((await put(cloudflare, "worker", code, { bindings })).error).toBeUndefined();
    expect(await textOf(cloudflare, "worker")).toBe("[true,false]");
  });

  test("is reached at its own address only when that is switched on, with WebSockets", async () => {
    const cloudflare = await startAccount();
    const code = `export default { fetch(request) {
      if (request.headers.get("upgrade") !== "websocket") return new Response(new URL(request.url).host);
      const { 0: client, 1: server } = new WebSocketPair();
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("echo " + data));
      return new Response(null, { status: 101, webSocket: client });
    } }`;
    await put(cloudflare, "worker", code);
    expect((await fetch(cloudflare.publicUrl)).status).toBe(404);
    await ask(cloudflare, "POST", "workers/scripts/worker/subdomain", { enabled: true });
    expect(await (await fetch(cloudflare.publicUrl)).text()).toBe(new URL(cloudflare.publicUrl).host);
    const socket = new WebSocket(cloudflare.publicUrl.replace("http", "ws"));
    const said = await new Promise((resolve) => {
      socket.addEventListener("open", () => socket.send("hello"));
      socket.addEventListener("message", ({ data }) => resolve(data));
    });
    socket.close();
    expect(said).toBe("echo hello");
  });
});
