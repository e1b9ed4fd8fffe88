/** `/cv why` and `/cv cancel`: what stands between a commit and its push, and how a push is taken back. */
import { env } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { clickReply, labelsOf as allLabelsOf } from "../../../test/support/bot/private-click.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

/** Besides the button that asks the targets again. */
const labelsOf = (reply: Parameters<typeof allLabelsOf>[0]): string[] =>
  allLabelsOf(reply).filter((label) => label !== "Look again");

const { author, approver, otherApprover, viewer } = people;
const error = { code: "disk_full", message: "no <space> & time" };

const inReview = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, 'commit -m "Skill updates"'],
  );
  return world;
};
const approved = async (): Promise<World> => {
  const world = await inReview();
  await world.run([approver, "approve 1"]);
  return world;
};
const pushed = async (): Promise<World> => {
  const world = await approved();
  await world.run([approver, "push 1 all"]);
  return world;
};
const states = async (world: World) =>
  (await world.rows("jobs")).map(({ target, state }) => `${String(target)} ${String(state)}`);

describe("why", () => {
  test("/cv why names who can approve, then offers the push", async () => {
    const world = await inReview();
    const asked = await world.mustSay(approver, "why 1", /:no_entry: The commit has 0 of 1 approval\./);
    expect(asked.said).toContain(`<@${approver}>`);
    expect(asked.said).toContain("`/cv approve 1`");
    expect(labelsOf(asked)).toEqual(["Approve"]);
    const after = await clickReply(world, approver, asked, "Approve");
    expect(after).toMatch(/Nothing stands in the way of a push/);
    expect(after).toContain(`:white_check_mark: The commit is approved by <@${approver}>`);
    expect(await world.rows("commits")).toMatchObject([{ review: "approved" }]);
  });

  test("/cv why offers nothing that the reader may not do", async () => {
    const world = await inReview();
    expect(labelsOf(await world.command(viewer, "why 1"))).toEqual([]);
    const { said } = await world.command(viewer, "why 1");
    expect(said).toMatch(/:no_entry: Only approvers may push; your role is viewer\. Ask/);
  });

  test("/cv why offers a draft's author to request review", async () => {
    const world = await createWorld();
    await world.run(
      [author, "stage update technology python-1 experience_years=8"],
      [author, 'commit -m "Draft" --draft'],
    );
    const asked = await world.mustSay(author, "why 1", /The commit is a draft/);
    expect(labelsOf(asked)).toEqual(["Ask for review"]);
    expect(await clickReply(world, author, asked, "Ask for review")).toMatch(/A review was requested/);
  });

  test("/cv why offers a push, and then shows it in progress", async () => {
    const world = await approved();
    const asked = await world.mustSay(approver, "why 1", /Nothing stands in the way/);
    expect(labelsOf(asked)).toEqual(["Push to all"]);
    expect(await clickReply(world, approver, asked, "Push to all")).toMatch(
      /:no_entry: A push to d1cv is in progress since/,
    );
    expect(await states(world)).toEqual(["d1cv pending", "ai-agent pending"]);
  });

  test("/cv why shows the last failure without markup, and offers the retry", async () => {
    const world = await pushed();
    await world.report("d1cv", { type: "job.failed", error });
    const asked = await world.mustSay(approver, "why 1", /The last push to d1cv failed: no &lt;space&gt; &amp; time\./);
    expect(labelsOf(asked)).toEqual(["Retry"]);
  });

  test("/cv why shows a target that is down, and drift at another", async () => {
    const world = await approved();
    targets.d1cv.mood = "down";
    targets["ai-agent"].put(world.portfolioId, "technology", "python-1", {
      name: "Py<thon>",
      category: "Backend",
      experience_years: 7,
    });
    const { said } = await world.command(author, "why 1");
    expect(said).toMatch(/:hourglass: d1cv could not be reached/);
    expect(said).toMatch(/:hourglass: It is unknown whether somebody has changed the rows at d1cv/);
    expect(said).toContain(
      "ai-agent has changed since:\n•  *Py&lt;thon&gt;*: `experience_years` was 5, is 7 now, yours is 8",
    );
    expect(said).toContain("`/cv resolve 1`");
  });

  test("/cv why of an unknown commit is refused", async () => {
    const world = await createWorld();
    expect((await world.command(viewer, "why 9")).said).toMatch(/no commit #9/);
  });
});

/** The request of the first job has left. */
const sent = (world: World) =>
  env.DB.prepare("UPDATE jobs SET tries = 1 WHERE workspace_id = ?1 AND dispatched_at IS NOT NULL")
    .bind(world.team)
    .run();

describe("cancel", () => {
  test("/cv cancel cancels what no target has applied", async () => {
    const world = await pushed();
    await world.mustSay(
      approver,
      "cancel #1",
      /Cancelled commit \*#1\* for d1cv and ai-agent: nothing of it was applied/,
    );
    expect(await states(world)).toEqual(["d1cv cancelled", "ai-agent cancelled"]);
    expect(await world.rows("pushes")).toMatchObject([{ state: "cancelled" }]);
    await world.report("d1cv", { type: "job.failed", error });
    expect(await states(world)).toEqual(["d1cv cancelled", "ai-agent cancelled"]);
    await world.mustSay(otherApprover, "push 1", /Push \*#2\*/);
  });

  test("/cv cancel says which target it was too late for", async () => {
    const world = await pushed();
    await sent(world);
    targets.d1cv.cancelled = "applied";
    const { said } = await world.command(approver, "cancel 1");
    expect(said).toMatch(/for ai-agent: nothing of it was applied/);
    expect(said).toMatch(/too late for d1cv, which had applied it/);
    expect(await states(world)).toEqual(["d1cv completed", "ai-agent cancelled"]);
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_d1cv" }]);
  });

  test("/cv cancel of an applied push is refused, and the completion is recorded", async () => {
    const world = await approved();
    await world.run([approver, "push 1 d1cv"]);
    await sent(world);
    targets.d1cv.cancelled = "applied";
    await world.mustSay(approver, "cancel 1", /:warning: Commit #1 is applied to d1cv already/);
    expect(await states(world)).toEqual(["d1cv completed"]);
  });

  test("/cv cancel says that a target gave no answer, and may be repeated", async () => {
    const world = await pushed();
    await sent(world);
    targets.d1cv.mood = "down";
    await world.mustSay(
      approver,
      "cancel 1",
      /for ai-agent[\s\S]*d1cv gave no answer[\s\S]*`\/cv cancel 1` may be repeated/,
    );
    await world.mustSay(approver, "cancel 1", /:warning: d1cv gave no answer[\s\S]*Nothing was cancelled/);
    targets.d1cv.mood = "well";
    await world.mustSay(approver, "cancel 1", /Cancelled commit \*#1\* for d1cv/);
    expect(await states(world)).toEqual(["d1cv cancelled", "ai-agent cancelled"]);
  });

  test("/cv cancel is refused without a push in progress, and to an editor", async () => {
    const world = await approved();
    await world.mustSay(approver, "cancel 1", /:warning: No push of commit #1 is in progress/);
    await world.mustSay(author, "cancel 1", /Only an approver may cancel a push/);
    expect(await states(world)).toEqual([]);
  });
});
