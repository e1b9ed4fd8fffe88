import { createExecutionContext, env, SELF, waitOnExecutionContext } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import worker from "../../index.ts";
import { signedSlackRequest, type SlackRequestOptions } from "../../../test/support/bot/slack-request.ts";
import { logged, slack, targets } from "../../../test/support/bot/stand-ins.ts";
import { botWith, createWorld, people, World } from "../../../test/support/bot/world.ts";

const stagePython = "stage update technology python-1 experience_years=8";

describe("a forged request", () => {
  const forged: [what: string, options: SlackRequestOptions, reason: string][] = [
    ["another secret", { secret: "somebody-else" }, "bad_signature"],
    ["no signature", { headers: { "x-slack-signature": null } }, "missing_header"],
    ["no timestamp", { headers: { "x-slack-request-timestamp": null } }, "missing_header"],
    ["a signature that is not hex", { headers: { "x-slack-signature": "v0=zz" } }, "bad_signature"],
    ["a signature of another version", { headers: { "x-slack-signature": `v1=${"0".repeat(64)}` } }, "bad_signature"],
    ["a timestamp that is not a number", { headers: { "x-slack-request-timestamp": "soon" } }, "bad_timestamp"],
    ["a timestamp 301 s old", { skewSeconds: -301 }, "too_old"],
    ["a timestamp 301 s in the future", { skewSeconds: 301 }, "too_new"],
    [
      "another timestamp than the signed one",
      { headers: { "x-slack-request-timestamp": "1930294801" } },
      "bad_signature",
    ],
  ];

  test.each(forged)("a Slack request with %s gets the same 401 and changes nothing", async (_what, options, reason) => {
    const world = await createWorld();
    const before = await world.facts();
    const response = await world.post(world.commandBody(people.author, stagePython), options);
    expect({ status: response.status, body: await response.text() }).toEqual({
      status: 401,
      body: "Invalid signature",
    });
    expect(await world.facts()).toBe(before);
    expect(logged.at(-1)).toEqual(expect.stringContaining(`"code":"unauthorized","because":"${reason}"`));
  });

  test("a Slack request whose body was not signed is refused", async () => {
    const world = await createWorld();
    const signed = signedSlackRequest(world.commandBody(people.author, "help"));
    const other = new URLSearchParams(world.commandBody(people.author, stagePython)).toString();
    const before = await world.facts();
    const response = await world.send(
      new Request(signed.url, { method: "POST", headers: signed.headers, body: other }),
    );
    expect(response.status).toBe(401);
    expect(await world.facts()).toBe(before);
  });

  test.each([300, -300])("a Slack request is accepted while the clocks differ by %i s", async (skewSeconds) => {
    const world = await createWorld();
    const response = await world.post(world.commandBody(people.author, stagePython), { skewSeconds });
    expect(response.status).toBe(200);
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });
});

describe("the same request twice", () => {
  const typed: [text: string, before: [user: string, text: string][], by: string][] = [
    [stagePython, [], people.author],
    ['commit -m "Skill updates"', [[people.author, stagePython]], people.author],
    [
      "approve 1",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
      ],
      people.approver,
    ],
    [
      "reject 1 no",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
      ],
      people.approver,
    ],
    [
      "drop 1",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
      ],
      people.author,
    ],
    [
      "reopen 1",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
      ],
      people.author,
    ],
    [
      "review 1",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
      ],
      people.author,
    ],
    ["unstage all", [[people.author, stagePython]], people.author],
    [
      "push 1 all",
      [
        [people.author, stagePython],
        [people.author, "commit x"],
        [people.approver, "approve 1"],
      ],
      people.approver,
    ],
    [
      "settings mode solo",
      [[people.admin, `roles <@${people.approver}> <@${people.otherApprover}> editor`]],
      people.admin,
    ],
    ["settings approvals 2", [], people.admin],
    ["stage create technology name=Rust category=Backend", [], people.author],
  ];

  test.each(typed)("a Slack request that comes twice changes nothing more: /cv %s", async (text, before, by) => {
    const world = await createWorld();
    for (const [user, line] of before) await world.command(user, line);
    const request = signedSlackRequest(world.commandBody(by, text));
    const untouched = await world.facts();
    const again = request.clone();
    expect((await world.send(request)).status).toBe(200);
    const after = await world.facts();
    expect(after).not.toBe(untouched);
    expect((await world.send(again)).status).toBe(200);
    expect(await world.facts()).toBe(after);
    await world.settle();
  });

  test("a Slack request that comes twice gets the same reply", async () => {
    const world = await createWorld();
    const body = world.commandBody(people.author, "stage create technology name=Rust category=Backend");
    const first = await (await world.post(body)).text();
    expect(first).toContain("Staged as change 1");
    expect(await (await world.post(body)).text()).toBe(first);
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });

  test("a Slack request that comes twice at once has one effect", async () => {
    const world = await createWorld();
    const body = world.commandBody(people.author, "stage create technology name=Rust category=Backend");
    const replies = await Promise.all([world.post(body), world.post(body), world.post(body)]);
    const texts = await Promise.all(replies.map((reply) => reply.text()));
    expect(await world.rows("staged_changes")).toHaveLength(1);
    expect(texts[0]).toContain("Staged as change 1");
    expect(new Set(texts).size).toBe(1);
  });
});

describe("other requests", () => {
  test("a url_verification is answered with its challenge", async () => {
    const request = signedSlackRequest(JSON.stringify({ type: "url_verification", challenge: "c0ffee" }));
    const response = await SELF.fetch(request);
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "c0ffee" });
  });

  test("a url_verification needs Slack's signature too", async () => {
    const request = signedSlackRequest(JSON.stringify({ type: "url_verification", challenge: "c0ffee" }), {
      secret: "x",
    });
    expect((await SELF.fetch(request)).status).toBe(401);
  });

  test.each([
    ["with a signature", {}],
    ["without a signature", { "x-slack-signature": null, "x-slack-request-timestamp": null }],
    ["of another content type", { "content-type": "Application/X-WWW-Form-Urlencoded; Charset=UTF-8" }],
  ])("an ssl_check of Slack %s is acknowledged", async (_how, headers) => {
    const response = await SELF.fetch(signedSlackRequest({ ssl_check: "1", token: "x" }, { headers }));
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "" });
  });

  test("an ssl_check that carries a command does nothing without a signature", async () => {
    const world = await createWorld();
    const before = await world.facts();
    const command = { ...world.commandBody(people.author, stagePython), ssl_check: "1" };
    const response = await world.post(command, { headers: { "x-slack-signature": null } });
    expect(await response.text()).toBe("");
    expect(await world.facts()).toBe(before);
  });

  test("a request without an end is cut off at 1 MiB, and nothing of it is looked at", async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const { url, headers } = signedSlackRequest({ ssl_check: "1" });
    const endless = new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
    endless.headers.delete("content-length");
    const response = await worker.fetch(endless, env, createExecutionContext());
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(1_300_000);
    expect(logged).toEqual([expect.stringContaining('"code":"too_large"')]);
  });

  test("a Slack request that says it is too large is refused before a byte of it is read", async () => {
    const { url, headers } = signedSlackRequest({ ssl_check: "1" });
    let isRead = false;
    const body = new ReadableStream(
      {
        pull: () => {
          isRead = true;
        },
      },
      { highWaterMark: 0 },
    );
    const large = new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
    large.headers.set("content-length", String(2 ** 21));
    const response = await worker.fetch(large, env, createExecutionContext());
    expect([response.status, isRead]).toEqual([413, false]);
  });

  test("a Slack payload that names no workspace is nobody's", async () => {
    const payload = { type: "shortcut", team: null, user: { id: "U1" }, callback_id: "x", trigger_id: "1" };
    const response = await SELF.fetch(signedSlackRequest({ payload: JSON.stringify(payload) }));
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "" });
    expect(logged.at(-1)).toContain('"code":"not_installed"');
  });

  test.each(["{", "[]", "null", '"text"'])("a Slack request with the body %s is malformed", async (body) => {
    expect((await SELF.fetch(signedSlackRequest(body))).status).toBe(400);
  });

  test.each([
    ["event", { type: "event_callback", team_id: "T1", event: { type: "tokens_revoked" } }],
    ["user", { type: "shortcut", team: { id: "T1" }, user: null, callback_id: "x", trigger_id: "1" }],
    [
      "user.id",
      { type: "shortcut", team: { id: "T1" }, user: { id: "constructor" }, callback_id: "x", trigger_id: "1" },
    ],
    [
      "actions",
      {
        type: "block_actions",
        team: { id: "T1" },
        user: { id: "U1" },
        trigger_id: "1",
        container: { type: "view" },
        actions: [],
      },
    ],
    [
      "view.state",
      {
        type: "view_submission",
        team: { id: "T1" },
        user: { id: "U1" },
        view: { id: "V1", type: "modal", callback_id: "reject", blocks: [], state: 7 },
      },
    ],
    [
      "view.state.values",
      {
        type: "view_submission",
        team: { id: "T1" },
        user: { id: "U1" },
        view: { id: "V1", type: "modal", blocks: [], state: { values: 7 } },
      },
    ],
  ])("a Slack payload whose %s is not as documented is refused", async (_path, payload) => {
    const world = await createWorld();
    const body = JSON.stringify({ ...payload }).replaceAll("T1", world.team);
    const response = await SELF.fetch(signedSlackRequest("event" in payload ? body : { payload: body }));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/^Not a request as Slack documents it: .*Nothing was done\.$/);
  });

  test("a Slack payload that is not JSON is malformed", async () => {
    expect((await SELF.fetch(signedSlackRequest({ payload: "{not json" }))).status).toBe(400);
  });

  test.each([
    [
      "an event",
      JSON.stringify({ type: "event_callback", team_id: "T1", event: { type: "app_mention", user: "U1", text: "hi" } }),
    ],
    ["nothing known", JSON.stringify({ team_id: "T1" })],
  ])("a Slack request with %s is acknowledged without a handler", async (_what, body) => {
    expect((await SELF.fetch(signedSlackRequest(body))).status).toBe(200);
  });

  test("an unknown address below /slack is answered with 404", async () => {
    const response = await SELF.fetch("https://cv-ops.internal/slack/nothing");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: "not_found" });
  });
});

describe("a slow command", () => {
  const workingNote = {
    response_type: "ephemeral",
    text: "Working on it. The answer usually follows in a moment, and within 15 minutes at the latest.",
  };

  test("a command that takes over 2.2 s is acknowledged with a note", { timeout: 15_000 }, async () => {
    const world = await createWorld();
    // By name: the targets are asked three times.
    for (const target of Object.values(targets)) target.delayMs = 1000;
    const ctx = createExecutionContext();
    const startedMs = performance.now();
    const body = world.commandBody(people.author, "stage update technology Python experience_years=8");
    const response = await worker.fetch(signedSlackRequest(body), env, ctx);
    const tookMs = performance.now() - startedMs;
    expect(await response.json()).toEqual(workingNote);
    expect(tookMs).toBeGreaterThan(2150);
    expect(tookMs).toBeLessThan(2950);
    expect(slack.answers).toEqual([]);

    await waitOnExecutionContext(ctx);
    expect(slack.answers).toHaveLength(1);
    expect(slack.answers[0]?.url).toBe(body["response_url"]);
    expect(slack.answers[0]?.payload).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining("Staged as change 1"),
    });
    expect(await world.rows("staged_changes")).toHaveLength(1);
    expect(logged.filter((line) => line.includes("slack.late"))).toHaveLength(1);
  });
});

describe("a workspace", () => {
  test("a workspace that has not installed the app gets a reply and no row", async () => {
    const world = new World();
    world.send = botWith({ SLACK_BOT_TOKEN: "" });
    const response = await world.post(world.commandBody(people.admin, "status"));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("CV Ops is not set up for this workspace");
    const click = { type: "block_actions", team: { id: world.team }, user: { id: people.admin }, actions: [] };
    const clicked = await world.post({ payload: JSON.stringify(click) });
    expect({ status: clicked.status, body: await clicked.text() }).toEqual({ status: 200, body: "" });
    expect(await world.rows("workspaces")).toEqual([]);
  });

  test("a workspace with the name of an object's property is unknown", async () => {
    const world = new World({ team: "constructor" });
    world.send = botWith({ SLACK_BOT_TOKEN: "", WORKSPACES: "{}" });
    const response = await world.post(world.commandBody(people.admin, "status"));
    expect(await response.text()).toContain("not set up");
  });
});

describe("an exception", () => {
  const broken = {
    prepare: env.DB.prepare.bind(env.DB),
    batch: () => Promise.reject(new Error("D1_ERROR: no such table: commits: SQLITE_ERROR")),
  };
  const secrets = ["local-signing-secret", "xoxb-local-cv-ops", "whsec_", "local-read"];

  test("an exception in a command replies with a trace id, without secrets", async () => {
    const world = new World();
    world.send = botWith({ DB: broken });
    const reply = await world.command(people.admin, stagePython);
    const traceId = /`([0-9a-f]{32})`/.exec(reply.said)?.[1];
    expect(reply.status).toBe(200);
    expect(reply.said).toContain("could not finish this");
    expect(reply.said).not.toContain("no such table");
    expect(traceId).toBeDefined();
    const line = logged.find((each) => each.includes("command.failed")) ?? "";
    expect(JSON.parse(line)).toMatchObject({ event: "command.failed", traceId });
    expect(line).toContain("no such table");
    for (const secret of secrets) expect(logged.join("\n")).not.toContain(secret);
  });

  test("an exception after a click is reported to the person who clicked", async () => {
    const world = await createWorld();
    await world.command(people.author, stagePython);
    await world.command(people.author, "commit x");
    await world.settle();
    world.send = botWith({ DB: broken });
    const { status, said } = await world.click(people.approver, world.message(/Commit #1/), "Approve");
    expect(status).toBe(200);
    expect(said).toMatch(/trace id: `[0-9a-f]{32}`/);
    for (const secret of secrets) expect(logged.join("\n")).not.toContain(secret);
  });
});
