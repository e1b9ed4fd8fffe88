import { describe, expect, test } from "vitest";
import {
  type World,
  approvedCommit,
  commit,
  createWorld,
  everythingOf,
  people,
  push,
  reasonOf,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { setRole } from "./set-role.ts";
import { setSettings } from "./set-settings.ts";
import { showSettings } from "./show-settings.ts";

const set = (world: World, input: Parameters<typeof setSettings>[1]) => setSettings(world.as("admin"), input);
const reviews = async (world: World) =>
  (await world.select("SELECT review FROM commits WHERE workspace_id = ?1 ORDER BY number", world.workspaceId)).map(
    ({ review }) => review,
  );
const lastEvent = async (world: World, type: string) => {
  const event = (await world.table("job_events")).findLast((each) => each["type"] === type);
  return event && { ...event, data: JSON.parse(String(event["data"])) };
};

describe("settings", () => {
  test("settings are changed with an event, and the same settings write nothing", async () => {
    const world = await createWorld();
    const before = { mode: "team", approvalsNeeded: 1, channelId: null };
    const after = { mode: "team", approvalsNeeded: 2, channelId: "C0CARDS" };
    expect(valueOf(await set(world, { approvalsNeeded: 2, channelId: "C0CARDS" }))).toMatchObject({ before, after });
    expect(await lastEvent(world, "workspace.settings_set")).toMatchObject({
      actor_id: people.admin,
      data: {
        before: { approvalsNeeded: 1, channelId: null },
        after: { approvalsNeeded: 2, channelId: "C0CARDS" },
      },
    });
    const then = await everythingOf(world.workspaceId);
    expect(valueOf(await set(world, after as Parameters<typeof setSettings>[1]))).toMatchObject({ after });
    expect(await everythingOf(world.workspaceId)).toEqual(then);
    expect(valueOf(await showSettings(world.as("viewer")))).toMatchObject({ settings: after, mayChange: false });
  });

  test.each([0, 6, 1.5])("settings refuse a number of %d approvals", async (approvalsNeeded) => {
    const world = await createWorld();
    expect(reasonOf(await set(world, { approvalsNeeded }))).toEqual({
      code: "approvals_out_of_range",
      min: 1,
      max: 5,
    });
  });

  test("settings of solo mode need exactly one approval", async () => {
    const world = await createWorld({ approvalsNeeded: 2, members: [["admin", "admin"]] });
    expect(reasonOf(await set(world, { mode: "solo", approvalsNeeded: 2 }))).toEqual({
      code: "solo_mode_one_approval",
    });
    expect(valueOf(await set(world, { mode: "solo" })).after).toMatchObject({ mode: "solo", approvalsNeeded: 1 });
    expect(reasonOf(await set(world, { approvalsNeeded: 3 }))).toEqual({ code: "solo_mode_one_approval" });
  });

  test("settings with fewer approvals approve only the commits that now have enough", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    await stage(world);
    await commit(world);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await commit(world);
    valueOf(await approveCommit(world.as("approver"), { number: 1, seenHash: null }));
    const cards = () => world.select("SELECT desired_version FROM cards WHERE workspace_id = ?1", world.workspaceId);
    const before = await cards();
    expect(valueOf(await set(world, { approvalsNeeded: 1 }))).toMatchObject({ approved: [1], returned: [] });
    expect(await reviews(world)).toEqual(["approved", "in_review"]);
    expect(await lastEvent(world, "commit.approved")).toMatchObject({
      actor_id: people.admin,
      data: { because: "settings" },
    });
    for (const [index, card] of before.entries()) {
      expect(Number((await cards())[index]?.["desired_version"])).toBeGreaterThan(Number(card["desired_version"]));
    }
  });

  test("settings conflict with an approval at once, so no commit stays unapproved", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    await stage(world);
    await commit(world);
    world.db.interrupt(2, () => approveCommit(world.as("approver"), { number: 1, seenHash: null }));
    expect(reasonOf(await set(world, { approvalsNeeded: 1 }))).toEqual({ code: "conflict" });
    expect(valueOf(await set(world, { approvalsNeeded: 1 })).approved).toEqual([1]);

    const other = await createWorld({ approvalsNeeded: 2 });
    await stage(other);
    await commit(other);
    other.db.interrupt(2, () => set(other, { approvalsNeeded: 1 }));
    valueOf(await approveCommit(other.as("approver"), { number: 1, seenHash: null }));
    expect(await reviews(other)).toEqual(["approved"]);
  });
});

describe("settings that loosen the policy", () => {
  const policyCards = async (world: World) =>
    (await world.table("cards")).filter(({ kind }) => kind === "policy").map(({ channel_id }) => channel_id);

  test("settings of solo mode are refused where several may approve, with their names", async () => {
    const world = await createWorld();
    const approvers = [people.admin, people.otherApprover, people.approver];
    expect(reasonOf(await set(world, { mode: "solo" }))).toEqual({ code: "solo_mode_one_approver", approvers });
  });

  test("settings of solo mode conflict with a second approver at the same moment", async () => {
    const world = await createWorld({ members: [["admin", "admin"]] });
    const input = { userIds: [people.approver], role: "approver" } as const;
    world.db.interrupt(2, () => setRole(world.as("admin"), input));
    expect(reasonOf(await set(world, { mode: "solo" }))).toEqual({ code: "conflict" });
    const other = await createWorld({ members: [["admin", "admin"]] });
    other.db.interrupt(2, () => set(other, { mode: "solo" }));
    expect(reasonOf(await setRole(other.as("admin"), input))).toEqual({ code: "conflict" });
  });

  test("settings that need fewer approvals are shown in the channel of cards until now, and stricter ones are not", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    valueOf(await set(world, { channelId: "C0CARDS" }));
    valueOf(await set(world, { approvalsNeeded: 3 }));
    expect(await policyCards(world)).toEqual([]);
    valueOf(await set(world, { approvalsNeeded: 1, channelId: "C0HIDDEN" }));
    expect(await policyCards(world)).toEqual(["C0CARDS"]);
    const { data } = (await lastEvent(world, "workspace.settings_set")) ?? {};
    expect(data).toMatchObject({
      before: { approvalsNeeded: 3 },
      after: { approvalsNeeded: 1 },
      noticeId: expect.stringMatching(/^id/) as string,
    });
  });

  test("settings that need fewer approvals are a direct message to other approvers where there is no channel", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    valueOf(await set(world, { approvalsNeeded: 1 }));
    expect(await policyCards(world)).toEqual([people.otherApprover, people.approver]);
  });

  test("settings that need more approvals return approved commits to review, with an event", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    valueOf(await approveCommit(world.as("approver"), { number: 1, seenHash: null }));
    expect(valueOf(await set(world, { approvalsNeeded: 2 }))).toMatchObject({ approved: [], returned: [1] });
    expect(await reviews(world)).toEqual(["in_review"]);
    expect(await lastEvent(world, "approval.voided")).toMatchObject({ data: { because: "settings" } });
  });
});

test("more approvals needed invalidate the cards of a failed push, which offer no retry any more", async () => {
  const world = await createWorld();
  await push(world, await approvedCommit(world), "d1cv");
  valueOf(await report(world, "d1cv", { kind: "failed", error: { code: "refused", message: "no" } }));
  const versions = async () =>
    (await world.table("cards")).filter(({ kind }) => kind === "push").map((card) => Number(card["desired_version"]));
  const [before = 0] = await versions();
  valueOf(await set(world, { approvalsNeeded: 2 }));
  expect((await versions())[0]).toBeGreaterThan(before);
});
