/** `/cv dead-letters`: what could not be delivered, sent again or discarded, typed and clicked. */
import { env } from "cloudflare:test";
import { inWorkspace } from "../../../shared/use-cases/context.ts";
import { describe, expect, test } from "vitest";
import { createDeps } from "../../env.ts";
import { keepDeadLetter } from "../../../shared/use-cases/dead-letters/keep-dead-letter.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { type Driver, lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, author, approver, viewer } = people;
const indexBody = { taskId: "t1", portfolioId: "noor-vega", jobId: "reindex:1", attempt: 1, rows: [] };

let messages = 0;

/** As the consumers keep it. */
const keep = async (world: World, more: { queue?: string; body?: object; cause?: string } = {}): Promise<string> => {
  const id = `message-${(messages += 1)}`;
  const message = {
    id,
    queue: more.queue ?? "cv-push",
    body: { workspaceId: world.team, ...more.body },
    cause: more.cause ?? "D1_ERROR: overloaded",
    attempts: 11,
  };
  const deps = createDeps(env);
  await deps.withEffects((effects) => keepDeadLetter({ ...inWorkspace(deps, world.team), effects }, message));
  return id;
};

const pushed = async (): Promise<{ world: World; jobId: string }> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Skill updates"],
    [approver, "approve 1"],
    [approver, "push 1 all"],
  );
  const [job] = await world.rows("jobs");
  return { world, jobId: String(job?.["id"]) };
};

const states = async (world: World) => (await world.rows("dead_letters")).map(({ state }) => state);

describe("the list", () => {
  test("/cv dead-letters lists each with its cause, newest first", async () => {
    const { world, jobId } = await pushed();
    expect((await world.command(admin, "dead-letters")).said).toContain("Every message was delivered, or is settled.");
    await keep(world, { body: { jobId, attempt: 1 } });
    await keep(world, { queue: "cv-index", body: indexBody, cause: "not visible in the index yet" });
    const { said } = await world.command(admin, "dead-letters");
    expect(said).toMatch(/\*Message 2\*  an update of a search index[\s\S]*not visible in the index yet/);
    expect(said).toMatch(/\*Message 1\*  a step of a push, push \*#1\* of commit \*#1\* to d1cv[\s\S]*overloaded/);
    expect(said.indexOf("Message 2")).toBeLessThan(said.indexOf("Message 1"));
  });

  test("/cv dead-letters has pages, and shows settled ones on request", async () => {
    const world = await createWorld();
    for (let count = 1; count <= 8; count += 1) await keep(world, { body: { jobId: `j${count}`, attempt: 1 } });
    await world.run([admin, "dead-letters discard 8 no use"]);
    const driver = await lookAt(world, admin, "dead-letters");
    expect(driver.said).not.toContain("Message 8");
    await driver.click("Older");
    expect(driver.said).toMatch(/Message 1\*/);
    expect(driver.said).not.toContain("Message 7");
    await driver.click("Newer");
    expect(driver.said).toContain("Message 7");
    expect((await world.command(admin, "dead-letters --all")).said).toMatch(
      /\*Message 8\*[\s\S]*discarded by <@U0CARLA01>/,
    );
  });
});

describe("one dead letter", () => {
  test("/cv dead-letters show has payload and trace, without secrets", async () => {
    const { world, jobId } = await pushed();
    const secrets = { token: "abc123", note: "uses xoxb-1-2-abc and whsec_c2VjcmV0" };
    await keep(world, {
      body: { jobId, attempt: 1, traceId: "f".repeat(32), ...secrets },
      cause: "Bearer abc.def failed",
    });
    const { said, blocks } = await world.command(admin, "dead-letters show 1");
    expect(said).toContain("The push does not depend on it");
    expect(said).toContain("f".repeat(32));
    const shown = JSON.stringify(blocks);
    expect(shown).toContain(jobId);
    expect(shown).not.toMatch(/abc123|xoxb-1|whsec_c2|abc\.def/);
    expect((await world.command(admin, "dead-letters 1")).said).toBe(said);
  });
});

describe("Retry", () => {
  test("Retry of a dead letter queues it again, and the second click says by whom", async () => {
    const { world, jobId } = await pushed();
    const id = await keep(world, { body: { jobId, attempt: 1 } });
    const driver = await lookAt(world, admin, "dead-letters");
    const retry = driver.clickables.find(({ label }) => label === "Retry");
    if (!retry) throw new Error("no Retry");
    await driver.click(retry);
    expect(driver.said).toContain("Message *1* is sent again");
    expect(driver.said).toMatch(/sent again by <@U0CARLA01>/);
    expect((await world.queued(2)).at(-1)).toEqual({
      workspaceId: world.team,
      jobId,
      attempt: 1,
      deadLetter: { workspaceId: world.team, id },
    });
    await driver.click(retry);
    expect(driver.said).toContain("is settled already: sent again by <@U0CARLA01>");
    expect(await world.rows("outbox")).toEqual([]);
    expect((await world.rows("job_events")).filter(({ type }) => type === "dead_letter.retried")).toHaveLength(1);
  });

  test("Retry of a cv-index dead letter sends it to its own queue", async () => {
    const world = await createWorld();
    const id = await keep(world, { queue: "cv-index", body: indexBody });
    await world.run([admin, "dead-letters retry 1"]);
    expect(await world.queued(1)).toEqual([
      { workspaceId: world.team, ...indexBody, deadLetter: { workspaceId: world.team, id } },
    ]);
  });

  test("Retry is not offered for a dead letter of Slack", async () => {
    const world = await createWorld();
    await keep(world, { queue: "slack", body: { typed: "/cv push 1" } });
    const driver = await lookAt(world, admin, "dead-letters show 1");
    expect(driver.said).toContain("Whoever asked for it does it again in Slack");
    expect(driver.clickables.map(({ label }) => label)).toEqual(["Discard…", "All messages", "Back"].slice(0, 2));
    expect((await world.command(admin, "dead-letters retry 1")).said).toContain("whoever made it repeats it there");
    expect(await states(world)).toEqual(["kept"]);
  });
});

describe("Discard", () => {
  test("Discard of a dead letter asks for a reason, which the log keeps", async () => {
    const world = await createWorld();
    await keep(world);
    const screen = await new Screen(world, admin).command("dead-letters discard 1");
    expect(screen.said).toContain("Message 1");
    await screen.submit({ reason: "  " });
    expect(screen.errors).toEqual({ reason: "Say why, in a few words." });
    expect(await states(world)).toEqual(["kept"]);
    await screen.submit({ reason: "Pushed again & done" });
    expect(screen.said).toContain("Message *1* is discarded");
    expect(await states(world)).toEqual(["discarded"]);
    expect((await world.command(viewer, "log")).said).toContain(
      `<@${admin}> discarded dead letter 1: Pushed again &amp; done`,
    );
  });

  test("Discard of a settled dead letter names who settled it", async () => {
    const world = await createWorld();
    await keep(world);
    const screen = await new Screen(world, admin).command("dead-letters discard 1");
    await world.run([admin, "dead-letters discard 1 no use"]);
    await screen.submit({ reason: "mine" });
    expect(screen.said).toContain("is settled already: discarded by");
    expect(screen.view).toMatchObject({ callback_id: "discard-dead-letter" });
  });

  test("Discard of a dead letter opens a form from its button", async () => {
    const world = await createWorld();
    await keep(world);
    await (await lookAt(world, admin, "dead-letters")).click("Discard…");
    expect(slack.views.stack.at(-1)?.view.callback_id).toBe("discard-dead-letter");
  });
});

describe("the permission for dead letters", () => {
  const count = "1 message could not be delivered";
  const openHome = async (world: World, userId: string): Promise<void> => {
    const home = { id: `home-${userId}`, userId };
    await env.DB.prepare(
      `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, ts, created_at, updated_at)
       VALUES (?1, ?2, 'home', ?3, ?3, 'home', ?4, ?4)`,
    )
      .bind(world.team, home.id, userId, clock.iso())
      .run();
  };

  test("dead letters are shown to admins in /cv, /cv status and on Home", async () => {
    const world = await createWorld();
    await openHome(world, admin);
    await keep(world);
    for (const typed of ["", "status"]) {
      const driver: Driver = await lookAt(world, admin, typed);
      expect(driver.said).toContain(count);
      await driver.click("Look at them");
      expect(driver.said).toContain("*Message 1*");
    }
    await world.settle();
    const home = () => JSON.stringify(slack.views.homes.get(admin)?.blocks);
    expect(home()).toContain(count);
    await world.run([admin, "dead-letters discard 1 no use"]);
    await world.settle();
    expect(home()).not.toContain(count);
    expect((await world.command(admin, "")).said).not.toContain(count);
  });

  test("dead letters are managed only by admins, and logged for everybody", async () => {
    const world = await createWorld();
    await keep(world);
    for (const userId of [viewer, author, approver]) {
      expect((await world.command(userId, "")).said).not.toContain("could not be delivered");
      for (const text of ["", " show 1", " retry 1", " discard 1 x", " discard 1"])
        expect((await world.command(userId, `dead-letters${text}`)).said).toMatch(
          /Only an admin may manage dead letters/,
        );
    }
    expect((await world.command(viewer, "log")).said).toContain(
      "Dead letter 1 (a step of a push) could not be delivered: D1_ERROR: overloaded",
    );
    expect(await states(world)).toEqual(["kept"]);
  });
});

test.each<[string, RegExp]>([
  ["dead-letters shw 1", /`shw` is nothing to do with a message\. Did you mean `show`\?/],
  ["dead-letters show", /Say which message, by its number/],
  ["dead-letters retry one", /`one` is not the number of a message/],
  ["dead-letters show 9", /There is no dead letter 9/],
  ["dead-letters retry 9", /There is no dead letter 9/],
  ["dead-letters discard 9 x", /There is no dead letter 9/],
  ["dead-letters show 1 2", /`2` is too much/],
  ["dead-letters --before x", /`x` is not the number of a message/],
  ["dead-leters", /Did you mean `\/cv dead-letters`\?/],
])("/cv %s is refused with the right command for dead letters", async (text, expected) => {
  const world = await createWorld();
  await keep(world);
  const before = await world.facts();
  expect((await world.command(admin, text)).said).toMatch(expected);
  expect(await world.facts()).toBe(before);
  expect(await states(world)).toEqual(["kept"]);
});
