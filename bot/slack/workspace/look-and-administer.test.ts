/** `/cv settings`, `/cv roles`, `/cv commits`, `/cv log`, `/cv edit`, and options of `/cv commit` and `/cv review`. */
import { describe, expect, test } from "vitest";
import { clock } from "../../../test/support/bot/clock.ts";
import { createWorld, people } from "../../../test/support/bot/world.ts";
import { commandButton } from "../core/buttons/command-button.ts";

const { admin, author, otherAuthor, approver, otherApprover, viewer } = people;
const python = "stage update technology python-1 experience_years=8";
const jquery = "stage delete technology jquery-1";
const rust = "stage create technology name=Rust category=Backend";

describe("settings", () => {
  test("/cv settings shows everybody the settings, and admins how to change them", async () => {
    const world = await createWorld();
    const { said } = await world.command(viewer, "settings");
    expect(said).toMatch(/Team mode[\s\S]*needs 1 approval[\s\S]*the channel in which a command is used/);
    expect(said).not.toContain("/cv settings approvals");
    expect((await world.command(admin, "settings")).said).toContain("/cv settings approvals 2");
  });

  test("/cv settings warns when too few people may approve", async () => {
    const world = await createWorld();
    expect((await world.command(admin, "settings approvals 3")).said).toBe(
      "A commit needs 3 approvals.\nA commit needs 3 approvals.",
    );
    expect((await world.command(admin, "settings approvals 5")).said).toMatch(
      /:warning: Only 3 people.*so no commit can get 5 approvals/,
    );
    expect(await world.rows("workspaces")).toMatchObject([{ approvals_needed: 5 }]);
  });

  test("/cv settings with fewer approvals approves commits that have enough", async () => {
    const world = await createWorld();
    await world.run([admin, "settings approvals 2"], [author, python], [author, "commit x"], [approver, "approve 1"]);
    expect((await world.command(admin, "settings approvals 1")).said).toMatch(/Approved by it.*\*#1\*/);
    await world.settle();
    expect(JSON.stringify(world.message(/Commit #1/).blocks)).toContain("Approved by");
  });

  test.each([
    ["settings channel <#C0CARDS01|portfolio>", "C0CARDS01"],
    ["settings channel none", null],
  ])("/cv %s sends cards to %s", async (text, channelId) => {
    const world = await createWorld();
    await world.run([admin, "settings channel here"]);
    expect(await world.rows("workspaces")).toMatchObject([{ channel_id: world.channel }]);
    await world.run([admin, text]);
    expect(await world.rows("workspaces")).toMatchObject([{ channel_id: channelId }]);
  });

  test.each<[string, string, RegExp]>([
    [approver, "settings approvals 2", /Only an admin may change settings/],
    [admin, "settings approvals", /Say how many/],
    [admin, "settings approvals two", /`two` is not a number/],
    [admin, "settings approvals 9", /needs 1 to 5 approvals/],
    [admin, "settings channel #portfolio", /choose it from the list/],
    [admin, "settings channel", /Say which channel/],
  ])("/cv settings is refused with a reason: %s types %s", async (userId, text, expected) => {
    const world = await createWorld();
    const before = await world.facts();
    expect((await world.command(userId, text)).said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });
});

describe("roles", () => {
  test("/cv roles lists people and what each role may do", async () => {
    const world = await createWorld();
    const { said } = await world.command(viewer, "roles");
    expect(said).toMatch(
      new RegExp(`\\*admin\\*: <@${admin}>[\\s\\S]*\\*approver\\*: <@${otherApprover}>, <@${approver}>`),
    );
    expect(said).toMatch(/\*editor\*[\s\S]*may also stage changes, commit/);
  });

  test("/cv roles gives several people a role that works at once", async () => {
    const world = await createWorld();
    const { said } = await world.command(admin, `roles <@${viewer}|viktor> <@${author}|avery> approver`);
    expect(said).toContain(`<@${viewer}> is an approver now, and was a viewer.`);
    await world.run([otherAuthor, python], [otherAuthor, "commit x"], [viewer, "approve 1"]);
    expect((await world.rows("job_events")).filter(({ type }) => type === "member.role_set")).toHaveLength(2);
  });

  test.each<[string, string, RegExp]>([
    [admin, "roles @blake approver", /`@blake` is a name.*choose the person from the list/],
    [admin, `roles <@${viewer}|viktor>`, /Say which role/],
    [admin, "roles approver", /Say who gets the role/],
    [admin, `roles <@${viewer}|viktor> editr`, /`editr` is not a role\. Did you mean `editor`\?/],
    [admin, `roles <@${admin}|carla> viewer`, /is the last admin, and a workspace needs one/],
    [approver, `roles <@${viewer}|viktor> editor`, /Only an admin may give roles/],
  ])("/cv roles is refused with a reason: %s types %s", async (userId, text, expected) => {
    const world = await createWorld();
    const before = await world.facts();
    expect((await world.command(userId, text)).said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });
});

describe("edit", () => {
  test("/cv edit changes a staged change and shows it", async () => {
    const world = await createWorld();
    await world.run([author, python]);
    expect((await world.command(author, "edit 1 experience_years=9")).said).toContain(
      "Change 1 is now:  :pencil2: Change  Python: experience_years 5 → 9",
    );
    expect(await world.rows("staged_changes")).toMatchObject([{ payload: '{"experience_years":9}' }]);
  });

  test.each<[string, string, RegExp]>([
    [author, "edit", /Say which change/],
    [author, "edit python x=1", /`python` is not the number of a change/],
    [author, "edit 7 name=x", /There is no staged change 7/],
    [author, "edit 2 name=x", /Change 2 deletes a row.*`\/cv unstage 2`/],
    [author, "edit 1 experience_years=lots colour=red", /`experience_years` must be[\s\S]*`colour` is not a field/],
    [otherAuthor, "edit 1 experience_years=9", /belongs to <@U0AVERY01>/],
    [otherAuthor, "edit 3 experience_years=9", /Change 3 is part of commit #1\. .*`\/cv reopen 1` stages its changes/],
    [viewer, "edit 1 experience_years=9", /Only an editor may stage changes/],
  ])("/cv edit is refused with a reason: %s types %s", async (userId, text, expected) => {
    const world = await createWorld();
    await world.run([author, python], [author, jquery], [otherAuthor, rust], [otherAuthor, "commit x"]);
    const before = await world.facts();
    expect((await world.command(userId, text)).said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });
});

describe("commit --only", () => {
  test.each([
    'commit -m "Two" --only 1 3',
    'commit -m "Two" --only 1,3',
    "commit Two --only=1,3",
    'commit --only #1, #3 -m "Two"',
  ])("/cv %s commits only the numbered changes", async (text) => {
    const world = await createWorld();
    await world.run([author, python], [author, jquery], [author, `${python}.5`], [author, text]);
    const states = (await world.rows("staged_changes")).map(({ state }) => state);
    expect(states).toEqual(["committed", "staged", "committed"]);
    expect(await world.rows("commits")).toMatchObject([{ message: "Two" }]);
  });

  test("/cv commit --only leaves the words of the message alone", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, jquery], [author, "commit --only 2 Remove jQuery"]);
    expect(await world.rows("commits")).toMatchObject([{ message: "Remove jQuery" }]);
  });

  test.each<[string, RegExp]>([
    ["commit Python 3 years --only 1", /not clear whether `3` belongs to the message/],
    ["commit x --only python", /`python` is not the number of a change/],
    ["commit x --only 9", /There is no staged change 9/],
    ["commit x --only 3", /belongs to <@U0BLAKE01>/],
    ["commit --only 1", /say in a few words what it does/],
  ])("/cv commit --only is refused with a reason: %s", async (text, expected) => {
    const world = await createWorld();
    await world.run([author, python], [author, jquery], [otherAuthor, rust]);
    const before = await world.facts();
    expect((await world.command(author, text)).said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });

  test("/cv commit --only names both changes when one needs the other", async () => {
    const world = await createWorld();
    await world.run(
      [author, "stage create technology name=Rust category=Backend"],
      [author, "stage update technology Rust experience_years=2"],
    );
    expect((await world.command(author, "commit x --only 2")).said).toMatch(
      /Change 2 .* change 1 creates.*`\/cv commit --only 1,2`/,
    );
  });
});

describe("review with people", () => {
  test("/cv review with people sends them the card", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x --draft"]);
    const { said } = await world.command(author, `review 1 <@${approver}|priya>`);
    expect(said).toContain(`<@${approver}> gets it as a direct message.`);
    expect((await world.rows("cards")).map(({ channel_id }) => channel_id)).toContain(approver);
  });

  test.each<[string, RegExp]>([
    ["review 1 @priya", /`@priya` is a name/],
    [`review 1 <@${otherAuthor}|olive>`, /<@U0BLAKE01> may not approve commit #1\. Ask .*<@U0PRIYA01>/],
  ])("/cv review with people is refused with a reason: %s", async (text, expected) => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x --draft"]);
    const before = await world.facts();
    expect((await world.command(author, text)).said).toMatch(expected);
    expect(await world.facts()).toBe(before);
  });
});

describe("lists by page", () => {
  test("/cv commits has buttons to other pages, which keep the filters", async () => {
    const world = await createWorld();
    for (let count = 1; count <= 17; count += 1) {
      await world.run([author, `${python} --note "${count}"`], [author, `commit number ${count}`]);
    }
    const first = await world.command(viewer, `commits --author <@${author}|avery> --since 7d`);
    const command = `commits --author ${author} --since 7d`;
    expect(JSON.stringify(first.blocks)).toContain(commandButton("go", "Older", `${command} --before 3`).value);
    expect(JSON.stringify(first.blocks)).toContain(`again:`);
    expect(first.said).not.toContain("Newer");
    const second = await world.command(viewer, `${command} --before 3`);
    expect(second.said).toMatch(/\*#2\*[\s\S]*\*#1\*/);
    expect(JSON.stringify(second.blocks)).toContain(commandButton("go", "Newer", command).value);
    expect(second.said).not.toContain("Older");
  });

  test.each([
    ["undo 1", "`/cv unstage`"],
    ["revert 1", "`/cv unstage`"],
    ["deploy 1 all", "`/cv push`"],
    ["constructor", "`/cv help` lists"],
  ])("a command by a name that others use leads to ours: /cv %s", async (text, expected) => {
    const world = await createWorld();
    expect((await world.command(author, text)).said).toContain(expected);
  });

  test.each<[string, RegExp]>([
    ["commits --status aproved", /no status `aproved`\. Did you mean `approved`\?/],
    ["commits --since yesterday", /`yesterday` is not a time like 12h/],
    ["commits --since 2026-02-30", /`2026-02-30` is not a time/],
    ["commits --author blake", /`blake` is a name/],
    ["commits --before x", /`x` is not the number of a commit/],
    ["commits all", /`all` is too much/],
    ["log all", /`all` is too much/],
    ["log --before x", /`x` is not the id of an event/],
  ])("/cv commits and /cv log are refused with a reason: %s", async (text, expected) => {
    const world = await createWorld();
    expect((await world.command(viewer, text)).said).toMatch(expected);
  });

  test("/cv commits --since lists commits from that time", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit old"]);
    clock.to(clock.nowMs() + 2 * 3_600_000);
    await world.run([author, jquery], [author, "commit new"]);
    const { said } = await world.command(viewer, "commits --since 1h");
    expect(said).toContain("*#2*");
    expect(said).not.toContain("*#1*");
  });

  test("/cv log lists what happened, newest first, by page", async () => {
    const world = await createWorld();
    expect((await world.command(viewer, "log")).said).toContain("Nothing has happened yet");
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"], [approver, "push 1"]);
    const { said } = await world.command(viewer, "log");
    expect(said).toMatch(
      /started push \*#1\* of commit \*#1\*[\s\S]*approved commit \*#1\*[\s\S]*created commit \*#1\*: Python: experience_years 5 → 8, and wrote “x”[\s\S]*staged change 1: Python/,
    );
    for (let count = 0; count < 20; count += 1)
      await world.run([author, `stage create technology name=T${count} category=Backend`]);
    const { blocks } = await world.command(viewer, "log");
    expect(JSON.stringify(blocks)).toMatch(/go:log --before \d+/);
  });
});
