/** No command is lost while D1 has a bad day: each kind of request, each kind of trouble, and what the person hears in the end. */
import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { clock } from "../../../test/support/bot/clock.ts";
import { FaultyDatabase } from "../../../test/support/bot/faulty-database.ts";
import { apiView } from "../../../test/support/bot/fake-views.ts";
import { Outage } from "../../../test/support/bot/outage.ts";
import { database, logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver, otherApprover } = people;
const minute = 60_000;

interface Asked {
  world: World;
  body: Record<string, string>;
  /** What the person has read, oldest first; `acknowledged` is what Slack heard at once. */
  heard: (acknowledged: string) => string[];
}

const answersAt = (url: unknown): string[] =>
  slack.answers
    .filter((answer) => answer.url === url)
    .map(({ payload }) => textsOf(payload))
    .filter((said) => !said.includes("cannot reach its database just now"));

const typed = (world: World, userId: string, text: string): Asked => {
  const body = world.commandBody(userId, text);
  const url = body["response_url"];
  const isNote = (said: string): boolean => said === "" || said.includes("Working on it");
  return {
    world,
    body,
    heard: (acknowledged) => {
      const first = acknowledged === "" ? "" : textsOf(JSON.parse(acknowledged));
      return [...(isNote(first) ? [] : [first]), ...answersAt(url)];
    },
  };
};

const inReview = async (): Promise<World> => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit one"]);
  await world.setApprovalsNeeded(2);
  await world.settle();
  return world;
};

const stage = "stage update technology python-1 experience_years=8";

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
    const message = { ...slack.messages[0], channel: world.channel, ts: "1.1", text: "x", blocks: [] } as never;
    const { payload, responseUrl } = world.clickPayload(author, message, button);
    const isPrivate = { ...payload, container: { ...payload.container, is_ephemeral: true } };
    return { world, body: { payload: JSON.stringify(isPrivate) }, heard: () => answersAt(responseUrl) };
  },
  "a form": async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    return submitted(world, approver);
  },
};

const reason = "Python is <7> years";

/** The form on top, with a reason typed into it. */
const submitted = (world: World, userId: string): Asked => {
  const [form] = slack.views.stack;
  if (!form) throw new Error("no form is open");
  const values = { reason: { reason: { type: "plain_text_input", value: reason } } };
  const view = { ...apiView(form), state: { values } };
  const payload = { type: "view_submission", team: { id: world.team }, user: { id: userId }, view };
  const whole = { ...payload, trigger_id: "1.1", token: "deprecated", api_app_id: "A0CVOPS01" };
  return {
    world,
    body: { payload: JSON.stringify(whole) },
    heard: (acknowledged) => {
      const late = slack.views.stack.at(-1)?.view;
      const answered = JSON.parse(acknowledged) as { view: unknown };
      const isNote = textsOf(answered.view).includes("Loading");
      return [textsOf(isNote ? late : answered.view)];
    },
  };
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
    "%s: done once, and answered as if nothing had been",
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

  test("D1 is overloaded for 20 minutes: given up in words, with nothing changed", async () => {
    const asked = await deed();
    const before = await countsOf(asked.world);
    const outage = new Outage(asked.world);
    database.mood = "overloaded";
    const acknowledged = await outage.post(asked.body);
    await outage.pass(20 * minute);
    const [said = "", ...more] = asked.heard(acknowledged);
    expect(more).toEqual([]);
    expect(said).toContain("gave no answer, so it is not known whether this had its effect");
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

describe("what is given up", () => {
  test("says that nothing was changed where D1 proves it, and can have no effect later", async () => {
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

  test("is answered all the same when it had its effect", async () => {
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

  test("as a form, comes back with what was typed; submitted again it has its effect once", async () => {
    const world = await inReview();
    await world.click(approver, world.message(/Commit #1/), "Reject");
    const asked = submitted(world, approver);
    const outage = new Outage(world);
    database.mood = "down";
    const acknowledged = await outage.post(asked.body);
    await outage.pass(20 * minute);
    const shown = slack.views.stack.at(-1)?.view;
    expect(asked.heard(acknowledged)[0]).toContain("not known");
    expect(JSON.stringify(shown)).toContain(`"initial_value":"${reason}"`);
    database.mood = "well";
    const again = submitted(world, approver);
    expect(again.heard(await outage.post(again.body))[0]).toContain("Rejected commit *#1*");
    expect(await world.rows("approvals")).toMatchObject([{ decision: "rejected" }]);
  });

  test("as a form that was closed, is a direct message with what was typed", async () => {
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

describe("the answer", () => {
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

  test("is a direct message, which says to what, when Slack's address has had its 30 minutes", async () => {
    const { asked, outage, acknowledged } = await late();
    // The answer is there in time, and Slack takes it nowhere for so long.
    clock.advance(31 * minute);
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([]);
    expect(directTo(author)).toEqual([expect.stringContaining(`The answer to \`/cv ${stage}\``)]);
  });

  test("is a direct message when Slack's address was used up", async () => {
    const { asked, outage, acknowledged } = await late();
    const url = asked.body["response_url"] ?? "";
    for (let use = 0; use < 5; use += 1) await slack.fetch(url, { method: "POST", body: '{"text":"used"}' });
    await outage.settle();
    expect(asked.heard(acknowledged).filter((said) => said !== "used")).toEqual([]);
    expect(directTo(author)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("waits as long as Slack asks for, and is said once", async () => {
    const { asked, outage, acknowledged } = await late();
    slack.failResponses({ status: 429, retryAfter: 40 }, { status: 503 });
    await outage.ring();
    const waitMs = ((await outage.nextAlarmMs()) ?? 0) - clock.nowMs();
    expect(waitMs).toBeGreaterThanOrEqual(40_000);
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
    expect(await asked.world.rows("staged_changes")).toHaveLength(1);
  });

  test("is said once when the alarm rings twice at the same moment", async () => {
    const { asked, outage, acknowledged } = await late();
    clock.to((await outage.nextAlarmMs()) ?? 0);
    const object = env.PENDING_COMMANDS.getByName(asked.world.team);
    await runInDurableObject(object, (instance) => Promise.all([instance.alarm(), instance.alarm(), instance.alarm()]));
    await outage.settle();
    expect(asked.heard(acknowledged)).toEqual([expect.stringContaining("Staged as change 1")]);
  });

  test("is said once when the alarm rings while it is being said", async () => {
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

  test("is the same for a repeat by Slack meanwhile, and after it", async () => {
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

  test("of a form that was closed is a direct message", async () => {
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

  test("to what somebody asked for earlier comes earlier", async () => {
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
      expect.stringContaining("Commit *#1*"),
    ]);
  });

  test("to one person waits for nobody else's answer to be taken", async () => {
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

test("a click, which shows nothing by itself, is told once that it waits", async () => {
  const world = await inReview();
  const { payload, responseUrl } = world.clickPayload(approver, world.message(/Commit #1/), "Approve");
  const outage = new Outage(world);
  database.mood = "down";
  await outage.post({ payload: JSON.stringify(payload) });
  await outage.pass(5 * minute);
  const told = slack.answers.filter(({ url }) => url === responseUrl).map((answer) => textsOf(answer.payload));
  expect(told).toEqual([expect.stringContaining("It keeps your click on *x* and tries again")]);
});

describe("the first try", () => {
  test("gives the answer itself when it ends after all", { timeout: 15_000 }, async () => {
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

  test("ends before the object's, which has nothing to say then", { timeout: 15_000 }, async () => {
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

  test("and the object's at once: one effect, one answer", { timeout: 15_000 }, async () => {
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
