/** Clicks on cards, as Slack sends them. */
import { describe, expect, test } from "vitest";
import { clock } from "../../test/support/bot/clock.ts";
import type { PostedMessage } from "../../test/support/slack/fake-slack.ts";
import { Screen } from "../../test/support/bot/screen.ts";
import { signedSlackRequest } from "../../test/support/bot/slack-request.ts";
import { logged, slack } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { createWorld, people, type World } from "../../test/support/bot/world.ts";
import { encodeButton } from "./core/buttons/codec.ts";

const { admin, author, approver, otherApprover, viewer } = people;

/** A commit in review and its card. */
const inReview = async (): Promise<{ world: World; card: PostedMessage }> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "stage create technology name=Rust category=Backend"],
    [author, 'commit -m "Skill updates"'],
  );
  await world.settle();
  return { world, card: world.message(/Commit #1/) };
};

const approved = async () => {
  const { world, card } = await inReview();
  await world.click(approver, card, "Approve");
  await world.settle();
  return { world, card };
};

const failedPush = async () => {
  const { world, card } = await approved();
  await world.click(approver, card, "Push to all");
  await world.report("d1cv", { type: "job.failed", error: { code: "unavailable", message: "down" } });
  await world.settle();
  return { world, card };
};

describe("a click", () => {
  test("a click on Approve approves, sends no reply and rewrites the card", async () => {
    const { world, card } = await inReview();
    const clicked = await world.click(approver, card, "Approve");
    expect(clicked).toEqual({ status: 200, answers: [], said: "" });
    expect(await world.rows("commits")).toMatchObject([{ review: "approved" }]);
    expect(await world.rows("approvals")).toMatchObject([{ decision: "approved", decided_by: approver }]);
    await world.settle();
    expect(textsOf(card)).toContain(`Approved by <@${approver}>`);
    expect(textsOf(card)).toContain("Push to all");
    expect(textsOf(card)).not.toMatch(/^Approve$/m);
  });

  test("a click on Reject asks for the reason, and rejects with it", async () => {
    const { world, card } = await inReview();
    const screen = new Screen(world, approver);
    expect(await world.click(approver, card, "Reject")).toEqual({ status: 200, answers: [], said: "" });
    expect(await world.rows("commits")).toMatchObject([{ review: "in_review" }]);
    await screen.submit({ reason: "Python is <7> years" });
    expect(screen.said).toContain("Rejected commit *#1*: Python is &lt;7&gt; years");
    expect(await world.rows("commits")).toMatchObject([{ review: "rejected" }]);
    await world.settle();
    expect(textsOf(card)).toContain(`Rejected by <@${approver}>`);
    expect(textsOf(card)).toContain("Python is &lt;7&gt; years");
    expect(textsOf(card)).not.toMatch(/^Reject$/m);
  });

  test("a click on Details opens a modal for whoever clicks", async () => {
    const { world, card } = await inReview();
    const before = await world.facts();
    expect(await world.click(viewer, card, "Details")).toEqual({ status: 200, answers: [], said: "" });
    expect(slack.views.stack).toHaveLength(1);
    expect(slack.views.stack[0]?.view).toMatchObject({ type: "modal", title: { text: "Commit #1" } });
    expect(textsOf(slack.views.stack[0]?.view)).toContain("Years of experience: ~5~ → *8*");
    expect(await world.facts()).toBe(before);
  });

  test("a click on Details that took over 3 s says so", async () => {
    const { world, card } = await inReview();
    slack.fail("views.open", { error: "expired_trigger_id" });
    const { said } = await world.click(viewer, card, "Details");
    expect(said).toContain("Slack allows three seconds to open a form, and they had passed. Nothing was changed");
  });

  test.each([
    ["Push to all", ["d1cv", "ai-agent"]],
    ["Push to d1cv", ["d1cv"]],
    ["Push to ai-agent", ["ai-agent"]],
  ])("a click on %s pushes to %s", async (label, expected) => {
    const { world, card } = await approved();
    expect((await world.click(approver, card, label)).answers).toEqual([]);
    expect((await world.rows("jobs")).map(({ target }) => target)).toEqual(expected);
    await world.queued();
    await world.settle();
    expect(textsOf(card)).not.toContain("Push to");
    expect(textsOf(card)).toContain(`On its way to ${expected[0]}`);
  });

  test("a click on the remaining push button pushes the rest", async () => {
    const { world, card } = await approved();
    await world.click(approver, card, "Push to d1cv");
    await world.report("d1cv", {
      type: "job.completed",
      result: { inserted: 1, updated: 1, deleted: 0, d1Count: 3, vectorCount: null, synced: null },
    });
    await world.settle();
    expect(textsOf(card)).toContain("Applied to d1cv so far.");
    await world.click(approver, card, "Push to ai-agent");
    expect((await world.rows("jobs")).map(({ target }) => target)).toEqual(["d1cv", "ai-agent"]);
  });

  test.each([
    ["the outcome", /d1cv.*failed: down/],
    ["the push card", /Push #1/],
  ])("a click on Retry of %s sends the job again", async (_where, pattern) => {
    const { world } = await failedPush();
    expect((await world.click(approver, world.message(pattern), "Retry")).answers).toEqual([]);
    expect(await world.rows("jobs")).toMatchObject([
      { state: "pending", attempt: 2 },
      { state: "pending", attempt: 1 },
    ]);
    expect(await world.queued(2)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    await world.settle();
    expect(textsOf(world.message(/attempt 1 failed and was tried again/))).not.toMatch(/^Retry$/m);
  });
});

describe("a click without permission", () => {
  const clicks: [userId: string, label: string, given: typeof inReview, pattern: RegExp, expected: RegExp][] = [
    [author, "Approve", inReview, /Commit #1/, /Only an approver may approve; you are an editor\. Ask .*<@U0PRIYA01>/],
    [viewer, "Approve", inReview, /Commit #1/, /Only an approver may approve; you are a viewer/],
    [viewer, "Reject", inReview, /Commit #1/, /Only an approver may reject/],
    [author, "Push to all", approved, /Commit #1/, /Only an approver may push/],
    [author, "Retry", failedPush, /failed: down/, /Only an approver may retry a push/],
  ];

  test.each(clicks)(
    "a click by %s on %s is refused, names who may, and changes nothing",
    async (userId, label, given, pattern, expected) => {
      const { world } = await given();
      const before = await world.facts();
      const { status, said } = await world.click(userId, world.message(pattern), label);
      expect(status).toBe(200);
      expect(said).toMatch(expected);
      expect(await world.facts()).toBe(before);
    },
  );

  test("a click on Approve by the author is refused, even as an admin", async () => {
    const world = await createWorld();
    await world.run([admin, "stage update technology python-1 experience_years=8"], [admin, "commit x"]);
    await world.settle();
    const before = await world.facts();
    const { said } = await world.click(admin, world.message(/Commit #1/), "Approve");
    expect(said).toContain("You wrote commit #1, so somebody else has to approve it");
    expect(await world.facts()).toBe(before);
  });

  test("a click on Approve by a former approver is refused", async () => {
    const { world, card } = await inReview();
    await world.grant(approver, "viewer");
    expect((await world.click(approver, card, "Approve")).said).toContain("Only an approver may approve");
    expect(await world.rows("commits")).toMatchObject([{ review: "in_review" }]);
  });
});

describe("a late click", () => {
  test.each(["commit.approve", "commit.reject"] as const)(
    "a click on %s with the hash of other content changes nothing",
    async (action) => {
      const { world, card } = await inReview();
      const before = await world.facts();
      const stale = encodeButton(action, { number: 1, seenHash: "0".repeat(64) });
      const { said } = await world.click(approver, card, stale);
      expect(said).toContain(
        "Commit #1 has changed since you looked at it. Look at it again, then decide. `/cv show 1` shows it",
      );
      expect(await world.facts()).toBe(before);
    },
  );

  test("a click on Approve twice by one person approves once", async () => {
    const { world, card } = await inReview();
    const shown = structuredClone(card);
    const both = await Promise.all([world.click(approver, shown, "Approve"), world.click(approver, shown, "Approve")]);
    expect(await world.rows("approvals")).toHaveLength(1);
    expect(both.map(({ said }) => said).filter((said) => said !== "")).toHaveLength(1);
    expect(both.map(({ said }) => said).join("")).toContain(`was approved already by <@${approver}>`);
  });

  test("a click on Push twice starts one push", async () => {
    const { world, card } = await approved();
    const shown = structuredClone(card);
    const both = await Promise.all([
      world.click(approver, shown, "Push to all"),
      world.click(otherApprover, shown, "Push to all"),
    ]);
    expect(await world.rows("pushes")).toHaveLength(1);
    expect(await world.rows("jobs")).toHaveLength(2);
    expect(both.filter(({ said }) => said !== "")).toHaveLength(1);
  });

  test("a click and a command that decide at once: one decides, and is named", async () => {
    const { world, card } = await inReview();
    const shown = structuredClone(card);
    const [first, second] = await Promise.all([
      world.click(approver, shown, "Approve"),
      world.command(otherApprover, "reject 1 no"),
    ]);
    const [commit] = await world.rows("commits");
    const decisions = await world.rows("approvals");
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.["decision"]).toBe(commit?.["review"]);
    const told = [first, second].map(({ said }) => said).filter((said) => said.includes(":warning:"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(
      `Commit #1 was ${String(commit?.["review"])} already by <@${String(decisions[0]?.["decided_by"])}>`,
    );
  });

  test("a click on the card of a dropped commit changes nothing", async () => {
    const { world, card } = await inReview();
    const shown = structuredClone(card);
    await world.run([author, "drop 1"]);
    const before = await world.facts();
    expect((await world.click(approver, shown, "Approve")).said).toContain("Commit #1 is not in review: it is dropped");
    expect(await world.facts()).toBe(before);
  });

  test("a click that Slack repeats changes nothing", async () => {
    const { world, card } = await approved();
    const { payload } = world.clickPayload(approver, card, "Push to all");
    const request = signedSlackRequest({ payload: JSON.stringify(payload) });
    const again = request.clone();
    await world.send(request);
    const before = await world.facts();
    clock.advance(299_000);
    expect((await world.send(again)).status).toBe(200);
    expect(await world.facts()).toBe(before);
  });
});

describe("a forged click", () => {
  const hash = "0".repeat(64);

  test.each([
    [
      "another commit's number",
      encodeButton("commit.approve", { number: 99, seenHash: hash }),
      /There is no commit #99/,
    ],
    [
      "a push of what is not approved",
      encodeButton("commit.push", { number: 1, target: "all" }),
      /Commit #1 is not approved yet/,
    ],
    ["a retry of what has not failed", encodeButton("push.retry", { number: 1 }), /No push of commit #1 has failed/],
    ["a diff of nothing", encodeButton("commit.diff", { number: 99 }), /There is no commit #99/],
  ])("a forged click with %s changes nothing", async (_what, button, expected) => {
    const { world, card } = await inReview();
    const before = await world.facts();
    const { said } = await world.click(approver, card, button);
    expect(said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });

  test.each([
    ["mars", /`mars` is not a target/],
    ["<!channel>", /`&lt;!channel&gt;` is not a target/],
    ["constructor", /`constructor` is not a target/],
    ["", /`` is not a target/],
  ])("a forged click to push to %j changes nothing", async (target, expected) => {
    const { world, card } = await approved();
    const before = await world.facts();
    expect((await world.click(approver, card, encodeButton("commit.push", { number: 1, target }))).said).toMatch(
      expected,
    );
    expect(await world.facts()).toBe(before);
  });

  test.each([
    ["garbage", { action_id: "commit.approve", value: "garbage" }],
    ["no value", { action_id: "commit.approve", value: "" }],
    ["an action that is none", { action_id: "commit.destroy", value: '{"n":1}' }],
    ["a target that is not the action's", { action_id: "commit.push:d1cv", value: '{"n":1,"t":"ai-agent"}' }],
  ])("a forged click with %s is acknowledged, logged and changes nothing", async (_what, button) => {
    const { world, card } = await inReview();
    const before = await world.facts();
    expect(await world.click(approver, card, button)).toEqual({ status: 200, answers: [], said: "" });
    expect(await world.facts()).toBe(before);
    expect(logged.at(-1)).toContain("action.unknown");
  });
});

describe("a click on an unknown card", () => {
  /** The post arrives, its answer does not: the outbox posts again. */
  const twice = async () => {
    const world = await createWorld();
    slack.fail("chat.postMessage", { network: "after" });
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
    await world.settle();
    const [unknown, known] = world.messages;
    if (!unknown || !known) throw new Error("the card was not posted twice");
    expect(await world.rows("cards")).toHaveLength(1);
    return { world, unknown, known };
  };

  test.each(["Approve", "Reject", "Details"])("a click on %s of an unknown card reconciles the card", async (label) => {
    const { world, unknown, known } = await twice();
    await world.click(approver, unknown, label);
    await world.settle();
    expect(await world.rows("cards")).toMatchObject([{ ts: known.ts }, { ts: unknown.ts, kind: "commit" }]);
    await world.run([author, "drop 1"]);
    await world.settle();
    expect(textsOf(unknown)).toContain("Dropped");
    expect(textsOf(known)).toContain("Dropped");
    expect(await world.rows("cards")).toHaveLength(2);
  });

  test("a click on an unknown card rewrites it, even when nothing changes", async () => {
    const { world, unknown } = await twice();
    const edits = unknown.edits;
    await world.click(viewer, unknown, "Details");
    await world.settle();
    expect(unknown.edits).toBe(edits + 1);
  });

  test("a click before Slack's answer to the post reconciles the waiting card", async () => {
    const world = await createWorld();
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
    const ts = "1930294800.999999";
    const early: PostedMessage = {
      channel: world.channel,
      ts,
      threadTs: null,
      broadcast: false,
      ephemeralFor: null,
      token: "xoxb-local-cv-ops",
      text: "x",
      blocks: [],
      edits: 0,
    };
    slack.show(early);
    await world.click(approver, early, encodeButton("commit.approve", { number: 1 }));
    await world.settle();
    expect(await world.rows("cards")).toMatchObject([{ ts }]);
    expect(world.messages).toHaveLength(1);
    expect(textsOf(early)).toContain("Approved by");
  });

  test("two clicks on an unknown card reconcile it once", async () => {
    const { world, unknown } = await twice();
    await Promise.all([
      world.click(viewer, unknown, "Details"),
      world.click(approver, unknown, "Details"),
      world.click(author, unknown, "Details"),
    ]);
    expect(await world.rows("cards")).toHaveLength(2);
  });

  test("a click on Retry of an unknown push card reconciles it", async () => {
    const { world } = await failedPush();
    const copy: PostedMessage = { ...world.message(/Push #1/), ts: "1930294900.000001", edits: 0 };
    slack.show(copy);
    await world.click(approver, copy, "Retry");
    await world.settle();
    expect(copy.edits).toBe(1);
    expect(textsOf(copy)).not.toMatch(/^Retry$/m);
  });
});
