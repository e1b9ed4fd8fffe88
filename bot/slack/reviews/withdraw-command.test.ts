/** An approval that is withdrawn, or does not count any more: typed, clicked, over HTTP. */
import { describe, expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, author, approver, otherApprover } = people;

const approved = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Years"],
    [approver, "approve 1"],
  );
  await world.settle();
  return world;
};

describe("withdrawing an approval", () => {
  test("/cv withdraw takes the approval back, and the card waits for a reviewer again", async () => {
    const world = await approved();
    expect((await world.command(approver, "withdraw 1")).said).toContain(
      "You have withdrawn your approval of commit *#1*. It needs 1 more approval.",
    );
    await world.settle();
    const card = textsOf(world.message(/Commit #1/));
    expect(card).toContain(`<@${approver}>: approval withdrawn`);
    expect(card).toMatch(/^Approve$/m);
    expect(card).not.toContain("Push to all");
    expect((await world.command(approver, "push 1")).said).toMatch(
      /Commit #1 is not approved yet\..*approval withdrawn/,
    );
    expect((await world.command(approver, "withdraw 1")).said).toContain("You have not approved commit #1");
  });

  test("the button on the card takes back one's own approval, and nobody else's", async () => {
    const world = await approved();
    const card = world.message(/Commit #1/);
    expect((await world.click(otherApprover, card, "Withdraw approval")).said).toContain(
      "You have not approved commit #1",
    );
    await world.click(approver, card, "Withdraw approval");
    expect(await world.rows("commits")).toMatchObject([{ review: "in_review" }]);
    await world.settle();
    expect(textsOf(card)).not.toContain("Withdraw approval");
  });

  test("a private reply offers it to the approver, until the push has begun", async () => {
    const world = await approved();
    const mine = await lookAt(world, approver, "show 1");
    await mine.click("Withdraw approval");
    expect(mine.said).toContain("You have withdrawn your approval");
    await mine.click("Approve");
    expect((await lookAt(world, otherApprover, "show 1")).said).not.toContain("Withdraw approval");
    await world.run([otherApprover, "push 1"]);
    expect((await lookAt(world, approver, "show 1")).said).not.toContain("Withdraw approval");
    expect((await world.command(approver, "withdraw 1")).said).toContain("has been pushed");
  });

  test("POST /commits/{number}/withdraw takes it back, and the commit says why it does not count", async () => {
    const world = await approved();
    const api = await ApiClient.of(world, approver);
    expect(await api.post("/commits/1/withdraw")).toMatchObject({
      status: 200,
      body: { number: 1, review: "in_review", meta: { missing: 1 } },
    });
    expect((await api.get("/commits/1")).body).toMatchObject({
      missing: 1,
      approvals: [{ decision: "withdrawn", by: approver, counts: false, void: "withdrawn" }],
    });
    expect((await api.get("/commits/1/checks")).body.checks).toContainEqual(
      expect.objectContaining({
        name: "approvals",
        state: "blocked",
        about: { given: [], needed: 1, voided: [{ userId: approver, because: "withdrawn" }] },
      }),
    );
    expect(await api.post("/commits/1/withdraw")).toMatchObject({ status: 409, body: { code: "no_approval" } });
  });
});

describe("an approval that does not count any more", () => {
  test("a role taken away returns the commit to review, on the card, in /cv why and for a push", async () => {
    const world = await approved();
    expect((await world.command(admin, `roles <@${approver}> viewer`)).said).toContain(
      "In review again, as they need more approvals now: *#1*.",
    );
    await world.settle();
    const because = `<@${approver}>: approved, but may not approve any more`;
    expect(textsOf(world.message(/Commit #1/))).toContain(because);
    expect((await world.command(otherApprover, "why 1")).said).toContain("approved, but may not approve any more");
    expect((await world.command(otherApprover, "push 1")).said).toContain("approved, but may not approve any more");
    expect(await world.rows("pushes")).toEqual([]);
  });

  test("a looser policy is shown in the channel for cards, with before, after and who did it", async () => {
    const world = await createWorld();
    await world.run([admin, "settings approvals 2"], [admin, `settings channel <#${world.channel}|portfolio>`]);
    await world.run([admin, "settings approvals 1"]);
    await world.settle();
    expect(textsOf(world.message(/loosened the policy/))).toContain(
      `<@${admin}> has loosened the policy: 2 approvals → 1 approval.`,
    );
  });

  test("a second approver ends solo mode, which cannot be chosen again while there are two", async () => {
    const world = await createWorld();
    await world.run([admin, `roles <@${approver}> <@${otherApprover}> editor`], [admin, "settings mode solo"]);
    expect((await world.command(admin, `roles <@${approver}> approver`)).said).toContain(
      "The workspace is in team mode now",
    );
    expect((await world.command(admin, "settings mode solo")).said).toMatch(
      /Solo mode is for one person who may approve, and these may: .*They can review/,
    );
  });
});

describe("/cv approve of what is decided already", () => {
  const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 2, vectorCount: null, synced: null };

  test("/cv approve of a commit that is on its way or applied says so, and advises no push", async () => {
    const world = await approved();
    await world.run([otherApprover, "push 1"]);
    const running = (await world.command(otherApprover, "approve 1")).said;
    expect(running).toContain("A push of commit #1 to d1cv is in progress");
    expect(running).not.toContain("/cv push");
    await world.report("d1cv", { type: "job.completed", result });
    await world.report("ai-agent", { type: "job.completed", result });
    const applied = (await world.command(otherApprover, "approve 1")).said;
    expect(applied).toContain("Commit #1 is applied to d1cv and ai-agent already");
    expect(applied).not.toContain("/cv push");
  });

  test("/cv approve of a commit whose push has failed advises its retry, and not a push", async () => {
    const world = await approved();
    await world.run([otherApprover, "push 1"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "unavailable", message: "down" } });
    const { said } = await world.command(otherApprover, "approve 1");
    expect(said).toContain("`/cv retry 1` is the next step");
    expect(said).not.toContain("/cv push");
  });
});
