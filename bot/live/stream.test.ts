/** Events over plain HTTP: `GET /v2/stream`, and what both ways in refuse. */
import { env, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { Subject } from "../../shared/contract/live.ts";
import { createDeps } from "../env.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { StreamReader, callerOf, follow, happen, hubOf, notify, stream } from "../../test/support/bot/live-client.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";
import { connectRequest } from "./connect.ts";
import { connectWebSocket } from "./routes.ts";

const { viewer, author } = people;
const someone = (world: World) => callerOf(world.team, viewer);

describe("a stream", () => {
  test("a live stream sends new events with ids and names", async () => {
    const world = await createWorld();
    await happen(world.team, {});
    const response = await stream(someone(world));
    expect(response.headers.get("Content-Type")).toBe("text/event-stream");
    const reader = new StreamReader(response);
    const opened = await reader.until((text) => text.includes("connected"));
    expect(opened).toMatch(/^retry: 2000\nid: \d+\n/);
    const [id] = await happen(world.team, { type: "job.progress", data: { stage: "writing", percent: 40 } });
    await notify(world.team);
    const text = await reader.until((read) => read.includes("data: "));
    expect(text).toContain(`id: ${id}\nevent: job:progress\ndata: {"event":"job:progress"`);
    expect(text).toContain('"stage":"writing","percent":40');
    await reader.cancel();
  });

  test("a live stream continues after its reader's Last-Event-ID", async () => {
    const world = await createWorld();
    const ids = await happen(world.team, {}, {}, {}, {});
    for (let cut = 0; cut < ids.length; cut += 1) {
      const after = (ids[0] ?? 1) - 1 + cut;
      const reader = new StreamReader(await stream(someone(world), "", { "Last-Event-ID": String(after) }));
      await reader.until((text) => text.includes(`id: ${ids.at(-1)}\nevent`));
      expect(reader.ids).toEqual(ids.slice(cut));
      await reader.cancel();
    }
  });

  test("a live stream of a commit has no other events", async () => {
    const world = await createWorld();
    await world.run(
      [author, "stage update technology python-1 experience_years=8"],
      [author, "commit x"],
      [author, "stage update technology jquery-1 experience_years=8"],
      [author, "commit y"],
    );
    const reader = new StreamReader(await stream(someone(world), "?commit=2&lastEventId=0"));
    const text = await reader.until((read) => read.includes("commit:review_requested"));
    expect(text).toContain('"commit":2');
    expect(text).not.toContain('"commit":1');
    await reader.cancel();
  });

  test("a live stream sends a backlog longer than a reader takes at once", async () => {
    const world = await createWorld();
    const ids: number[] = [];
    while (ids.length < 500) ids.push(...(await happen(world.team, ...Array.from({ length: 100 }, () => ({})))));
    const reader = new StreamReader(await stream(someone(world), `?lastEventId=${(ids[0] ?? 1) - 1}`));
    await reader.until((text) => text.includes(`id: ${ids.at(-1)}\nevent`));
    expect(reader.ids).toEqual(ids);
    await reader.cancel();
  });

  test("a live stream ends when its proof expires", async () => {
    const world = await createWorld();
    const reader = new StreamReader(await stream({ ...someone(world), expiresAt: clock.iso(60_000) }));
    await reader.until((text) => text.includes("connected"));
    clock.advance(60_000);
    await runDurableObjectAlarm(hubOf(world.team));
    expect(await reader.until(() => false)).toContain("expired");
  });

  test("a live stream ends when its reader has read nothing for 30 s", async () => {
    const world = await createWorld();
    // More than the platform itself takes in advance.
    const text = "x".repeat(50_000);
    for (let page = 0; page < 10; page += 1) {
      await happen(world.team, ...Array.from({ length: 10 }, () => ({ data: { text } })));
    }
    const response = await stream(someone(world), "?lastEventId=0");
    await notify(world.team);
    clock.advance(30_000);
    await runDurableObjectAlarm(hubOf(world.team));
    await expect(response.text()).rejects.toThrow();
  });
});

test("a live stream sends what happens while it begins, without another event", async () => {
  const world = await createWorld();
  const [newest = 0] = await happen(world.team, {});
  const missed = await happen(world.team, {}, {});
  const to: Subject[] = [{ workspace: true }];
  const connect = connectRequest(
    { as: "stream", caller: someone(world), to, from: newest, newest },
    "0".repeat(31) + "1",
  );
  const reader = new StreamReader(await hubOf(world.team).fetch(connect));
  await reader.until((text) => text.includes(`id: ${missed.at(-1)}\nevent`));
  expect(reader.ids).toEqual(missed);
  await reader.cancel();
});

describe("a refused connection", () => {
  const problem = async (response: Response): Promise<unknown> => {
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    return response.json();
  };

  test.each([
    ["?job=nothing", { status: 404, code: "job_not_found" }],
    ["?commit=7", { status: 404, code: "commit_not_found" }],
    ["?commit=x", { status: 422, code: "invalid_request" }],
    ["?lastEventId=-1", { status: 422, code: "invalid_request" }],
    ["?jobs=1", { status: 422, code: "invalid_request" }],
    [`?${Array.from({ length: 101 }, (_, index) => `commit=${index + 1}`).join("&")}`, { status: 422 }],
  ])("a live stream of %s is refused with the reason", async (query, expected) => {
    const world = await createWorld();
    expect(await problem(await stream(someone(world), query))).toMatchObject(expected);
  });

  test("a live stream for a token without the read scope is refused", async () => {
    const world = await createWorld();
    const actor = { kind: "token", id: author, token: { id: "t", name: "t", scopes: ["stage"] } } as const;
    expect(await problem(await stream({ ...someone(world), actor }))).toMatchObject({
      status: 403,
      code: "insufficient_scope",
    });
  });

  test("plain HTTP to the WebSocket address is refused and names the stream", async () => {
    const world = await createWorld();
    const request = new Request("https://cv-ops.example.com/v2/ws");
    const refused = await problem(await connectWebSocket(createDeps(env), request, someone(world)));
    expect(refused).toMatchObject({ status: 426, detail: expect.stringContaining("/v2/stream") });
  });

  test("a WebSocket of another site is refused to a signed-in browser", async () => {
    const world = await createWorld();
    const caller = { ...someone(world), actor: { kind: "access", id: viewer } as const };
    // As Access has let them in: without an address their access counts as ended.
    const address = "INSERT INTO addresses VALUES (?1, 'viktor@example.com', ?2, ?3)";
    await env.DB.prepare(address).bind(world.team, viewer, clock.iso()).run();
    await expect(follow(caller, { Origin: "https://evil.example" })).rejects.toThrow("cross_origin");
    await expect(follow(caller)).rejects.toThrow("cross_origin");
    const client = await follow(caller, { Origin: createDeps(env).publicOrigin });
    await client.settled();
  });
});

test("a token that came as a subprotocol is not sent back", async () => {
  const world = await createWorld();
  const offered = "cv-ops.v2, cv-ops.token.cvops_secret";
  const headers = { Upgrade: "websocket", "Sec-WebSocket-Protocol": offered };
  const request = new Request("https://cv-ops.example.com/v2/ws", { headers });
  const response = await connectWebSocket(createDeps(env), request, someone(world));
  response.webSocket?.accept();
  expect(response.headers.get("Sec-WebSocket-Protocol")).toBe("cv-ops.v2");
});

test("a live connection ignores a caller that its request forges", async () => {
  const world = await createWorld();
  const other = await createWorld();
  const forged = encodeURIComponent(JSON.stringify({ as: "socket", caller: callerOf(other.team, "U0CARLA01") }));
  const client = await follow(someone(world), { "CV-Ops-Connect": forged });
  await client.subscribe({ workspace: true });
  await happen(other.team, {});
  await notify(other.team);
  const [id] = await happen(world.team, {});
  await notify(world.team);
  await client.settled();
  expect(client.ids).toEqual([id]);
});
