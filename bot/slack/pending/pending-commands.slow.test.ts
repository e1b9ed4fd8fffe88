/** No command is lost in an outage of D1: each kind of request and outage, and what the person reads in the end. */
import { describe, expect, test } from "vitest";
import { type Asked, answersAt, inReview, stage, submitted, typed } from "../../../test/support/bot/asked.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { Outage } from "../../../test/support/bot/outage.ts";
import { database, logged } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver } = people;
const minute = 60_000;

const deeds: Record<string, () => Promise<Asked>> = {
  "a command that changes something": async () => typed(await createWorld(), author, stage),
  "a command that takes a number": async () => {
    const world = await createWorld();
    await world.run([author, stage]);
    return typed(world, author, "commit -m One");
  },
  "a command that is refused": async () => typed(await createWorld(), author, "unstage 7"),
  "a command that only reads": async () => typed(await createWorld(), author, "staged"),
  "a click on a card": async () => {
    const world = await inReview();
    const { payload, responseUrl } = world.clickPayload(approver, world.message(/Commit #1/), "Approve");
    return { world, body: { payload: JSON.stringify(payload) }, heard: () => answersAt(responseUrl) };
  },
  "a click on a private message": async () => {
    const world = await createWorld();
    await world.run([author, stage]);
    const button = { action_id: "do:unstage 1", value: "do:unstage 1" };
    const message = { channel: world.channel, ts: "1.1", threadTs: null, ephemeralFor: author, text: "x", blocks: [] };
    const { payload, responseUrl } = world.clickPayload(author, message, button);
    return { world, body: { payload: JSON.stringify(payload) }, heard: () => answersAt(responseUrl) };
  },
  "a form": async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    return submitted(world, approver);
  },
};

/** How the database behaves, and whether anything is done before it is well again. */
const troubles: Record<string, (outage: Outage, send: () => Promise<string>) => Promise<string>> = {
  "D1 stalls for 80 s, and the Worker ends meanwhile": async (outage, send) => {
    database.mood = "stalled";
    const acknowledged = await send();
    const ringing = outage.ring();
    clock.advance(80_000);
    database.mood = "well";
    await ringing;
    return acknowledged;
  },
  "D1 fails before it runs the batch": async (_outage, send) => {
    database.mood = "down";
    const acknowledged = await send();
    database.mood = "well";
    return acknowledged;
  },
  "D1 runs the batch, and its answer is lost": async (_outage, send) => {
    database.mood = "forgetful";
    const acknowledged = await send();
    database.mood = "well";
    return acknowledged;
  },
  "D1 is overloaded for 10 minutes": async (outage, send) => {
    database.mood = "overloaded";
    const acknowledged = await send();
    await outage.pass(10 * minute);
    database.mood = "well";
    return acknowledged;
  },
  "D1 is down for 10 minutes, and the object is evicted": async (outage, send) => {
    database.mood = "down";
    const acknowledged = await send();
    await outage.pass(5 * minute);
    await outage.evict();
    await outage.pass(5 * minute);
    await outage.evict();
    database.mood = "well";
    return acknowledged;
  },
};

const healthy = async (deed: () => Promise<Asked>): Promise<{ heard: string[]; facts: string[] }> => {
  const asked = await deed();
  const acknowledged = await asked.world.post(asked.body).then((response) => response.text());
  return { heard: asked.heard(acknowledged), facts: await countsOf(asked.world) };
};

/** What became of changes, commits and reviews. */
const countsOf = async (world: World): Promise<string[]> => {
  const lines: string[] = [];
  for (const table of ["staged_changes", "commits", "approvals", "job_events"]) {
    const states = (await world.rows(table)).map(
      (row) => row["state"] ?? row["review"] ?? row["decision"] ?? row["type"],
    );
    lines.push(`${table}: ${states.filter((state) => state !== "dead_letter.kept").join(", ")}`);
  }
  return lines;
};

describe.each(Object.entries(deeds))("%s", (_deed, deed) => {
  test.each(Object.entries(troubles))(
    "%s: a pending command is done once and answered as usual",
    async (_trouble, trouble) => {
      const expected = await healthy(deed);
      const asked = await deed();
      const outage = new Outage(asked.world);
      const acknowledged = await trouble(outage, () => outage.post(asked.body));
      await outage.settle();
      await outage.firstTriesEnd();
      expect(asked.heard(acknowledged)).toEqual(expected.heard);
      expect(await countsOf(asked.world)).toEqual(expected.facts);
      expect(await outage.kept()).toBe("[]");
      expect(await outage.nextAlarmMs()).toBeNull();
      await asked.world.settle();
    },
  );

  test("a pending command is given up after 20 minutes, with nothing changed", async () => {
    const asked = await deed();
    const before = await countsOf(asked.world);
    const outage = new Outage(asked.world);
    database.mood = "overloaded";
    const acknowledged = await outage.post(asked.body);
    await outage.pass(20 * minute);
    const [said = "", ...more] = asked.heard(acknowledged);
    expect(more).toEqual([]);
    expect(said).toContain("gave no answer, so it is unknown whether this had its effect");
    expect(said).toContain("`/cv status`");
    const secrets = /hooks\.slack|\.trigger|response_url|trigger_id/;
    expect(await outage.kept()).not.toMatch(secrets);
    database.mood = "well";
    await outage.settle();
    expect(await countsOf(asked.world)).toEqual(before);
    expect(await asked.world.rows("dead_letters")).toMatchObject([
      { queue: "slack", cause: expect.stringContaining("15 minutes") as string },
    ]);
    expect(JSON.stringify(await asked.world.rows("dead_letters"))).not.toMatch(secrets);
    expect(logged.filter((line) => line.includes("pending.given_up"))).toHaveLength(1);
    expect(logged.join("\n")).not.toMatch(/hooks\.slack|\.trigger/);
    expect(await outage.kept()).toBe("[]");
  });
});
