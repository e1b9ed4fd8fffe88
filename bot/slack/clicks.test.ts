import { describe, expect, test } from "vitest";
import { signedSlackRequest } from "../../test/support/bot/slack-request.ts";
import { type Clickable, clickablesOf } from "../../test/support/bot/clickables.ts";
import { Driver, lookAt } from "../../test/support/bot/clicking-person.ts";
import { Screen } from "../../test/support/bot/screen.ts";
import { brokenRules } from "../../test/support/bot/message-rules.ts";
import { slack, targets } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";
import { clickOf } from "./core/buttons/row-menu.ts";
import { moreMenus } from "./components/menus.ts";
import { groups } from "./home/command-groups.ts";
import { commands } from "./commands.ts";

const { admin, author, approver, otherApprover, viewer } = people;
const python = "stage update technology python-1 experience_years=8";

const openHome = async (world: World, userId: string): Promise<Driver> => {
  const event = { type: "app_home_opened", user: userId, channel: "D1", tab: "home", event_ts: "1.1" };
  const body = { type: "event_callback", team_id: world.team, event_id: `Ev${Math.random()}`, event_time: 1, event };
  await world.send(signedSlackRequest(JSON.stringify(body)));
  await world.settle();
  return new Driver(world, userId, "home");
};

// The admin's commits: 1 in review, 2 rejected, 3 draft, 4 approved, 5 failed, 6 in flight; two changes. Not theirs:
// 7 in review, 8 approved by them.
const busyWorld = async (): Promise<World> => {
  const world = await createWorld();
  const names = ["one", "two", "three", "four", "five", "six"];
  for (const [index, name] of names.entries()) {
    await world.run(
      [admin, `stage create technology name=T${index} category=Backend`],
      [admin, `commit ${name}${name === "three" ? " --draft" : ""}`],
    );
  }
  await world.run([approver, "reject 2 not yet"]);
  for (const number of [4, 5, 6]) await world.run([approver, `approve ${number}`]);
  await world.run([approver, "push 5"]);
  await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "no space" } });
  await world.run([approver, "push 6"]);
  await world.run([author, python], [author, "commit seven"]);
  await world.run(
    [author, "stage update technology python-1 level=Expert"],
    [author, "commit eight"],
    [admin, "approve 8"],
  );
  await world.run([admin, python], [admin, "stage delete technology jquery-1"]);
  return world;
};

/** What a click does, as what would be typed: the name of a command, or of a button of the cards. */
const verbOf = (clickable: Clickable): string => {
  const click = decoded(clickable);
  if (click && "button" in click) return click.button.action.replace(/^commit\.|^push\./, "");
  return click?.command.command.split(" ")[0] ?? "?";
};

const decoded = ({ type, actionId, value }: Clickable) =>
  clickOf({ type, action_id: actionId, ...(type === "button" ? { value } : { selected_option: { value } }) });

/** What only shows something. */
const shownBy = (clickable: Clickable): string | undefined => {
  const click = decoded(clickable);
  return click && "command" in click && click.command.click === "go" ? click.command.command : undefined;
};

/** Follows everything that only shows something, and notes what else there is. */
const walk = async (start: Driver): Promise<{ met: Set<string>; dead: string[] }> => {
  const { world, userId } = start;
  const met = new Set<string>();
  const dead: string[] = [];
  const seen = new Set<string>();
  const queue = [...start.clickables];
  for (let next = queue.shift(); next; next = queue.shift()) {
    met.add(verbOf(next));
    const click = decoded(next);
    if (click?.asks && "command" in click) {
      const asked = await (await lookAt(world, userId)).click({ ...next, blockId: "again:0:" });
      if (!/\?\*\n/.test(asked.said))
        dead.push(`${click.command.command} is not asked about: ${asked.said.slice(0, 200)}`);
      continue;
    }
    const command = shownBy(next);
    // Changes nothing but what an index holds; and it is walked to, not through.
    if (command === undefined || seen.has(command) || /^rein|^reconcile/.test(command)) continue;
    seen.add(command);
    const before = slack.views.contents.length;
    const driver = await (await lookAt(world, userId)).click({ ...next, blockId: "again:0:" });
    if (slack.views.contents.length > before) {
      met.add(String(slack.views.stack.at(-1)?.view.callback_id));
      driver.closeModals();
      continue;
    }
    if (/:warning: There is no|Type `\/cv/.test(driver.said)) dead.push(`${command}: ${driver.said.slice(0, 200)}`);
    dead.push(...brokenRules(driver.blocks).map((rule) => `${command}: ${rule}`));
    queue.push(...driver.clickables);
  }
  return { met, dead };
};

/** Reached by a form or by a button under another name. */
const doneBy: Record<string, string> = { "": "help" };

test("the command of a button is read unchanged, as Slack escapes nothing there", async () => {
  const world = await createWorld();
  const driver = await lookAt(world, people.author, "search Python");
  const value = 'go:search "a <b> &amp; c"';
  await driver.click({ blockId: "b", type: "button", actionId: value, value, label: "x" });
  expect(driver.said).toContain("a &lt;b&gt; &amp;amp; c");
});

describe("commands by clicks", () => {
  test("every command can be reached by clicks from /cv alone", { timeout: 60_000 }, async () => {
    const world = await busyWorld();
    const { met, dead } = await walk(await lookAt(world, admin));
    expect(dead).toEqual([]);
    const missing = commands.map(({ name }) => name).filter((name) => !met.has(name) && !met.has(doneBy[name] ?? name));
    expect(missing).toEqual([]);
  });

  test("Home offers the commands that one starts from", async () => {
    const world = await busyWorld();
    const home = await openHome(world, admin);
    const verbs = new Set(home.clickables.map(verbOf));
    for (const { entries } of moreMenus) for (const { command } of entries) expect(verbs).toContain(command);
    for (const verb of [
      "stage",
      "commit",
      "edit",
      "unstage",
      "approve",
      "reject",
      "push",
      "retry",
      "reopen",
      "drop",
      "review",
      "show",
    ])
      expect([...verbs]).toContain(verb);
  });
});

test("the table of commands, its groups and the menus agree", () => {
  const names = commands.map(({ name }) => name);
  expect(Object.values(groups).flat().toSorted()).toEqual(names.toSorted());
  for (const { label, command, permission } of moreMenus.flatMap(({ entries }) => entries)) {
    const found = commands.find(({ name }) => name === command);
    expect({ label, permission }).toEqual({ label, permission: found?.permission });
  }
});

describe("a private list", () => {
  const inReview = async (): Promise<World> => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit Skill updates"]);
    return world;
  };

  test("a private list shows at once what a click on it has changed", async () => {
    const world = await inReview();
    const driver = await lookAt(world, approver);
    expect(driver.said).toContain("needs your approval");
    await driver.click("Approve");
    expect(driver.said).toContain("approved, ready to push to d1cv, ai-agent");
    expect(await world.rows("approvals")).toMatchObject([{ decided_by: approver, decision: "approved" }]);
    await driver.click("Push to all");
    expect(driver.said).toContain("On the way");
    expect((await world.rows("job_events")).map(({ type }) => type)).toContain("push.started");
  });

  test("Drop in a menu asks in the place of the list, and the list comes back with what was done", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x --draft"]);
    const driver = await lookAt(world, author);
    await driver.click("Drop");
    expect(driver.said).toContain("*Drop commit #1?*\nIt is discarded with its changes.");
    expect(await world.rows("commits")).toMatchObject([{ review: "draft" }]);
    await driver.click("Back");
    expect(driver.said).toContain("a draft, nobody was asked to review it");
    await driver.click("Drop");
    await driver.click("Drop");
    expect(driver.said).toMatch(/Dropped commit \*?#1[\s\S]*No action items/);
    expect(await world.rows("commits")).toMatchObject([{ review: "dropped" }]);
  });

  test.each([
    ["removes a row", ["stage delete technology jquery-1"], /What it does: Remove technology: jQuery\./],
    [
      "changes eleven rows",
      Array.from({ length: 11 }, (_, index) => `stage create technology name=T${index} category=Backend`),
      /What it does: 11 technologies added\./,
    ],
    [
      "removes a row and looks like a count",
      ['stage create technology name="1 x" category=Backend', "stage delete technology odd-1"],
      /Remove technology: climate changed/,
    ],
  ])("Approve in a menu asks once where the commit %s", async (_what, lines, question) => {
    const world = await createWorld();
    world.putRow("odd-1", { name: "climate changed", category: "Backend" });
    for (const line of lines) await world.run([author, line]);
    await world.run([author, "commit x"]);
    const driver = await lookAt(world, approver);
    await driver.click("Approve");
    expect(driver.said).toMatch(question);
    expect(await world.rows("approvals")).toEqual([]);
    await driver.click("Approve");
    expect(driver.said).toContain("approved, ready to push to d1cv, ai-agent");
    expect(await world.rows("approvals")).toMatchObject([{ decided_by: approver, decision: "approved" }]);
  });

  test("Approve in a menu of a commit that has other content by now says so before it asks", async () => {
    const world = await createWorld();
    await world.run([author, "stage delete technology jquery-1"], [author, "commit x"]);
    const driver = await lookAt(world, approver);
    await world.run([author, "reopen 1"]);
    await driver.click("Approve");
    expect(driver.said).toContain("Commit #1 is not in review: it is reopened");
    expect(driver.clickables.map(({ label }) => label)).not.toContain("Approve");
  });

  test("a private list that is old says who decided, and is refreshed", async () => {
    const world = await inReview();
    const driver = await lookAt(world, approver);
    await world.run([otherApprover, "approve 1"]);
    const before = await world.facts();
    await driver.click("Approve");
    expect(driver.said).toContain(`Commit #1 was approved already by <@${otherApprover}>`);
    expect(driver.said).toContain("ready to push");
    expect(driver.clickables.map(({ label }) => label)).not.toContain("Approve");
    expect(await world.facts()).toBe(before);
  });

  test("a private list is no card, so nothing is written to it later", async () => {
    const world = await inReview();
    await world.settle();
    await (await lookAt(world, approver)).click("Approve");
    await world.settle();
    expect((await world.rows("cards")).filter(({ kind }) => kind === "commit")).toHaveLength(1);
    expect(slack.callsOf("chat.update").filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  });

  test("a private list leads to details and back", async () => {
    const world = await inReview();
    const driver = await lookAt(world, approver);
    await driver.click("Show");
    expect(driver.said).toContain("status `pending`");
    await driver.click("Back");
    expect(driver.said).toContain("Action items");
  });

  test("a private list is reached again from every page of its details", async () => {
    const world = await createWorld();
    for (let number = 0; number < 24; number += 1)
      await world.run([
        author,
        `stage create technology name=T${number} category=Backend summary="${"word ".repeat(100)}"`,
      ]);
    await world.run([author, "commit Many"]);
    const driver = await lookAt(world, approver, "show 1");
    await driver.click("Details");
    await driver.click("Next");
    expect(driver.said).toContain("Page 2 of");
    await driver.click("Previous");
    expect(driver.said).toContain("Page 1 of");
    await driver.click("Back");
    expect(driver.said).toContain("status `pending`");
    expect(driver.clickables.map(({ label }) => label)).not.toContain("Back");
  });

  test("a private list of staged changes unstages one and shows the rest", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "stage delete technology jquery-1"]);
    const driver = await lookAt(world, author, "staged");
    await driver.click("Unstage");
    expect(driver.said).toContain("*Unstage change 1?*\nIt is discarded.");
    await driver.click("Back");
    expect(driver.said).toContain("2 staged changes of yours");
    await driver.click("Unstage");
    await driver.click("Unstage");
    expect(driver.said).toMatch(/Unstaged 1 change[\s\S]*1 staged change of yours[\s\S]*jQuery/);
    expect(await world.rows("staged_changes")).toMatchObject([{ state: "discarded" }, { state: "staged" }]);
  });
});

describe("Home", () => {
  test("Home sends no reply to a successful click, and shows a refusal in a modal", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit Skill updates"]);
    const home = await openHome(world, approver);
    const old = home.clickables.find(({ label }) => label === "Approve");
    await home.click("Approve");
    expect(home.modal).toBeUndefined();
    await world.settle();
    expect(home.said).toContain("ready to push");

    await home.click(old ?? "Approve");
    expect(home.modal?.view).toMatchObject({ type: "modal", callback_id: "reply" });
    expect(home.said).toContain(`was approved already by <@${approver}>`);
  });

  test("Home asks in a modal before a commit that removes rows is approved, and shows it approved there", async () => {
    const world = await createWorld();
    await world.run([author, "stage delete technology jquery-1"], [author, "commit Less"]);
    const home = await openHome(world, approver);
    await home.click("Approve");
    expect(home.said).toMatch(/Approve commit #1\?[\s\S]*Remove technology: jQuery/);
    await home.click("Approve");
    expect(home.said).toMatch(/\*Commit #1\*.*approved/);
    expect(await world.rows("approvals")).toMatchObject([{ decided_by: approver, decision: "approved" }]);
    home.closeModals();
    await world.settle();
    expect(home.said).toContain("ready to push");
  });

  test("Home unstages a staged change by a click", async () => {
    const world = await createWorld();
    await world.run([author, python]);
    const home = await openHome(world, author);
    await home.click("Unstage");
    await home.click("Unstage");
    expect(home.said).toContain("Unstaged 1 change");
    home.closeModals();
    await world.settle();
    expect(home.said).not.toContain("Python: experience_years 5 → 8\nEdit");
    expect(home.clickables.map(({ label }) => label)).not.toContain("Unstage");
    expect(home.said).toContain("unstaged change 1");
  });
});

test("a workspace without any staged change gets a welcome with one thing to do", async () => {
  const world = await createWorld();
  const { blocks, said } = await world.command(author, "");
  expect(said).toMatch(/Welcome[\s\S]*1\. Stage[\s\S]*2\. Commit[\s\S]*3\. Push/);
  expect(JSON.stringify(blocks).split('"primary"')).toHaveLength(2);
  expect((await world.command(viewer, "")).said).toContain(`ask <@${admin}> for the role of editor`);
  await world.run([author, python], [author, "unstage 1"]);
  expect((await world.command(author, "")).said).toMatch(/No action items[\s\S]*Stage a change…/);
});

test("the main job goes by clicks alone: stage, commit, approve, push, status", async () => {
  const world = await createWorld();
  const authors = await lookAt(world, author);
  await authors.click("Stage a change…");
  const form = new Screen(world, author);
  await form.choose("type", "technology");
  await form.choose("action", "UPDATE");
  await form.choose("row", "python-1");
  await form.submit({ "field:experience_years": "8" });
  expect(authors.said).toContain("Staged as change 1");

  await authors.click("Commit…");
  await new Screen(world, author).submit({ message: "Skill updates" });
  authors.closeModals();

  const approvers = await lookAt(world, approver);
  await approvers.click("Approve");
  await approvers.click("Push to all");
  await approvers.click("Status");
  expect(approvers.said).toMatch(/Commit #1[\s\S]*d1cv: Sending[\s\S]*ai-agent: Waiting for its turn/);
  expect(await world.rows("commits")).toMatchObject([{ review: "approved", message: "Skill updates" }]);
  expect(await world.queued(1)).toMatchObject([{ attempt: 1 }]);
});

test("a reply has at most one primary button", async () => {
  const world = await busyWorld();
  for (const text of ["", "status", "staged", ...[1, 2, 3, 4, 5, 6, 7].flatMap((n) => [`show ${n}`, `status ${n}`])]) {
    const { blocks } = await world.command(admin, text);
    expect([text, JSON.stringify(blocks).split('"primary"').length - 1 <= 1]).toEqual([text, true]);
    expect(clickablesOf(blocks).length, text).toBeGreaterThan(0);
  }
});

test("a slow click on Home opens its modal before the trigger expires", async () => {
  const world = await createWorld();
  const home = await openHome(world, admin);
  for (const target of Object.values(targets)) target.delayMs = 1500;
  await home.click("Verify the targets");
  expect(slack.callsOf("views.open").map(({ outcome }) => outcome)).toEqual(["ok"]);
  expect(slack.views.contents.filter(({ type }) => type === "modal").map((view) => textsOf(view).slice(0, 50))).toEqual(
    [expect.stringContaining("Loading"), expect.stringContaining("What the targets hold")],
  );
});
