/** A message becomes a change, or several: always by way of a form. */
import { describe, expect, test } from "vitest";
import { Screen } from "../../../test/support/bot/screen.ts";
import { slack, targets } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, viewer } = people;
const years = "field:experience_years";

const from = async (text: string, userId: string = author): Promise<{ world: World; screen: Screen; ts: string }> => {
  const world = await createWorld();
  const ts = slack.somebodyPosts(world.channel);
  const screen = await new Screen(world, userId).messageShortcut("stage_message", { text, ts, user: "U0BLAKE01" });
  return { world, screen, ts };
};

const stagedIn = async (world: World): Promise<Record<string, unknown>[]> => world.rows("staged_changes");

const list = "Please:\n• Python is 8 years now\n• drop jQuery\n• add Rust, 1 year, Backend";

describe("a message with one change", () => {
  test("a message with one change fills the form and stages nothing yet", async () => {
    const { world, screen } = await from("*Python* is 8 years now :snake:");
    expect(screen.said).toContain("><!date^00000000^{_}|*Python* is 8 years now :snake:>");
    expect(screen.input(years)).toMatchObject({
      hint: { text: "Now: 5. A number from 0 to 60" },
      element: { initial_value: "8" },
    });
    expect(await stagedIn(world)).toEqual([]);
  });

  test("a message with one change is stored as the source of the change", async () => {
    const { world, screen, ts } = await from("Python is 8 years now");
    await screen.submit();
    const [change] = await stagedIn(world);
    expect(change).toMatchObject({
      payload: '{"experience_years":8}',
      permalink: `https://noor.slack.test/archives/${world.channel}/p${ts.replace(".", "")}`,
      source_author: "U0BLAKE01",
    });
    const cards = (await world.rows("cards")).filter(({ kind }) => kind === "change");
    expect(cards).toMatchObject([{ subject_id: change?.["id"], channel_id: world.channel, thread_ts: ts }]);
    await world.settle();
    expect(world.message(/Staged as change 1|Change 1/).threadTs).toBe(ts);
  });

  test("a message with one change gets a reply that follows the change", async () => {
    const { world, screen, ts } = await from("Python is 8 years now");
    await screen.submit();
    await world.settle();
    const reply = world.message(/as change \*1\*/);
    expect(reply.threadTs).toBe(ts);
    const saysAfter = async (userId: string, text: string): Promise<string> => {
      await world.run([userId, text]);
      await world.settle();
      return textsOf(reply);
    };
    expect(await saysAfter(author, 'commit -m "One"')).toContain("In commit #1, which is in review.");
    expect(await saysAfter(author, "reopen 1")).not.toContain("In commit");
    expect(await saysAfter(author, 'commit -m "Two"')).toContain("In commit #2, which is in review.");
    expect(await saysAfter(people.approver, "approve 2")).toContain("In commit #2, approved");
    expect(await saysAfter(author, "reopen 2")).not.toContain("In commit");
    expect(await saysAfter(author, "unstage 1")).toContain("Unstaged.");
    expect(world.messages.filter(({ threadTs }) => threadTs === ts)).toHaveLength(1);
  });

  test("a message in a thread gets its reply in the thread", async () => {
    const world = await createWorld();
    const parent = slack.somebodyPosts(world.channel);
    const message = { text: "drop jQuery", ts: "1.2", threadTs: parent };
    const screen = await new Screen(world, author).messageShortcut("stage_message", message);
    expect(screen.said).toContain("*jQuery* will be removed");
    await screen.submit();
    expect((await world.rows("cards")).filter(({ kind }) => kind === "change")).toMatchObject([{ thread_ts: parent }]);
  });

  test("a message is staged without a link when Slack gives none", async () => {
    const world = await createWorld();
    slack.fail("chat.getPermalink", { error: "channel_not_found" });
    const message = { text: "Python is 8 years now", ts: slack.somebodyPosts(world.channel) };
    const screen = await new Screen(world, author).messageShortcut("stage_message", message);
    await screen.submit();
    expect(await stagedIn(world)).toMatchObject([{ permalink: null, source_author: "U0AVERY01" }]);
  });

  test("a message that is not understood stands above an empty form", async () => {
    const { screen } = await from("We should say <https://example.com|more> about &lt;tides&gt; & <@U0BLAKE01>");
    expect(screen.said).toContain("more about &lt;tides&gt; &amp; @U0BLAKE01");
    expect(screen.has("row:technology")).toBe(true);
    expect(screen.has("field:")).toBe(false);
  });

  test.each(["", "x".repeat(40_000), "<".repeat(5000), "\n".repeat(5000), '"\\'.repeat(2000)])(
    "a message of any text opens a form that Slack accepts: %#",
    async (text) => {
      const { screen } = await from(text);
      expect(screen.has("type")).toBe(true);
    },
  );
});

describe("what of a message is not understood", () => {
  test("a number goes to the row that it stands beside, and the rest is listed above the form", async () => {
    const { screen } = await from("Rust to 3 years, Python to 10 years");
    expect(screen.input(years)).toMatchObject({ element: { initial_value: "10" } });
    expect(screen.said).toContain("Not understood, or nothing to change:");
    expect(screen.said).toContain("Rust to 3 years");
  });

  test("a message with several changes lists below their lines what is not understood", async () => {
    const { screen } = await from("Rust to 3 years, Python to 10 years and drop jQuery");
    expect(screen.inputs).toHaveLength(2);
    expect(screen.said).toMatch(/Not understood, or nothing to change:[*\s]*•  Rust to 3 years/);
  });
});

describe("a message with several changes", () => {
  test("a message with several changes has a line for each, staged together", async () => {
    const { world, screen } = await from(list);
    expect(
      screen.inputs.map(({ label, element }) => [label.text, "initial_value" in element && element.initial_value]),
    ).toEqual([
      ["Python is 8 years now", "update technology python-1 experience_years=8"],
      ["drop jQuery", "delete technology jquery-1"],
      ["add Rust, 1 year, Backend", "create technology name=Rust experience_years=1 category=Backend"],
    ]);
    await screen.submit({ "line:0": "update technology python-1 experience_years=9 level=Expert", "line:1": null });
    expect(screen.said).toMatch(/Staged 2 changes\.[\s\S]*change 1[\s\S]*change 2/);
    expect(await stagedIn(world)).toMatchObject([
      { number: 1, action: "UPDATE", payload: '{"experience_years":9,"level":"Expert"}', source_author: "U0BLAKE01" },
      { number: 2, action: "CREATE" },
    ]);
    expect((await world.rows("job_events")).map(({ type }) => type)).toEqual(["change.staged", "change.staged"]);
  });

  test("a line of a message's form is read as it stands, as Slack escapes nothing", async () => {
    const { world, screen } = await from(list);
    await screen.submit({
      "line:0": 'create technology name="a <b> &lt; “c” \\“d\\”" category=Backend',
      "line:1": null,
      "line:2": null,
    });
    expect(await stagedIn(world)).toMatchObject([{ payload: '{"name":"a <b> &lt; “c” “d”","category":"Backend"}' }]);
  });

  test("an invalid line of a message's form is reported, and nothing is staged", async () => {
    const { world, screen } = await from(list);
    await screen.submit({
      "line:0": "update technology cobol-1 experience_years=8",
      "line:1": "update technology jquery-1 experience_years=99",
    });
    expect(screen.errors).toEqual({
      "line:0": expect.stringContaining("There is no technology cobol-1") as string,
      "line:1": expect.stringContaining("must be a number from 0 to 60") as string,
    });
    expect(await stagedIn(world)).toEqual([]);
    await screen.submit({
      "line:0": "updat technology python-1 level=Expert",
      "line:1": 'update technology "jquery-1',
    });
    expect(screen.errors).toEqual({
      "line:0": expect.stringContaining("Did you mean update?") as string,
      "line:1": expect.stringContaining("A quote is never closed") as string,
    });
    await screen.submit({ "line:0": "update technology python-1", "line:1": "update nonsense x a=1" });
    expect(Object.keys(screen.errors)).toEqual(["line:0"]);
    await screen.submit({ "line:0": null, "line:1": null, "line:2": null });
    expect(screen.errors).toEqual({ "line:0": "Leave at least one line." });
    expect(await stagedIn(world)).toEqual([]);
    await screen.submit({ "line:2": "/cv stage delete technology jquery-1" });
    expect(await stagedIn(world)).toHaveLength(1);
  });

  test("a message's form that is submitted twice stages its changes once", async () => {
    const { world, screen } = await from(list);
    const submission = screen.submission();
    await screen.interact(submission);
    await screen.answer(await screen.interact(submission));
    expect(await stagedIn(world)).toHaveLength(3);
    expect(screen.said).toMatch(/Staged 3 changes\.[\s\S]*change 1[\s\S]*change 3/);
  });
});

test("a message's form is refused to a viewer with the reason", async () => {
  const { screen } = await from(list, viewer);
  expect(screen.said).toContain("Only an editor may stage changes");
  expect(screen.inputs).toEqual([]);
});

test("a message's form is empty when no target answers", async () => {
  const world = await createWorld();
  for (const target of Object.values(targets)) target.mood = "down";
  const message = { text: "Python is 8 years now", ts: slack.somebodyPosts(world.channel) };
  const screen = await new Screen(world, author).messageShortcut("stage_message", message);
  expect(screen.said).toMatch(/>Python is 8 years now[\s\S]*No target answers/);
});

describe("what Slack makes of a message", () => {
  test.each([
    ["Python’s level is “Expert”", { level: "Expert" }],
    ["Python: level → „Expert“", { level: "Expert" }],
    ["Python level=«Expert»", { level: "Expert" }],
  ])("typographic quotes around a value delimit it: %s", async (text, values) => {
    const { world, screen } = await from(text);
    await screen.submit();
    const [staged] = await stagedIn(world);
    expect(JSON.parse(String(staged?.["payload"]))).toEqual(values);
  });
});
