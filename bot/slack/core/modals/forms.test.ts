/** The forms of commit, reject, retry, search, settings and roles, opened by typing and submitted as Slack does it. */
import { describe, expect, test } from "vitest";
import { Screen } from "../../../../test/support/bot/screen.ts";
import { slack, targets } from "../../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../../test/support/bot/world.ts";

const { admin, author, approver, otherAuthor, viewer } = people;

const staged = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "stage delete technology jquery-1"],
    [otherAuthor, "stage create technology name=Rust category=Backend"],
  );
  return world;
};

const inReview = async (): Promise<World> => {
  const world = await staged();
  await world.run([author, 'commit -m "Skill updates"']);
  await world.settle();
  return world;
};

describe("the commit form", () => {
  test("the commit form commits the chosen changes and leaves the rest staged", async () => {
    const world = await staged();
    const screen = await new Screen(world, author).command("commit");
    expect(screen.said).toContain("1  Python: experience_years 5 → 8");
    expect(screen.said).not.toContain("Rust");
    await screen.submit({ message: "Fewer years & <b>", "changes:0": ["2"] });
    expect(screen.said).toContain("*Commit #1*  Remove technology: jQuery  ·  1 change to");
    expect((await world.rows("staged_changes")).map(({ state }) => state)).toEqual(["staged", "committed", "staged"]);
    await world.settle();
    expect(textsOf(world.message(/Commit #1/))).toContain("jQuery");
  });

  test("the commit form reports missing inputs and keeps what was typed", async () => {
    const world = await staged();
    const before = await world.facts();
    const screen = await new Screen(world, author).command("commit");
    await screen.submit({ message: "   " });
    expect(screen.errors).toEqual({ message: "Say in a few words what the commit does." });
    await screen.submit({ message: "Skill updates", "changes:0": [] });
    expect(screen.errors).toEqual({ "changes:0": "Choose at least one change." });
    expect(await world.facts()).toBe(before);
    await screen.submit({ "changes:0": ["1"] });
    expect((await world.rows("commits"))[0]).toMatchObject({ message: "Skill updates" });
  });

  test("the commit form makes a draft without a card", async () => {
    const world = await staged();
    await (await new Screen(world, author).command("commit")).submit({ message: "Later", draft: ["draft"] });
    expect((await world.rows("commits"))[0]).toMatchObject({ review: "draft" });
    expect(await world.rows("cards")).toEqual([]);
  });

  test("the commit form shows a refusal above the inputs, which keep their values", async () => {
    const world = await staged();
    const screen = await new Screen(world, author).command("commit");
    await world.run([author, "unstage 1 2"]);
    await screen.submit({ message: "Skill updates" });
    expect(screen.said).toContain(":warning: There is no staged change 1, 2");
    expect(screen.view).toMatchObject({ callback_id: "commit", submit: { text: "Commit" } });
    expect(screen.input("message")).toBeDefined();
  });

  test("the commit form lists up to 300 changes", async () => {
    const world = await createWorld();
    for (let index = 0; index < 25; index += 1)
      await world.run([
        author,
        `stage create technology name="${`Skill ${index} `.repeat(6).trim()}" category=Backend`,
      ]);
    const screen = await new Screen(world, author).command("commit");
    expect(screen.inputs.filter(({ block_id: id }) => id?.startsWith("changes:"))).toHaveLength(3);
    await screen.submit({ message: "Many" });
    expect((await world.rows("staged_changes")).every(({ state }) => state === "committed")).toBe(true);
  });

  test.each([
    [author, "You have nothing staged"],
    [viewer, "Only an editor may commit"],
  ])("the commit form is not opened for %s, who has no changes or permission", async (userId, expected) => {
    const world = await createWorld();
    expect((await world.command(userId, "commit")).said).toContain(expected);
    expect(slack.views.stack).toEqual([]);
  });
});

describe("a commit without a channel", () => {
  test("a commit without a channel sends its card as direct messages", async () => {
    const world = await staged();
    const screen = new Screen(world, author);
    // Typed in the direct messages with the app.
    const body = { ...world.commandBody(author, "commit"), channel_id: "D0AVERY01", channel_name: "directmessage" };
    await world.post(body);
    await screen.submit({ message: "Skill updates" });
    expect(screen.said).toContain("They get its card as a direct message");
    await world.settle();
    const direct = slack.messages.filter(({ channel }) => channel.startsWith("D"));
    expect(direct.map(({ channel }) => channel).toSorted()).toEqual(
      [author, approver, people.otherApprover, admin].map((userId) => `D${userId.slice(1)}`).toSorted(),
    );
    await world.run([approver, "approve 1"]);
    await world.settle();
    for (const message of slack.messages) expect(textsOf(message)).toContain(`Approved by <@${approver}>`);
    expect(world.messages).toEqual([]);
  });
});

describe("the reject form", () => {
  test("the reject form opens without a reason, and puts one on the card", async () => {
    const world = await inReview();
    const screen = await new Screen(world, approver).command("reject 1");
    await screen.submit({ reason: "Python is 7 years" });
    expect(screen.said).toContain("Rejected commit *#1*: Python is 7 years");
    await world.settle();
    expect(textsOf(world.message(/Commit #1/))).toContain("Python is 7 years");
  });

  test("the reject form accepts an empty reason", async () => {
    const world = await inReview();
    await (await new Screen(world, approver).command("reject 1")).submit();
    expect((await world.rows("approvals"))[0]).toMatchObject({ decision: "rejected", reason: null });
  });

  test("the reject form names who decided first, and keeps the typed reason", async () => {
    const world = await inReview();
    const screen = await new Screen(world, approver).command("reject 1");
    await world.run([people.otherApprover, "approve 1"]);
    const before = await world.facts();
    await screen.submit({ reason: "No" });
    expect(screen.said).toContain(`Commit #1 was approved already by <@${people.otherApprover}>`);
    expect(screen.view).toMatchObject({ callback_id: "reject" });
    expect(await world.facts()).toBe(before);
  });
});

describe("the retry form", () => {
  const failed = async (): Promise<World> => {
    const world = await inReview();
    await world.run([approver, "approve 1"], [approver, "push 1 all"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "unavailable", message: "down & out" } });
    return world;
  };

  test("the retry form sends the chosen push again as attempt 2", async () => {
    const world = await failed();
    const screen = await new Screen(world, approver).command("retry");
    expect(screen.said).toContain("#1  Python: experience_years 5 → 8; Remove technology: jQuery (d1cv)");
    expect(screen.said).toContain("down & out");
    await screen.submit({ commit: "1" });
    expect(screen.said).toContain("Sending commit *#1* to d1cv again, attempt 2");
    expect((await world.rows("jobs"))[0]).toMatchObject({ state: "pending", attempt: 2 });
  });

  test("the retry form is not opened for whoever may not retry", async () => {
    const world = await failed();
    expect((await world.command(author, "retry")).said).toContain("Only an approver may retry a push");
    expect(slack.views.stack).toEqual([]);
  });

  test("the retry form refuses who lost the role, above its inputs", async () => {
    const world = await failed();
    const screen = await new Screen(world, approver).command("retry");
    await world.grant(approver, "editor");
    await screen.submit();
    expect(screen.said).toContain("Only an approver may retry a push");
    expect(screen.view).toMatchObject({ callback_id: "retry" });
  });

  test("the retry form is not opened when nothing has failed", async () => {
    const world = await createWorld();
    expect((await world.command(approver, "retry")).said).toContain("No push waits for a retry");
    expect(slack.views.stack).toEqual([]);
  });
});

describe("the search form", () => {
  test("the search form shows what was found", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, viewer).command("search");
    await screen.submit({ query: "Python" });
    expect(screen.said).toMatch(/hits?\* for \*Python\*/);
  });

  test("the search form keeps the query when no target answers", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets)) target.mood = "down";
    const screen = await new Screen(world, viewer).command("search");
    await screen.submit({ query: "Python" });
    expect(screen.said).toContain(":warning:");
    expect(screen.view).toMatchObject({ callback_id: "search" });
  });
});

describe("the settings form", () => {
  test("the settings form saves all settings, and shows them when opened again", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, admin).command("settings change");
    await screen.submit({ approvals: "2", channel: world.channel });
    expect(screen.said).toContain("A commit needs 2 approvals.");
    expect((await world.rows("workspaces"))[0]).toMatchObject({
      mode: "team",
      approvals_needed: 2,
      channel_id: world.channel,
    });
    const again = await new Screen(world, admin).command("settings change");
    expect(JSON.stringify(again.view)).toContain(`"initial_conversation":"${world.channel}"`);
    expect(JSON.stringify(again.view)).toContain('"initial_value":"2"');
  });

  test("the settings form refuses two approvals in solo mode", async () => {
    const world = await createWorld();
    const before = await world.facts();
    const screen = await new Screen(world, admin).command("settings change");
    await screen.submit({ mode: "solo", approvals: "2" });
    expect(screen.said).toMatch(/:warning: .*solo/i);
    expect(await world.facts()).toBe(before);
  });

  test("the settings form is not opened for others, who read the settings instead", async () => {
    const world = await createWorld();
    const { said } = await world.command(author, "settings change");
    expect(said).toContain("A commit needs 1 approval.");
    expect(said).not.toContain("Change…");
    expect(slack.views.stack).toEqual([]);
  });
});

describe("the role form", () => {
  test("the role form gives several people a role, and cards name them", async () => {
    const world = await inReview();
    const screen = await new Screen(world, admin).command("roles give");
    await screen.submit({ people: [viewer, otherAuthor], role: "approver" });
    expect(screen.said).toContain(`<@${viewer}> is an approver now, and was a viewer.`);
    await world.settle();
    expect(textsOf(world.message(/Commit #1/))).toContain(`<@${viewer}>`);
  });

  test("the role form reports missing inputs", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, admin).command("roles give");
    await screen.submit();
    expect(screen.errors).toEqual({ role: "Choose a role." });
    await screen.submit({ role: "editor" });
    expect(screen.errors).toEqual({ people: "Choose at least one person." });
  });

  test("the role form refuses to demote the last admin", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, admin).command("roles give");
    await screen.submit({ people: [admin], role: "viewer" });
    expect(screen.said).toContain(":warning:");
    expect(screen.view).toMatchObject({ callback_id: "role" });
  });
});
