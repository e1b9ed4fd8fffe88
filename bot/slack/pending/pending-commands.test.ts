/** A command that D1 keeps waiting; pending-commands.slow.test.ts has every kind of request and outage. */
import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { type Asked, inReview, reason, stage, submitted, typed } from "../../../test/support/bot/asked.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { FaultyDatabase } from "../../../test/support/bot/faulty-database.ts";
import { Outage } from "../../../test/support/bot/outage.ts";
import { database, slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver, otherApprover } = people;
const minute = 60_000;

describe("a given-up command", () => {
  test("a given-up command says that nothing was changed when the database proves it", async () => {
    const asked = typed(await createWorld(), author, stage);
    const outage = new Outage(asked.world);
    database.mood = "down";
    const acknowledged = await outage.post(asked.body);
    // The object itself could not run for that long.
    clock.advance(16 * minute);
    database.mood = "well";
    await outage.settle();
    const [said = ""] = asked.heard(acknowledged);
    expect(said).toContain("so this was not done. Nothing was changed.");
    expect(said).toContain(`\`/cv ${stage}\``);
    // A stalled batch of an earlier try arrives at last.
    await outage.post(asked.body);
    expect(await asked.world.rows("staged_changes")).toEqual([]);
  });

  test("a given-up command that had its effect is answered", async () => {
    const asked = typed(await createWorld(), author, stage);
    const outage = new Outage(asked.world);
    database.mood = "forgetful";
    const acknowledged = await outage.post(asked.body);
    database.mood = "down";
    await outage.pass(14 * minute);
    clock.advance(2 * minute);
    database.mood = "well";
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
    expect(await asked.world.rows("staged_changes")).toHaveLength(1);
  });

  test("a given-up form returns with what was typed, and works once later", async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    const asked = submitted(world, approver);
    const outage = new Outage(world);
    database.mood = "down";
    const acknowledged = await outage.post(asked.body);
    await outage.pass(20 * minute);
    const shown = slack.views.stack.at(-1)?.view;
    expect(asked.heard(acknowledged)[0]).toContain("unknown");
    expect(JSON.stringify(shown)).toContain(`"initial_value":"${reason}"`);
    database.mood = "well";
    const again = submitted(world, approver);
    expect(again.heard(await outage.post(again.body))[0]).toContain("Rejected commit *#1*");
    expect(await world.rows("approvals")).toMatchObject([{ decision: "rejected" }]);
  });

  test("a given-up form that was closed becomes a direct message", async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    const { body } = submitted(world, approver);
    const outage = new Outage(world);
    database.mood = "down";
    await outage.post(body);
    slack.views.close();
    await outage.pass(20 * minute);
    const told = slack.messages.filter(({ channel }) => channel === `D${approver.slice(1)}`).map(textsOf);
    expect(told).toEqual([expect.stringContaining("Python is &lt;7&gt; years")]);
    expect(told[0]).toContain("the form *Reject commit #1*");
  });
});

describe("a pending reply", () => {
  const late = async (text = stage): Promise<{ asked: Asked; outage: Outage; acknowledged: string }> => {
    const asked = typed(await createWorld(), author, text);
    const outage = new Outage(asked.world);
    database.mood = "down";
    const acknowledged = await outage.post(asked.body);
    database.mood = "well";
    return { asked, outage, acknowledged };
  };
  const directTo = (userId: string): string[] =>
    slack.messages.filter(({ channel }) => channel === `D${userId.slice(1)}`).map(textsOf);

  test("a pending reply is a direct message after 30 minutes of the response URL", async () => {
    const { asked, outage, acknowledged } = await late();
    // The answer is there in time, and Slack takes it nowhere for so long.
    clock.advance(31 * minute);
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([]);
    expect(directTo(author)).toEqual([expect.stringContaining(`The answer to \`/cv ${stage}\``)]);
  });

  test("a pending reply is a direct message when the response URL is used up", async () => {
    const { asked, outage, acknowledged } = await late();
    const url = asked.body["response_url"] ?? "";
    for (let use = 0; use < 5; use += 1) await slack.fetch(url, { method: "POST", body: '{"text":"used"}' });
    await outage.settle();
    expect(asked.heard(acknowledged).filter((said) => said !== "used")).toEqual([]);
    expect(directTo(author)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("a pending reply waits for Slack's rate limit and is sent once", async () => {
    const { asked, outage, acknowledged } = await late();
    slack.failResponses({ status: 429, retryAfter: 40 }, { status: 503 });
    await outage.ring();
    const waitMs = ((await outage.nextAlarmMs()) ?? 0) - clock.nowMs();
    expect(waitMs).toBeGreaterThanOrEqual(40_000);
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
    expect(await asked.world.rows("staged_changes")).toHaveLength(1);
  });

  test("a pending reply is sent once when the alarm rings twice at once", async () => {
    const { asked, outage, acknowledged } = await late();
    clock.to((await outage.nextAlarmMs()) ?? 0);
    const object = env.PENDING_COMMANDS.getByName(asked.world.team);
    await runInDurableObject(object, (instance) => Promise.all([instance.alarm(), instance.alarm(), instance.alarm()]));
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("a pending reply is sent once when the alarm rings during the sending", async () => {
    const { asked, outage, acknowledged } = await late();
    clock.to((await outage.nextAlarmMs()) ?? 0);
    const object = env.PENDING_COMMANDS.getByName(asked.world.team);
    await runInDurableObject(object, (instance) => {
      slack.whileResponding = () => instance.alarm();
      return instance.alarm();
    });
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("a pending reply is the same for a request that Slack repeats", async () => {
    const { asked, outage, acknowledged } = await late();
    database.mood = "down";
    expect(await outage.post(asked.body)).toContain("Working on it");
    database.mood = "well";
    await outage.settle();
    const heard = asked.heard(acknowledged);
    expect(heard).toHaveLength(1);
    expect(textsOf(JSON.parse(await outage.post(asked.body)))).toBe(heard[0]);
    expect(await asked.world.rows("staged_changes")).toHaveLength(1);
  });

  test("a pending reply to a form that was closed is a direct message", async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    const { body } = submitted(world, approver);
    const outage = new Outage(world);
    database.mood = "down";
    await outage.post(body);
    slack.views.close();
    database.mood = "well";
    await outage.settle();
    expect(directTo(approver)).toEqual([expect.stringContaining("Rejected commit *#1*")]);
  });

  test("a pending reply to an earlier command comes earlier", async () => {
    const world = await createWorld();
    const outage = new Outage(world);
    const [first, second] = [typed(world, author, stage), typed(world, author, "commit -m One")];
    // The first is tried again after 10 s, because it may still be at work; the second after one.
    database.mood = "stalled";
    await outage.post(first.body);
    database.mood = "down";
    await outage.post(second.body);
    await outage.firstTriesEnd();
    database.mood = "well";
    await outage.settle();
    expect(slack.answers.map(({ payload }) => textsOf(payload))).toEqual([
      expect.stringContaining("Staged as change 1"),
      expect.stringContaining("*Commit #1*"),
    ]);
  });

  test("a pending reply to one person waits for nobody else's", async () => {
    const { asked, outage, acknowledged } = await late();
    slack.failResponses({ status: 503 });
    await outage.ring();
    expect(asked.heard(acknowledged)).toEqual([]);
    const other = typed(asked.world, otherApprover, "staged");
    database.mood = "down";
    const heard = await outage.post(other.body);
    database.mood = "well";
    await outage.settle();
    expect(other.heard(heard)).toHaveLength(1);
    expect(asked.heard(acknowledged)).toHaveLength(1);
  });
});

test("a pending click sends its person one note", async () => {
  const world = await inReview();
  const { payload, responseUrl } = world.clickPayload(approver, world.message(/Commit #1/), "Approve");
  const outage = new Outage(world);
  database.mood = "down";
  await outage.post({ payload: JSON.stringify(payload) });
  await outage.pass(5 * minute);
  const told = slack.answers.filter(({ url }) => url === responseUrl).map((answer) => textsOf(answer.payload));
  expect(told).toEqual([expect.stringContaining("It keeps your click on *Approve* and tries again")]);
});

test("a pending click in a thread has its note, and what is said in the end, in the thread", async () => {
  const world = await inReview();
  const inThread = {
    ...world.message(/Commit #1/),
    ts: "1700000001.000100",
    threadTs: slack.somebodyPosts(world.channel),
  };
  const { payload, responseUrl } = world.clickPayload(approver, inThread, "Approve");
  const outage = new Outage(world);
  database.mood = "down";
  await outage.post({ payload: JSON.stringify(payload) });
  await outage.pass(20 * minute);
  const answers = slack.answers.filter(({ url }) => url === responseUrl).map((answer) => answer.payload);
  expect(answers.map((answer) => answer["thread_ts"])).toEqual([inThread.threadTs, inThread.threadTs]);
  expect(answers.map(textsOf)).toEqual([expect.stringContaining("tries again"), expect.stringContaining("unknown")]);
});

describe("the first try", () => {
  test("a pending command's first try gives the reply when it ends after all", { timeout: 15_000 }, async () => {
    const asked = typed(await createWorld(), author, stage);
    const outage = new Outage(asked.world);
    database.mood = "stalled";
    const acknowledged = await outage.post(asked.body);
    expect(acknowledged).toContain("Working on it");
    expect(asked.heard(acknowledged)).toEqual([]);
    database.mood = "well";
    await outage.firstTriesEnd();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
    expect(await outage.settle()).toBe(0);
    expect(await outage.kept()).toBe("[]");
  });

  test("a pending command's first try that ends first leaves nothing to reply", { timeout: 15_000 }, async () => {
    const asked = typed(await createWorld(), author, stage);
    const own = new FaultyDatabase();
    const outage = new Outage(asked.world, own);
    own.mood = "stalled";
    const acknowledged = await outage.post(asked.body);
    database.mood = "stalled";
    const ringing = outage.ring();
    own.mood = "well";
    await outage.firstTriesEnd();
    expect(asked.heard(acknowledged)).toHaveLength(1);
    database.mood = "well";
    await ringing;
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("a pending command that two tries finish at once has one effect and reply", { timeout: 15_000 }, async () => {
    const asked = typed(await createWorld(), author, stage);
    const outage = new Outage(asked.world);
    database.mood = "stalled";
    const acknowledged = await outage.post(asked.body);
    const ringing = outage.ring();
    database.mood = "well";
    await Promise.all([ringing, outage.firstTriesEnd()]);
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
    expect(await asked.world.rows("staged_changes")).toHaveLength(1);
  });
});
