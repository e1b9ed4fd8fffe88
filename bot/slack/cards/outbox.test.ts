/** How cards get to Slack, on a clock that only moves from alarm to alarm. */
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { cardShownStatements } from "../../../shared/storage/cards.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { createDeps } from "../../env.ts";
import { sweep } from "../../schedule.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { createWorld, people, type World } from "../../../test/support/bot/world.ts";

const { author, approver } = people;
const outboxOf = (world: World) => env.SLACK_OUTBOX.getByName(world.team);
const writes = () => slack.calls.filter(({ method }) => method.startsWith("chat."));

const committed = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, 'commit -m "Skill updates"'],
  );
  return world;
};

/** A push to both targets has started, and Slack shows it. */
const pushed = async (): Promise<World> => {
  const world = await committed();
  await world.run([approver, "approve 1"], [approver, "push 1 all"]);
  await world.settle();
  return world;
};

const card = async (world: World): Promise<Record<string, unknown>> => {
  const [first] = await world.rows("cards");
  if (!first) throw new Error("no card");
  return first;
};

/** One alarm, when it is due. */
const ring = async (world: World): Promise<void> => {
  const atMs = await runInDurableObject(outboxOf(world), (_object, state) => state.storage.getAlarm());
  if (atMs === null) throw new Error("no alarm stands");
  clock.to(atMs);
  await runDurableObjectAlarm(outboxOf(world));
};

describe("a card", () => {
  test("a card is posted once, then updated in place", async () => {
    const world = await committed();
    await world.settle();
    await world.run([approver, "approve 1"]);
    await world.settle();
    expect(writes().map(({ method }) => method)).toEqual(["chat.postMessage", "chat.update"]);
    expect(world.messages).toHaveLength(1);
    expect(await card(world)).toMatchObject({ desired_version: 2, shown_version: 2, ts: world.messages[0]?.ts });
  });

  test("a card that is up to date causes no call to Slack", async () => {
    const world = await committed();
    await world.settle();
    const before = writes().length;
    await outboxOf(world).wake(world.team);
    expect(await world.settle()).toBe(1);
    expect(writes()).toHaveLength(before);
  });

  test("a card that is invalidated many times is written once, with the newest state", async () => {
    const world = await committed();
    await world.run([approver, "approve 1"], [author, "drop 1"]);
    await world.settle();
    expect(writes()).toHaveLength(1);
    expect(textsOf(world.messages)).toContain("Dropped");
  });

  test("a card that changes while Slack writes it is written again", async () => {
    const world = await committed();
    const write = slack.fetch.bind(slack);
    let meanwhile: Promise<unknown> | null = null;
    slack.fetch = async (input, init) => {
      meanwhile ??= env.DB.prepare("UPDATE cards SET desired_version = desired_version + 1 WHERE workspace_id = ?1")
        .bind(world.team)
        .run();
      await meanwhile;
      return write(input, init);
    };
    await world.settle();
    slack.fetch = write;
    expect(writes().map(({ method }) => method)).toEqual(["chat.postMessage", "chat.update"]);
    expect(await card(world)).toMatchObject({ desired_version: 2, shown_version: 2 });
  });

  test("a card that was posted twice is updated in both messages", async () => {
    const world = await committed();
    await world.settle();
    const { id } = await card(world);
    const first = world.messages[0]?.ts ?? "";
    const shown = cardShownStatements(
      { workspaceId: world.team, id: String(id), desiredVersion: 1 },
      { channelId: world.channel, ts: "1.000001", newCardId: "card-again" },
      clock.iso(),
    );
    await writeQuietly(env.DB, shown);
    await writeQuietly(env.DB, shown);
    expect((await world.rows("cards")).map(({ ts, shown_version }) => [ts, shown_version])).toEqual([
      [first, 1],
      ["1.000001", 0],
    ]);
  });

  test("a card is posted 150 ms after the change, so that changes come together", async () => {
    const world = await committed();
    const startMs = clock.nowMs();
    await ring(world);
    expect(writes()[0]?.atMs).toBe(startMs + 150);
  });
});

describe("a push to two targets", () => {
  test("a push to two targets with 12 events needs at most 8 calls", async () => {
    const world = await committed();
    await world.run([approver, "approve 1"]);
    await world.settle();
    const before = writes().length;
    await world.run([approver, "push 1 all"]);
    await world.settle();
    const progress = (stage: string, percent: number) => ({ type: "job.progress" as const, stage, percent });
    // Each target reports in a burst, as it does: a small commit takes it a few milliseconds.
    await world.report("d1cv", progress("writing", 10));
    await world.report("d1cv", progress("writing", 50));
    await world.report("d1cv", progress("writing", 90));
    await world.report("d1cv", { type: "job.completed", result: applied() });
    await world.report("d1cv", { type: "job.verified", result: { d1Count: 66, vectorCount: null, synced: true } });
    await world.report("ai-agent", progress("writing", 50));
    await world.report("ai-agent", progress("indexing", 60));
    await world.report("ai-agent", progress("indexing", 80));
    await world.report("ai-agent", { type: "job.completed", result: applied(65) });
    await world.report("ai-agent", progress("indexing", 90));
    await world.report("ai-agent", { type: "job.searchable", vectorCount: 66 });
    await world.report("ai-agent", { type: "job.verified", result: { d1Count: 66, vectorCount: 66, synced: true } });
    await world.settle();

    expect(writes().length - before).toBeLessThanOrEqual(8);
    const parent = world.message(/Push #1/);
    const thread = world.messages.filter(({ threadTs }) => threadTs === parent.ts);
    expect(thread.map((message) => textsOf(message).split("\n")[0])).toEqual([
      expect.stringMatching(/^Pushed commit #1/),
      expect.stringMatching(/^d1cv: applied and verified/),
      expect.stringMatching(/^ai-agent: applied and verified/),
    ]);
    expect(textsOf(parent)).toContain("verified live");
    expect(
      (await world.rows("cards")).every(({ desired_version, shown_version }) => desired_version === shown_version),
    ).toBe(true);
  });

  test("a push whose events come one after the other needs at most 8 calls", async () => {
    const world = await pushed();
    const before = writes().length;
    for (let percent = 10; percent <= 60; percent += 10) {
      await world.report("d1cv", { type: "job.progress", stage: "writing", percent });
      clock.advance(50);
    }
    await world.settle();
    expect(writes().length - before).toBeLessThanOrEqual(3);
  });

  test("a push posts its card before its replies, even when the card waits", async () => {
    const world = await committed();
    await world.settle();
    slack.fail("chat.postMessage", { status: 500 }, { status: 500 });
    await world.run([approver, "approve 1"], [approver, "push 1 d1cv"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "x", message: "down" } });
    await world.settle();
    const parent = world.message(/Push #1/);
    const replies = world.messages.filter(({ threadTs }) => threadTs !== null);
    expect(replies.map(({ threadTs }) => threadTs)).toEqual([parent.ts, parent.ts]);
    const posts = writes().filter(({ method, outcome }) => method === "chat.postMessage" && outcome === "ok");
    expect(posts.map(({ args }) => args["thread_ts"] ?? null)).toEqual([null, null, parent.ts, parent.ts]);
  });
});

describe("a failure of Slack", () => {
  test("the outbox waits as long as Slack's rate limit says, and loses nothing", async () => {
    const world = await pushed();
    const before = writes().length;
    slack.fail("chat.update", { status: 429, retryAfter: 30 });
    await world.report("d1cv", { type: "job.completed", result: applied() });
    await world.settle();
    const after = writes().slice(before);
    const limited = after.findIndex(({ outcome }) => outcome.includes("429"));
    const [refused, ...rest] = after.slice(limited);
    expect(rest.length).toBeGreaterThan(0);
    for (const call of rest) expect(call.atMs - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(
      (await world.rows("cards")).every(({ desired_version, shown_version }) => desired_version === shown_version),
    ).toBe(true);
    expect(textsOf(world.messages)).toContain("d1cv: applied");
  });

  test.each(["ratelimited", "rate_limited"])("the outbox waits for %s without a time, too", async (error) => {
    const world = await committed();
    slack.fail("chat.postMessage", { error });
    await world.settle();
    const [first, second] = writes();
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(world.messages).toHaveLength(1);
  });

  test.each([
    ["answers 500", { status: 500 }],
    ["answers 503", { status: 503 }],
    ["is not reached", { network: "before" as const }],
    ["has an internal error", { error: "internal_error" }],
    ["is out of order", { error: "service_unavailable" }],
    ["answers with a page", { html: "<!DOCTYPE html><title>Slack</title>" }],
    ["says an error of messages that no list has", { error: "update_failed" }],
    ["says that the workspace sends too much", { error: "message_limit_exceeded" }],
  ])("the outbox retries a card later each time while Slack %s", async (_what, failure) => {
    const world = await committed();
    slack.fail("chat.postMessage", failure, failure, failure);
    await world.settle();
    const times = writes().map(({ atMs }) => atMs);
    expect(times).toHaveLength(4);
    const waits = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(world.messages).toHaveLength(1);
    expect(await card(world)).toMatchObject({ shown_version: 1, retired_reason: null });
  });

  test.each([
    ["channel_not_found", "chat.postMessage"],
    ["is_archived", "chat.postMessage"],
    ["not_in_channel", "chat.postMessage"],
    ["restricted_action_read_only_channel", "chat.postMessage"],
    ["message_not_found", "chat.update"],
    ["is_inactive", "chat.update"],
    ["cant_update_message", "chat.update"],
  ])("the outbox retires a card when Slack says %s", async (error, method) => {
    const world = await committed();
    if (method === "chat.update") {
      await world.settle();
      await world.run([approver, "approve 1"]);
    }
    slack.fail(method, { error });
    await world.settle();
    expect(await card(world)).toMatchObject({ retired_reason: error });
    const calls = writes().length;
    await world.run([author, "drop 1"]);
    await world.settle();
    expect(writes()).toHaveLength(calls);
    expect(logged.filter((line) => line.includes("slack_outbox.card_retired"))).toHaveLength(1);
  });

  test.each(["invalid_auth", "missing_scope", "token_revoked", "token_expired", "account_inactive"])(
    "the outbox retries after five minutes when Slack says %s",
    async (error) => {
      const world = await committed();
      slack.fail("chat.postMessage", { error });
      await ring(world);
      expect(await card(world)).toMatchObject({ retired_reason: null, shown_version: 0 });
      const beforeMs = clock.nowMs();
      await world.settle();
      expect(clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(299_000);
      expect(world.messages).toHaveLength(1);
    },
  );

  test("the outbox writes the other cards while Slack keeps failing on one", async () => {
    const world = await committed();
    await world.run([author, "stage delete technology jquery-1"], [author, "commit second"]);
    slack.fail("chat.postMessage", { error: "internal_error" });
    await ring(world);
    expect(world.messages.map((message) => textsOf(message))).toEqual([expect.stringContaining("second")]);
    await world.settle();
    expect(world.messages).toHaveLength(2);
  });

  test("the outbox sends a direct message when a new card has no channel", async () => {
    const world = await createWorld();
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
    slack.removeChannel(world.channel);
    await world.settle();
    const [told, ...more] = slack.messages.filter(({ channel }) => channel === `D${author.slice(1)}`);
    expect(more).toEqual([]);
    expect(textsOf(told ?? [])).toMatch(
      /Commit #1: 1 technology changed\.[^]*does not let me post there: it is private or gone\. Invite me/,
    );
  });

  test("the outbox writes the other cards when Slack has lost one", async () => {
    const world = await pushed();
    slack.delete(world.message(/^Commit #1/));
    await world.report("d1cv", { type: "job.completed", result: applied() });
    await world.settle();
    expect(textsOf(world.messages)).toContain("d1cv: applied");
    const ended = (await world.rows("cards")).filter(({ retired_reason }) => retired_reason !== null);
    expect(ended).toMatchObject([{ kind: "commit", retired_reason: "message_not_found" }]);
  });

  test("the outbox retires the replies of a push whose card Slack has lost", async () => {
    const world = await pushed();
    slack.delete(world.message(/Push #1/));
    await world.report("d1cv", { type: "job.completed", result: applied() });
    await world.settle();
    const stale = (await world.rows("cards")).filter(
      ({ desired_version, shown_version, retired_reason }) =>
        retired_reason === null && desired_version !== shown_version,
    );
    expect(stale).toEqual([]);
  });

  test("the outbox shows a plan as a section when Slack has no plan blocks", async () => {
    slack.unknownBlocks.add("plan");
    const world = await pushed();
    const plan = world.message(/Pushing commit #1/);
    expect(plan.blocks.map(({ type }) => type)).toEqual(["section"]);
    expect(logged.some((line) => line.includes("slack_outbox.fallback"))).toBe(true);
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 50 });
    await world.settle();
    expect(textsOf(plan)).toContain("d1cv: Writing rows (50 %)");
  });

  test.each(["invalid_blocks", "invalid_attachments", "only_one_table_allowed"])(
    "the outbox writes the text alone when Slack says %s to blocks and fallback",
    async (error) => {
      const world = await committed();
      slack.fail("chat.postMessage", { error }, { error }, { error });
      await world.settle();
      expect(world.messages.map(({ blocks }) => blocks.map(({ type }) => type))).toEqual([["section"]]);
      expect(await card(world)).toMatchObject({ retired_reason: null, shown_version: 1 });
    },
  );

  test("the outbox tries a card again that Slack takes in no form", async () => {
    const world = await committed();
    const refused = { error: "invalid_blocks" };
    slack.fail("chat.postMessage", refused, refused, refused);
    await world.settle();
    expect(world.messages).toHaveLength(1);
    expect(await card(world)).toMatchObject({ retired_reason: null, shown_version: 1, failures: 0, retry_at: null });
  });

  test("the outbox shows a commit in the newest kind of table that Slack takes", async () => {
    const kinds = async (...unknown: string[]): Promise<string[]> => {
      for (const type of unknown) slack.unknownBlocks.add(type);
      const world = await committed();
      await world.settle();
      return world.messages
        .flatMap(({ blocks }) => blocks.map(({ type }) => type))
        .filter((type) => /table/.test(type));
    };
    expect(await kinds()).toEqual(["data_table"]);
    expect(await kinds("data_table")).toEqual(["table"]);
    expect(await kinds("data_table", "table")).toEqual([]);
  });

  test("the outbox remembers for a day which blocks Slack does not take", async () => {
    slack.unknownBlocks.add("plan");
    const world = await pushed();
    const refusals = (): number => slack.calls.filter(({ outcome }) => outcome === "invalid_blocks").length;
    const before = refusals();
    expect(before).toBeGreaterThan(0);
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 50 });
    await world.settle();
    await evictDurableObject(outboxOf(world));
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 70 });
    await world.settle();
    expect(refusals()).toBe(before);
    slack.unknownBlocks.clear();
    clock.advance(25 * 60 * 60_000);
    await world.report("d1cv", { type: "job.completed", result: applied() });
    await world.settle();
    expect(world.message(/Pushing commit #1\./).blocks.map(({ type }) => type)).toEqual(["plan"]);
  });

  test("the outbox counts the forms that Slack refuses in the rate budget", async () => {
    const fourCommits = async (): Promise<number> => {
      const world = await createWorld();
      for (const name of ["A", "B", "C", "D"])
        await world.run([author, `stage create technology name=${name} category=Backend`], [author, `commit ${name}`]);
      const startMs = clock.nowMs();
      await world.settle();
      expect(world.messages).toHaveLength(4);
      return clock.nowMs() - startMs;
    };
    expect(await fourCommits()).toBeLessThan(1000);
    for (const type of ["data_table", "table"]) slack.unknownBlocks.add(type);
    // Two calls more than a burst allows.
    expect(await fourCommits()).toBeGreaterThanOrEqual(2000);
  });

  test("the outbox redraws a card that was given up when somebody clicks its message", async () => {
    const world = await committed();
    await world.settle();
    await world.run([approver, "approve 1"]);
    slack.fail("chat.update", { error: "channel_not_found" });
    await world.settle();
    expect(await card(world)).toMatchObject({ retired_reason: "channel_not_found" });
    const message = world.message(/^Commit #1/);
    expect(textsOf(message)).not.toContain("Approved by");
    await world.click(approver, message, "Approve");
    await world.settle();
    expect(textsOf(world.messages)).toContain("Approved by");
    expect(await card(world)).toMatchObject({ retired_reason: null });
  });

  test("the outbox does not slow other cards down for one that Slack never takes", async () => {
    const world = await committed();
    slack.fail("chat.postMessage", ...Array.from({ length: 6 }, () => ({ error: "not_yet_documented" })));
    const refusals = () => writes().filter(({ outcome }) => outcome !== "ok");
    while (refusals().length < 6) await ring(world);
    expect(await card(world)).toMatchObject({ failures: 6, shown_version: 0, retired_reason: null });
    await world.run([author, "stage delete technology jquery-1"], [author, "commit second"]);
    const beforeMs = clock.nowMs();
    await ring(world);
    expect(clock.nowMs() - beforeMs).toBeLessThan(1000);
    expect(textsOf(world.messages)).toContain("Commit #2");
  });

  test("the outbox does not follow a redirect of Slack with its token", async () => {
    const world = await committed();
    const write = slack.fetch.bind(slack);
    const asked: (string | undefined)[] = [];
    slack.fetch = (input, init) => {
      asked.push(init?.redirect);
      if (asked.length > 1) return write(input, init);
      return Promise.resolve(new Response(null, { status: 302, headers: { location: "https://evil.example/" } }));
    };
    await world.settle();
    slack.fetch = write;
    expect(asked).toEqual(["manual", "manual"]);
    expect(world.messages).toHaveLength(1);
  });

  test("the outbox posts a card again when Slack gave no answer", async () => {
    const world = await committed();
    slack.fail("chat.postMessage", { network: "after" });
    await world.settle();
    expect(world.messages).toHaveLength(2);
    expect(await card(world)).toMatchObject({ ts: world.messages[1]?.ts });
  });
});

describe("the outbox as a Durable Object", () => {
  test("the outbox continues after an eviction between two writes", async () => {
    const world = await committed();
    await ring(world);
    await world.run([approver, "approve 1"]);
    await world.evictOutbox();
    await world.settle();
    expect(world.messages).toHaveLength(1);
    expect(textsOf(world.messages)).toContain("Approved by");
  });

  test("the outbox keeps waiting for Slack's rate limit after an eviction", async () => {
    const world = await committed();
    slack.fail("chat.postMessage", { status: 429, retryAfter: 30 });
    await ring(world);
    await world.evictOutbox();
    // A change that comes meanwhile brings the alarm forward, and Slack is left alone all the same.
    await outboxOf(world).wake(world.team);
    await world.settle();
    expect(world.messages).toHaveLength(1);
    const [refused, taken] = writes();
    expect((taken?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  test("the outbox that has lost its alarm is woken by the sweep", async () => {
    const world = await committed();
    await runInDurableObject(outboxOf(world), (_object, state) => state.storage.deleteAll());
    await runInDurableObject(outboxOf(world), (_object, state) => state.storage.deleteAlarm());
    await evictDurableObject(outboxOf(world));
    expect(await world.settle()).toBe(0);
    expect(world.messages).toEqual([]);
    await sweep(createDeps(env));
    await world.settle();
    expect(world.messages).toHaveLength(1);
  });

  test("the outbox that was never woken has nothing to do", async () => {
    const stub = env.SLACK_OUTBOX.getByName("nobody");
    await runInDurableObject(stub, async (_object, state) => state.storage.setAlarm(clock.nowMs() + 1000));
    await runDurableObjectAlarm(stub);
    expect(await runInDurableObject(stub, (_object, state) => state.storage.getAlarm())).toBeNull();
  });

  test("the outbox continues after a failure of the database", async () => {
    const world = await committed();
    await env.DB.prepare("ALTER TABLE cards RENAME TO cards_away").run();
    await ring(world);
    expect(logged.some((line) => line.includes("slack_outbox.failed"))).toBe(true);
    await env.DB.prepare("ALTER TABLE cards_away RENAME TO cards").run();
    await world.settle();
    expect(world.messages).toHaveLength(1);
  });

  test("the outbox retires a card whose subject is gone", async () => {
    const world = await committed();
    await env.DB.prepare("UPDATE cards SET subject_id = 'nothing' WHERE workspace_id = ?1").bind(world.team).run();
    await world.settle();
    expect(await card(world)).toMatchObject({ retired_reason: "its subject is gone" });
    expect(writes()).toEqual([]);
  });

  test("the outbox writes the other cards when one cannot be rendered", async () => {
    const world = await committed();
    await world.run([author, "stage delete technology jquery-1"], [author, "commit two"]);
    // As another version has written it, with a state that this one does not have.
    const states = ["in_review", "another"] as const;
    await env.DB.batch(
      [states, states.toReversed()].map(([from, to]) =>
        env.DB.prepare("INSERT INTO state_edges (machine, from_state, to_state) VALUES ('review', ?1, ?2)").bind(
          from,
          to,
        ),
      ),
    );
    const setReview = (review: string) =>
      env.DB.prepare("UPDATE commits SET review = ?2 WHERE workspace_id = ?1 AND number = 1")
        .bind(world.team, review)
        .run();
    await setReview("another");
    await ring(world);
    expect(textsOf(world.messages)).toMatch(/^Commit #2/);
    expect(logged.some((line) => line.includes("slack_outbox.not_rendered"))).toBe(true);
    await setReview("in_review");
    await world.settle();
    expect(world.messages).toHaveLength(2);
  });

  test("the outbox writes cards with final states first", async () => {
    const world = await committed();
    await world.run(
      [author, "stage delete technology jquery-1"],
      [author, "commit two"],
      [author, "stage create technology name=Rust category=Backend"],
      [author, "commit three"],
      [author, "drop 3"],
    );
    await world.settle();
    expect(writes()[0]?.args["text"]).toContain("Commit #3");
  });

  test("the outbox posts once a second when 20 commits come at once", async () => {
    const world = await createWorld();
    for (let index = 0; index < 20; index += 1) {
      await world.run(
        [author, `stage create technology name=T${index} category=Backend`],
        [author, `commit "number ${index}"`],
      );
    }
    const startMs = clock.nowMs();
    await world.settle(200);
    expect(world.messages).toHaveLength(20);
    expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(16_000);
    expect(clock.nowMs() - startMs).toBeLessThan(25_000);
  });
});
