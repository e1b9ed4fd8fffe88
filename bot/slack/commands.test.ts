/** Every command as a person types it, where it does what it is asked. */
import { describe, expect, test } from "vitest";
import { countedDatabase } from "../../test/support/bot/counted-database.ts";
import { Driver } from "../../test/support/bot/clicking-person.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { World, botWith, createWorld, people } from "../../test/support/bot/world.ts";
import { commands } from "./commands.ts";
import { groupNames } from "./home/command-groups.ts";

const { admin, author, otherAuthor, approver, otherApprover, viewer } = people;
const python = "stage update technology python-1 experience_years=8";

describe("help", () => {
  test.each([
    [
      viewer,
      ["help", "staged", "diff", "commits", "show", "status", "log", "settings", "roles"],
      ["stage", "commit", "approve", "push"],
    ],
    [author, ["stage", "unstage", "commit", "review", "drop", "reopen"], ["approve", "reject", "push", "retry"]],
    [approver, ["stage", "approve", "reject", "push", "retry"], ["dead-letters"]],
    [admin, ["stage", "approve", "push", "settings"], []],
  ])("help shows %s the commands of the role, and names the others", async (userId, own, others) => {
    const world = await createWorld();
    const help = await world.command(userId, "help");
    // A phone shows about so much at once.
    expect(help.blocks.length).toBeLessThanOrEqual(9);
    expect(help.said.length).toBeLessThan(1500);
    const topics = await Promise.all(groupNames.map((group) => world.command(userId, `help about ${group}`)));
    const said = [help, ...topics].map((reply) => reply.said).join("\n");
    for (const name of own) expect(said).toMatch(new RegExp(`\`/cv ${name}[ \`]`));
    for (const name of others) expect(said).not.toMatch(new RegExp(`\`/cv ${name}[ \`]`));
    for (const name of others) expect(said).toMatch(new RegExp(`Other roles also have .*\\b${name}\\b`));
    if (others.length === 0) expect(said).not.toContain("Other roles");
    expect(said.includes("`/cv stage update technology python-1 experience_years=8`")).toBe(userId !== viewer);
  });

  test.each(commands.map(({ name }) => name))("help explains the command %s with valid examples", async (name) => {
    const world = await createWorld();
    const { said } = await world.command(viewer, `help ${name}`);
    const command = commands.find((each) => each.name === name);
    expect(said).toContain(command?.summary);
    for (const example of command?.examples ?? []) {
      expect(said).toContain(example);
      // A form is no complaint either.
      const answer = await (await world.post(world.commandBody(admin, example.replace("/cv ", "")))).text();
      expect(answer).not.toMatch(/never closed|no option|is too much|Type `\/cv/);
    }
  });

  test.each(["technology", "project", "experience", "education", "certification", "profile"])(
    "help lists the fields of the entity %s",
    async (type) => {
      const world = await createWorld();
      expect((await world.command(viewer, `help ${type.toUpperCase()}`)).said).toMatch(
        new RegExp(`Fields of ${type}[\\s\\S]*\`name\`|Fields of ${type}`),
      );
      expect((await world.command(viewer, `help ${type}`)).said).toContain("(required)");
    },
  );
});

describe("round trips to the database", () => {
  test.each([
    // One of them after the answer: whether a webhook gets events over HTTP.
    ["a stage", python, 3],
    ["a commit", 'commit -m "Skill updates"', 4],
    // One of them after the answer, once in ten seconds: what the service counts about itself.
    ["an empty status", "", 2],
    ["help", "help", 2],
  ])("the reply to %s takes few round trips to the database", async (_what, text, max) => {
    const world = await createWorld();
    if (text.startsWith("commit")) await world.run([author, python]);
    const db = countedDatabase();
    world.send = botWith({ DB: db });
    await world.run([author, text]);
    expect(db.roundTrips).toBeGreaterThan(0);
    expect(db.roundTrips).toBeLessThanOrEqual(max);
  });
});

describe("a new workspace", () => {
  test("a new workspace gets its targets and its first admin by a command", async () => {
    const world = new World();
    await world.run([admin, "help"]);
    expect(await world.rows("members")).toMatchObject([{ user_id: admin, role: "admin" }]);
    expect(await world.rows("targets")).toMatchObject([
      { name: "d1cv", position: 0 },
      { name: "ai-agent", position: 1 },
    ]);
  });

  test("a new workspace is set up once when two people come at once", async () => {
    const world = new World();
    await Promise.all([world.run([admin, "help"]), world.run([viewer, "status"]), world.run([author, "commits"])]);
    expect(await world.rows("workspaces")).toHaveLength(1);
    expect(await world.rows("targets")).toHaveLength(2);
  });
});

describe("stage", () => {
  test("/cv stage records an update with what it changes", async () => {
    const world = await createWorld();
    const { said } = await world.command(author, python);
    expect(said).toContain("Staged as change 1:");
    expect(said).toContain("Python: experience_years 5 → 8");
    expect(said).toContain("For d1cv and ai-agent");
    expect(said).toContain("`/cv unstage 1` unstages it");
    expect(await world.rows("staged_changes")).toMatchObject([
      {
        number: 1,
        state: "staged",
        action: "UPDATE",
        entity_id: "python-1",
        payload: '{"experience_years":8}',
        targets: '["d1cv","ai-agent"]',
        created_by: author,
      },
    ]);
    expect(await world.rows("job_events")).toMatchObject([
      { type: "change.staged", actor_kind: "slack", actor_id: author },
    ]);
  });

  test("/cv stage makes the id of a new row", async () => {
    const world = await createWorld();
    const { said } = await world.command(
      author,
      "stage create technology name=Rust experience_years=1 category=backend",
    );
    expect(said).toContain("Add  technology: Rust");
    const [row] = await world.rows("staged_changes");
    expect(row).toMatchObject({
      action: "CREATE",
      payload: '{"name":"Rust","experience_years":1,"category":"Backend"}',
    });
    expect(row?.["entity_id"]).toMatch(/^rust-[a-z0-9]{6}$/);
  });

  test("/cv stage records a delete of a row", async () => {
    const world = await createWorld();
    expect((await world.command(author, "stage delete technology jquery-1")).said).toContain(
      "Remove  technology: jQuery",
    );
    expect(await world.rows("staged_changes")).toMatchObject([{ action: "DELETE", payload: "{}" }]);
  });

  test.each(["Python", "python", '"Python"', "PYTHON-1"])("/cv stage finds the row by %s", async (typed) => {
    const world = await createWorld();
    const { said } = await world.command(author, `stage update technology ${typed} experience_years=8`);
    if (typed === "PYTHON-1") expect(said).toContain("Did you mean `python-1`?");
    else expect(await world.rows("staged_changes")).toMatchObject([{ entity_id: "python-1" }]);
  });

  test("/cv stage reads the quotes and dashes of phones and Slack", async () => {
    const world = await createWorld();
    await world.run([
      author,
      "stage create project name=“Tide tables” description='It’s fine' url=&lt;https://x.example&gt; —target=ai"
        .replace("&lt;", "<")
        .replace("&gt;", ">"),
    ]);
    expect(await world.rows("staged_changes")).toMatchObject([
      {
        payload: '{"name":"Tide tables","description":"It’s fine","url":"https://x.example"}',
        targets: '["ai-agent"]',
      },
    ]);
  });

  test.each([
    ["d1cv", '["d1cv"]'],
    ["ai", '["ai-agent"]'],
    ["ai-agent,d1cv", '["d1cv","ai-agent"]'],
    ["both", '["d1cv","ai-agent"]'],
  ])("/cv stage with --target=%s is for %s", async (typed, expected) => {
    const world = await createWorld();
    await world.run([author, `${python} --target=${typed}`]);
    expect(await world.rows("staged_changes")).toMatchObject([{ targets: expected }]);
  });

  test("/cv stage keeps a typed note, without its markup", async () => {
    const world = await createWorld();
    const { said } = await world.command(author, `${python} --note "<!channel> more & more"`);
    expect(said).toContain(`><@${author}> wrote: “@channel more &amp; more”`);
    expect(said).toContain("Python: experience_years 5 → 8");
    expect(said).not.toContain("<!channel>");
  });

  test.each(["down", "broken"] as const)("/cv stage works while a target is %s, and says so", async (mood) => {
    const world = await createWorld();
    targets["ai-agent"].mood = mood;
    const { said } = await world.command(author, python);
    expect(said).toContain("Staged as change 1");
    expect(said).toContain("ai-agent did not answer, so the row was not looked at there. The push looks again");
  });

  test("/cv stage says when a row exists in one target only", async () => {
    const world = await createWorld();
    targets["ai-agent"].remove("noor-vega", "technology", "python-1");
    const { said } = await world.command(author, python);
    expect(said).toContain("There is no technology `python-1` at ai-agent. Another target has it: choose that one");
    await world.run([author, `${python} --target d1cv`]);
  });

  test("/cv stage warns that somebody else has staged the same row", async () => {
    const world = await createWorld();
    await world.run([author, python]);
    const { said } = await world.command(otherAuthor, "stage update technology python-1 experience_years=9");
    expect(said).toContain(`Change 1, staged by <@${author}>, also changes Python (`);
  });

  test("/cv stage changes a row that is only staged so far", async () => {
    const world = await createWorld();
    await world.run(
      [author, "stage create technology name=Rust category=Backend"],
      [author, "stage update technology Rust experience_years=2"],
    );
    const [created, updated] = await world.rows("staged_changes");
    expect(updated?.["entity_id"]).toBe(created?.["entity_id"]);
  });
});

describe("staged, diff and unstage", () => {
  test("/cv staged offers to start when nothing is staged", async () => {
    const world = await createWorld();
    expect((await world.command(viewer, "staged")).said).toContain("Nothing is staged.");
    const { said } = await world.command(author, "staged");
    expect(said).toContain("Stage a change…");
  });

  test("/cv staged separates own changes from others'", async () => {
    const world = await createWorld();
    await world.run([author, python], [otherAuthor, "stage delete technology jquery-1"]);
    const own = (await world.command(author, "staged")).said;
    expect(own).toMatch(
      /1 staged change of yours[\s\S]*\*1\*.*Python[\s\S]*Unstage[\s\S]*Staged by <@U0BLAKE01>[\s\S]*\*2\*.*jQuery/,
    );
    const theirs = (await world.command(viewer, "staged")).said;
    expect(theirs).toContain("Nothing of yours is staged");
    expect(theirs).toContain("Its author can commit a change");
    expect(theirs).not.toContain("Unstage");
  });

  test("/cv staged lists 30 changes with long notes by page", async () => {
    const world = await createWorld();
    for (let index = 0; index < 30; index += 1) {
      const by = index % 2 === 0 ? author : otherAuthor;
      await world.run([
        by,
        `stage create technology name=T${index} category=Backend --note "${"&amp;".repeat(290)} ${index}"`,
      ]);
    }
    const pages = await Promise.all([1, 2, 3, 9].map((page) => world.command(author, `staged --page ${page}`)));
    const numbers = pages.map(({ said }) => [...said.matchAll(/^\*(\d+)\* /gm)].map(([, number]) => Number(number)));
    // One's own first: those with odd numbers. A page that is not there is the last one.
    expect(
      numbers
        .slice(0, 3)
        .flat()
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(numbers[0]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    expect(numbers[3]).toEqual(numbers[2]);
    expect(pages[1]?.said).toMatch(/Page 2 of 3\nPrevious\nNext/);
  });

  test("/cv diff shows field by field what would change", async () => {
    const world = await createWorld();
    await world.run(
      [author, `${python} summary="Since 2018"`],
      [author, "stage create technology name=Rust category=Backend"],
      [author, "stage delete technology jquery-1"],
    );
    const { said } = await world.command(author, "diff");
    expect(said).toContain("In *d1cv, ai-agent*");
    expect(said).toMatch(/Change technology \*Python\* {2}`python-1`/);
    expect(said).toContain("Years of experience: ~5~ → *8*");
    expect(said).toContain("Summary: _empty_ → *Since 2018*");
    expect(said).toMatch(/Add technology \*Rust\*[\s\S]*Name: Rust/);
    expect(said).toMatch(/Remove technology \*jQuery\*/);
  });

  test("/cv diff shows the net effect of two changes to one row", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "stage update technology python-1 experience_years=9"]);
    const { said } = await world.command(author, "diff");
    expect(said).toContain("~5~ → *9*");
    expect(said).not.toContain("*8*");
  });

  test("/cv diff of a commit can be read by everybody", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit <!channel>"]);
    const { said } = await world.command(viewer, "diff #1");
    expect(said).toContain(`><@${author}> wrote: “@channel”`);
    expect(said).toContain("~5~ → *8*");
  });

  test("/cv diff fits long values in many targets into a message", async () => {
    const world = await createWorld();
    for (const target of ["d1cv", "ai"]) {
      for (let index = 0; index < 8; index += 1) {
        await world.run([
          author,
          `stage create project name="${"&amp;".repeat(100)}${index}${target}" description="${"&lt;".repeat(500)}" highlights="${"a&amp;b,".repeat(20)}" --target ${target}`,
        ]);
      }
    }
    expect((await world.command(author, "diff")).said).toMatch(/Page 1 of \d/);
  });

  test("/cv unstage discards changes by number, or all of one's own", async () => {
    const world = await createWorld();
    await world.run(
      [author, python],
      [author, "stage delete technology jquery-1"],
      [author, "stage create technology name=Rust category=Backend"],
    );
    await world.mustSay(otherAuthor, python, /Staged as change 4/);
    expect((await world.command(author, "unstage 1,2")).said).toMatch(/Unstaged 2 changes:[\s\S]*Python[\s\S]*jQuery/);
    expect((await world.command(author, "unstage all")).said).toContain("Unstaged 1 change:");
    expect((await world.rows("staged_changes")).map(({ state }) => state)).toEqual([
      "discarded",
      "discarded",
      "discarded",
      "staged",
    ]);
  });

  test("/cv unstage of others' changes is allowed to an admin", async () => {
    const world = await createWorld();
    await world.run([author, python], [admin, "unstage 1"]);
    expect(await world.rows("staged_changes")).toMatchObject([{ state: "discarded" }]);
  });
});

describe("commit and review", () => {
  test("/cv commit commits one's own changes and requests review", async () => {
    const world = await createWorld();
    await world.run([author, python], [otherAuthor, "stage delete technology jquery-1"]);
    const { said } = await world.command(author, "commit –m “Skill updates”");
    expect(said).toContain("*Commit #1*  Python: experience_years 5 → 8  ·  1 change to d1cv and ai-agent.");
    expect(said).toContain("It needs approval by");
    expect(await world.rows("commits")).toMatchObject([
      { number: 1, message: "Skill updates", review: "in_review", status: "pending", created_by: author },
    ]);
    expect((await world.rows("staged_changes")).map(({ state }) => state)).toEqual(["committed", "staged"]);
    await world.settle();
    expect(world.messages).toHaveLength(1);
    expect(textsOf(world.messages[0])).toContain("Approve");
  });

  test.each([
    "commit Skill updates",
    'commit "Skill updates"',
    "commit --message=Skill updates",
    'commit -m Skill "updates"',
  ])("/cv %s means the same as with -m", async (text) => {
    const world = await createWorld();
    await world.run([author, python], [author, text]);
    expect(await world.rows("commits")).toMatchObject([{ message: "Skill updates" }]);
  });

  test("/cv commit --draft posts the card only when review is requested", async () => {
    const world = await createWorld();
    await world.run([author, python]);
    expect((await world.command(author, "commit x --draft")).said).toContain(
      "It is a draft. `/cv review 1` asks for review.",
    );
    await world.settle();
    expect(world.messages).toEqual([]);
    expect((await world.command(author, "review 1")).said).toContain(`Its card goes to <#${world.channel}>`);
    await world.settle();
    expect(textsOf(world.messages)).toContain("Needs approval");
  });

  test("/cv review of a waiting commit posts its card once more", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"]);
    await world.settle();
    expect((await world.command(author, "review #1")).said).toContain("It is posted once more.");
    await world.settle();
    expect(world.messages).toHaveLength(2);
  });

  test("/cv commit says when nobody can approve", async () => {
    const world = new World();
    await world.run([admin, python]);
    const { said } = await world.command(admin, "commit x");
    expect(said).toContain(
      "Nobody can approve it: an admin has to make somebody else an approver, or choose `/cv settings mode solo`",
    );
    expect((await world.command(admin, "push 1")).said).toContain("Nobody may: an admin has to give somebody the role");
    expect((await world.command(admin, "review 1")).said).toContain("needs an approval that nobody can give");
    await world.settle();
    expect(textsOf(world.messages)).toContain("Nobody can approve this");
  });

  test("/cv commits and /cv show say where a commit stands", async () => {
    const world = await createWorld();
    expect((await world.command(viewer, "commits")).said).toContain("There are no commits yet");
    await world.run(
      [author, python],
      [author, "commit one"],
      [author, "stage delete technology jquery-1"],
      [author, "commit two"],
      [approver, 'reject 2 "too & early"'],
    );
    expect((await world.command(viewer, "commits")).said).toMatch(
      /\*#2\* {2}Remove technology: jQuery {2}· {2}rejected {2}· .*“two”[\s\S]*\*#1\* {2}Python: experience_years 5 → 8 {2}· {2}in review/,
    );
    const { said } = await world.command(viewer, "show 2");
    expect(said).toContain(`Rejected by <@${approver}>`);
    expect(said).toContain("too &amp; early");
    expect(said).toContain("d1cv: pending");
  });

  test("/cv drop discards the changes, and /cv reopen stages them again", async () => {
    const world = await createWorld();
    await world.run(
      [author, python],
      [author, "commit one"],
      [author, "stage delete technology jquery-1"],
      [author, "commit two"],
    );
    expect((await world.command(author, "drop 1")).said).toContain("Dropped commit *#1* with 1 change.");
    expect((await world.command(author, "reopen 2")).said).toContain("Reopened commit *#2*: 1 change staged again.");
    expect((await world.rows("staged_changes")).map(({ state }) => state)).toEqual(["discarded", "staged"]);
    expect((await world.command(viewer, "commits")).said).toContain("There are no commits yet");
  });
});

describe("approve, reject and push", () => {
  test("/cv approve says what comes next", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"]);
    const approved = new Driver(world, approver, await world.command(approver, "approve #1"));
    expect(approved.said).toContain("Approved commit *#1*. `/cv push 1 all` applies it.");
    await approved.click("Push to all");
    expect(approved.said).toContain("Push *#1* of commit *#1* to d1cv, then ai-agent has started");
    expect(await world.rows("commits")).toMatchObject([{ review: "approved" }]);
  });

  test("/cv reject keeps the reason, without its markup", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"]);
    const { said } = await world.command(approver, "reject 1 Python is 7 years, not 8 &lt;!here&gt;");
    expect(said).toContain("Rejected commit *#1*: Python is 7 years, not 8 &lt;!here&gt;");
    await world.settle();
    expect(textsOf(world.messages)).toContain("Python is 7 years, not 8 &lt;!here&gt;. `/cv reopen 1`");
  });

  test("/cv approve asks for a second approval when the workspace needs two", async () => {
    const world = await createWorld();
    await world.setApprovalsNeeded(2);
    await world.run([author, python], [author, "commit x"]);
    expect((await world.command(approver, "approve 1")).said).toContain(
      "Your approval of commit *#1* counts; it needs 1 more approval.",
    );
    expect((await world.command(approver, "approve 1")).said).toContain(
      "You have approved commit #1 already. It needs 1 more approval by somebody else",
    );
    expect((await world.command(approver, "push 1")).said).toContain("Commit #1 is not approved yet");
    await world.run([people.otherApprover, "approve 1"]);
    expect(await world.rows("commits")).toMatchObject([{ review: "approved" }]);
  });

  test("/cv approve of one's own commit is allowed in solo mode", async () => {
    const world = await createWorld();
    await world.run([admin, `roles <@${approver}> <@${otherApprover}> editor`]);
    expect((await world.command(admin, "settings mode SOLO")).said).toContain(
      "Solo mode: authors with the role of approver may approve their own commits",
    );
    expect((await world.command(admin, "settings mode solo")).said).toContain("No change");
    await world.run([admin, python], [admin, "commit x"], [admin, "approve 1"], [admin, "push 1"]);
    expect((await world.command(admin, "settings mode team")).said).toContain(
      "Team mode: somebody other than the author",
    );
  });

  test.each([
    ["push 1", "d1cv, then ai-agent", ["d1cv", "ai-agent"]],
    ["push 1 all", "d1cv, then ai-agent", ["d1cv", "ai-agent"]],
    ["push 1 d1cv", "d1cv", ["d1cv"]],
    ["push 1 ai", "ai-agent", ["ai-agent"]],
  ])("/cv %s starts a job for each of %s", async (text, named, expected) => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"]);
    expect((await world.command(approver, text)).said).toContain(`Push *#1* of commit *#1* to ${named} has started.`);
    const jobs = await world.rows("jobs");
    expect(jobs.map(({ target }) => target)).toEqual(expected);
    expect(jobs.map(({ dispatched_at }) => dispatched_at !== null)).toEqual(
      expected.map((_target, index) => index === 0),
    );
    const [{ trace_id: traceId } = {}] = await world.rows("pushes");
    expect(await world.queued()).toEqual([{ workspaceId: world.team, jobId: jobs[0]?.["id"], attempt: 1, traceId }]);
    expect(await world.rows("outbox")).toEqual([]);
  });

  test("/cv push is refused when somebody changed a row, and names the field", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"]);
    targets.d1cv.put("noor-vega", "technology", "python-1", {
      name: "Python",
      category: "Backend",
      experience_years: 6,
    });
    const { said } = await world.command(approver, "push 1");
    expect(said).toContain("d1cv has changed since commit #1 was made, so nothing was sent:");
    expect(said).toContain("*Python*: `experience_years` was 5, is 6 now, yours is 8");
    expect(said).toContain("`/cv resolve 1`");
    expect(await world.rows("jobs")).toEqual([]);
  });

  test("/cv push is refused when a row is gone", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"]);
    targets.d1cv.remove("noor-vega", "technology", "python-1");
    expect((await world.command(approver, "push 1")).said).toContain("*Python* is gone");
  });

  test("/cv push rebases a row whose other fields were changed", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"]);
    world.putRow("python-1", { name: "Python", category: "Data", experience_years: 5 });
    await world.run([approver, "push 1"]);
    expect(JSON.parse(String((await world.rows("jobs"))[0]?.["operations"]))).toMatchObject({
      updates: [{ ifVersion: targets.d1cv.ledger.row("noor-vega", "technology", "python-1")?.version }],
    });
  });

  test("/cv retry sends the failed job again, one attempt higher", async () => {
    const world = await createWorld();
    await world.run([author, python], [author, "commit x"], [approver, "approve 1"], [approver, "push 1"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "unavailable", message: "down <!here>" } });
    expect((await world.command(viewer, "status 1")).said).toContain("d1cv: Failed: down &lt;!here&gt;");
    expect((await world.command(viewer, "show 1")).said).toContain("status `failed`");
    expect((await world.command(approver, "retry 1")).said).toContain("Sending commit *#1* to d1cv again, attempt 2.");
    expect(await world.queued(2)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    expect((await world.command(approver, "retry 1 ai")).said).toContain("No push of commit #1 has failed");
  });

  test("/cv status says where everything stands", async () => {
    const world = await createWorld();
    await world.run(
      [author, python],
      [author, "commit one"],
      [approver, "approve 1"],
      [author, "stage delete technology jquery-1"],
      [author, "commit two"],
      [author, "stage create technology name=Rust category=Backend"],
      [approver, "push 1"],
    );
    const { said } = await world.command(author, "status");
    expect(said).toContain("1 staged change of yours, 0 of others, 1 on the way, 1 waiting for others");
    expect(said).toMatch(/Waiting for others\*[\s\S]*\*Commit #2\*.*needs approval by .*<@U0PRIYA01>/);
    expect(said).toMatch(/On the way\*[\s\S]*0 %.*d1cv: Sending.*ai-agent: Waiting for its turn/);
    expect((await world.command(approver, "status")).said).toMatch(/Action items\*[\s\S]*\*Commit #2\*[\s\S]*Approve/);
    expect((await world.command(author, "status 2")).said).toContain("in review");
  });
});

test("choosing solo mode rewrites waiting cards, so that Approve asks for confirmation", async () => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
  await world.settle();
  const approve = () => JSON.stringify(world.message(/Commit #1/).blocks.find(({ type }) => type === "actions"));
  expect(approve()).not.toContain("Approve commit #1?");
  await world.run([admin, `roles <@${approver}> <@${otherApprover}> editor`], [admin, "settings mode solo"]);
  await world.settle();
  expect(approve()).toContain("Approve commit #1?");
});
