/** Targets are data: three of other names, one with an alias, from the command to the status. */
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { applied } from "../test/support/bot/fake-target.ts";
import { targets } from "../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";

const { author, approver } = people;
let world: World;

beforeEach(async () => {
  targets.d1cv.portfolios = { "noor-vega": "blog" };
  targets["ai-agent"].portfolios = { "noor-vega": "search-engine" };
  world = await createWorld();
});

const completed = { type: "job.completed" as const, result: applied() };

const approved = (target = "all") =>
  world.run(
    [author, `stage update technology python-1 experience_years=8 --target ${target}`],
    [author, 'commit -m "Python"'],
    [approver, "approve 1"],
  );

describe("three targets in Slack", () => {
  test("a push goes to three targets in order, and the status names them", async () => {
    await approved();
    await world.mustSay(approver, "push 1 all", /to blog, then search-engine, then archive has started/);
    await world.report("blog", completed);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_blog" }]);
    await world.report("search-engine", completed);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_blog_engine" }]);
    await world.report("archive", completed);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_all" }]);
  });

  test.each([
    ["blog,archive", ["blog", "archive"]],
    ["engine", ["search-engine"]],
    ["search", ["search-engine"]],
    ["a", ["archive"]],
    ["Both", ["blog", "search-engine", "archive"]],
  ])("the option --target %s chooses targets by name or alias", async (typed, chosen) => {
    await world.run([author, `stage delete technology jquery-1 --target ${typed}`]);
    expect(JSON.parse(String((await world.rows("staged_changes"))[0]?.["targets"]))).toEqual(chosen);
  });

  test("a refusal and help list the configured targets", async () => {
    const refused = await world.command(author, "stage delete technology jquery-1 --target blgo");
    expect(refused.said).toMatch(/`blgo` is not a target\..*`blog`.*`search-engine`.*`archive`.*`all`/);
    for (const command of ["push", "stage", "retry", "reindex", "edit"]) {
      const help = await world.command(author, `help ${command}`);
      expect(help.said).toContain("`blog`, `search-engine` or `engine`, `archive`");
      expect(help.said).not.toMatch(/d1cv|ai-agent/);
    }
    expect((await world.command(author, "help push")).said).toContain("/cv push #commit [all|&lt;target&gt;]");
    expect((await world.command(author, "help commits")).said).not.toContain("`blog`");
  });

  test("a retry takes the alias of a target", async () => {
    await approved("engine");
    await world.run([approver, "push 1"]);
    await world.report("search-engine", { type: "job.failed", error: { code: "disk_full", message: "No space" } });
    expect((await world.command(approver, "retry 1 engine")).said).toContain("search-engine again");
    expect(await world.rows("jobs")).toMatchObject([{ target: "search-engine", state: "pending", attempt: 2 }]);
  });
});

describe("three targets over HTTP", () => {
  test("a program names targets and aliases over HTTP as a person does", async () => {
    const program = await ApiClient.of(world, author);
    const reviewer = await ApiClient.of(world, approver);
    const change = {
      action: "UPDATE",
      entityType: "technology",
      entityId: "python-1",
      payload: { experience_years: 8 },
    };
    const staged = await program.post("/stage", { ...change, targets: ["engine", "archive"] });
    expect(staged.body.targets).toEqual(["search-engine", "archive"]);
    expect((await program.post("/stage", { ...change, targets: ["wiki"] })).body).toMatchObject({
      code: "unknown_target",
      allowed: ["blog", "search-engine", "archive", "all"],
    });
    await program.post("/commit", { message: "Python" });
    await reviewer.post("/commits/1/approve");
    const pushed = await reviewer.post("/push/engine", { commit: 1 });
    expect(pushed.body.jobs).toMatchObject([{ target: "search-engine" }]);
    await world.report("search-engine", completed);
    expect((await program.get("/commits?status=applied_engine")).body.commits).toMatchObject([
      { number: 1, status: "applied_engine" },
    ]);
    expect((await program.get("/me")).body.targets).toEqual(["blog", "search-engine", "archive"]);
  });
});
