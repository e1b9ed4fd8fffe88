/** `/cv resolve`: what somebody else has changed under a commit, typed, clicked and in a form. */
import { describe, expect, test } from "vitest";
import { clickReply, labelsOf } from "../../../test/support/bot/private-click.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver, admin, otherAuthor } = people;
const python = { name: "Python", category: "Backend", experience_years: 5, level: "Advanced" };

/** Somebody changes Python at both targets, behind the bot's back. */
const change = (world: World, values: object): void => {
  for (const name of ["d1cv", "ai-agent"] as const) {
    targets[name].put(world.portfolioId, "technology", "python-1", { ...python, ...values });
  }
};

const drifted = async (staged = "experience_years=8"): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, `stage update technology python-1 ${staged}`],
    [author, 'commit -m "Skill updates"'],
    [approver, "approve 1"],
  );
  change(world, { experience_years: 7 });
  return world;
};
const payloads = async (world: World): Promise<unknown[]> =>
  (await world.rows("staged_changes")).map(({ payload }) => JSON.parse(String(payload)) as unknown);
const review = async (world: World): Promise<unknown> => (await world.rows("commits"))[0]?.["review"];

describe("a push that is refused for drift", () => {
  test("a refused push shows the three values, and Keep mine leads to a push", async () => {
    const world = await drifted();
    const refused = await world.command(approver, "push 1 all");
    expect(refused.said).toMatch(/Field +When staged +Live now +Yours\nexperience_years +5 +7 +8/);
    expect(labelsOf(refused)).toEqual(["Keep mine", "Take theirs", "Resolve…"]);

    const byAuthor = await world.command(admin, "push 1 all");
    expect(await clickReply(world, admin, byAuthor, "Keep mine")).toMatch(
      /Resolved 1 conflict in commit \*#1\*\.[^]*it needs approval again/,
    );
    expect(await review(world)).toBe("in_review");
    await world.run([approver, "approve 1"]);
    await world.mustSay(approver, "push 1 all", /has started/);
  });

  test("a button whose values are other ones by now shows those, and changes nothing", async () => {
    const world = await drifted();
    const refused = await world.command(admin, "push 1 all");
    change(world, { experience_years: 6 });
    expect(await clickReply(world, admin, refused, "Keep mine")).toMatch(
      /other ones than you looked at[^]*experience_years +5 +6 +8/,
    );
    expect(await review(world)).toBe("approved");
  });

  test("a deletion is offered with words of its own", async () => {
    const world = await createWorld();
    await world.run([author, "stage delete technology python-1"], [author, "commit gone"], [approver, "approve 1"]);
    change(world, { experience_years: 7 });
    const refused = await world.command(approver, "push 1 all");
    expect(refused.said).toMatch(/to be deleted by this commit/);
    expect(labelsOf(refused)).toEqual(["Delete anyway", "Take back the deletion", "Resolve…"]);
  });
});

describe("what is typed", () => {
  test("/cv resolve mine and theirs decide about all fields", async () => {
    const kept = await drifted();
    await kept.mustSay(author, "resolve 1 mine", /Resolved 1 conflict/);
    expect(await review(kept)).toBe("in_review");
    const given = await drifted();
    await given.mustSay(author, "resolve #1 theirs", /Nothing is left of it, so it was dropped/);
    expect(await review(given)).toBe("dropped");
  });

  test("/cv resolve decides about one field of a row, by its id or its name", async () => {
    const world = await drifted("experience_years=8 level=Expert");
    change(world, { experience_years: 7, level: "Beginner" });
    await world.mustSay(author, "resolve 1 theirs python level", /Still in conflict:[^]*experience_years/);
    expect(await payloads(world)).toEqual([{ experience_years: 8 }]);
    await world.mustSay(author, "resolve 1 python-1 experience_years=9", /Resolved 1 conflict/);
    expect(await payloads(world)).toEqual([{ experience_years: 9 }]);
  });

  test.each<[string, RegExp]>([
    ["resolve", /Say which commit/],
    ["resolve 1 ours", /Say \*mine\*, \*theirs\*/],
    ["resolve 1 mine go-1", /`go-1` is not in conflict\. Rows in conflict: `python-1`/],
    ["resolve 1 mine python-1 level", /`level` is not in conflict\. Fields in conflict: `experience_years`/],
    ["resolve 1 python-1 experience_years=many", /experience_years` must be a number/],
    ["resolve 7 mine", /There is no commit #7/],
  ])("what is wrong with /cv %s is said, and nothing changes", async (typed, said) => {
    const world = await drifted();
    // The first look records the conflict.
    await world.command(author, "why 1");
    const before = await world.facts();
    await world.mustSay(author, typed, said);
    expect(await world.facts()).toBe(before);
  });

  test("/cv resolve is refused to people who are neither author nor admin", async () => {
    const world = await drifted();
    await world.mustSay(otherAuthor, "resolve 1 mine", /only its author or an admin/);
    expect(await review(world)).toBe("approved");
  });

  test("/cv why leads its author to the form", async () => {
    const world = await drifted();
    const asked = await world.mustSay(author, "why 1", /is 7 now, yours is 8/);
    expect(labelsOf(asked)).toEqual(["Resolve conflicts…", "Look again"]);
  });
});

describe("the form", () => {
  test("the form has a choice for each field, and another value is checked", async () => {
    const world = await drifted("experience_years=8 level=Expert");
    change(world, { experience_years: 7, level: "Beginner" });
    const screen = await new Screen(world, author).command("resolve 1");
    expect(screen.said).toMatch(/Keep mine: 8[^]*Take theirs: 7[^]*Another value/);
    await screen.submit({ "field.0.0": "value", "field.0.0.value": "99", "field.0.1": "theirs" });
    expect(screen.errors["field.0.0.value"]).toMatch(/must be a number from 0 to 60/);
    await screen.submit({ "field.0.0": "value", "field.0.0.value": "9", "field.0.1": "theirs" });
    expect(screen.said).toMatch(/Resolved 2 conflicts/);
    expect(await payloads(world)).toEqual([{ experience_years: 9 }]);
  });

  test("a form whose values are other ones by now is refused above its inputs", async () => {
    const world = await drifted();
    const screen = await new Screen(world, author).command("resolve 1");
    change(world, { experience_years: 6 });
    await screen.submit({});
    expect(screen.said).toMatch(/other ones than you looked at/);
    expect(await review(world)).toBe("approved");
  });

  test("a commit without conflicts opens no form", async () => {
    const world = await createWorld();
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit one"]);
    const screen = await new Screen(world, author).command("resolve 1");
    expect(screen.said).toMatch(/there is nothing to resolve/);
  });
});
