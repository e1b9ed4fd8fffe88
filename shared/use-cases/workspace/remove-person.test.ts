import { beforeEach, describe, expect, test } from "vitest";
import {
  type World,
  approvedCommit,
  commit,
  createWorld,
  everythingOf,
  people,
  push,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { systemActor } from "../../domain/workspace/actor.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { createToken } from "./create-token.ts";
import { removePerson } from "./remove-person.ts";
import { setRole } from "./set-role.ts";
import { listStaged } from "../staging/list-staged.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const bySlack = (idempotencyKey: string | null = null) =>
  world.as("admin", { actor: systemActor("slack"), idempotencyKey });

const leaves = (userId: string) => removePerson(bySlack(), userId);

describe("somebody who leaves", () => {
  test("somebody who leaves has no role, no live token and no sign-in any more", async () => {
    valueOf(await createToken(world.as("approver"), { name: "CI", scopes: ["read"], days: 9, secret: "s" }));
    await world.run(
      "INSERT INTO addresses VALUES (?1, 'priya@example.com', ?2, '2026-11-23T07:00:00.000Z')",
      world.workspaceId,
      people.approver,
    );
    expect(valueOf(await leaves(people.approver))).toEqual({ tokens: ["CI"], returned: [] });
    expect(await world.table("members")).not.toContainEqual(expect.objectContaining({ user_id: people.approver }));
    expect(await world.table("api_tokens")).toMatchObject([{ revoked_by: "slack" }]);
    expect(await world.table("addresses")).toMatchObject([{ user_id: null }]);
    expect((await world.table("job_events")).at(-1)).toMatchObject({
      type: "member.left",
      actor_kind: "system",
      data: JSON.stringify({ userId: people.approver, role: "approver", tokens: ["CI"] }),
    });
    valueOf(await setRole(world.as("admin"), { userIds: [people.otherApprover], role: "viewer" }));
    expect(valueOf(await listStaged(world.as("approver"))).session.role).toBe("viewer");
  });

  test("what somebody who leaves has approved goes back to review, and stays there when they are back", async () => {
    const number = await approvedCommit(world);
    expect(valueOf(await leaves(people.approver))).toEqual({ tokens: [], returned: [number] });
    expect(await world.table("commits")).toMatchObject([{ review: "in_review" }]);
    expect(await world.table("approvals")).toMatchObject([{ decision: "withdrawn" }]);
    expect((await world.table("job_events")).at(-1)).toMatchObject({ type: "approval.voided" });
    valueOf(await setRole(world.as("admin"), { userIds: [people.approver], role: "approver" }));
    expect(await world.table("commits")).toMatchObject([{ review: "in_review" }]);
    valueOf(await approveCommit(world.as("approver"), { number, seenHash: null }));
    expect(await world.table("commits")).toMatchObject([{ review: "approved" }]);
  });

  test("a push that has begun keeps the approval of somebody who leaves", async () => {
    await push(world, await approvedCommit(world));
    valueOf(await leaves(people.approver));
    expect(await world.table("approvals")).toMatchObject([{ decision: "approved" }]);
    expect(await world.table("commits")).toMatchObject([{ review: "approved" }]);
  });

  test("the only admin may leave, and the bootstrap admin is the admin again", async () => {
    valueOf(await leaves(people.admin));
    const bootstrap = { admin: people.viewer, targets: [] };
    expect(valueOf(await listStaged(world.as("viewer", { bootstrap }))).session.role).toBe("admin");
  });

  test("somebody who leaves and had nothing leaves no trace", async () => {
    await stage(world);
    await commit(world);
    const before = await everythingOf(world.workspaceId);
    expect(valueOf(await leaves(people.viewer))).toBeNull();
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("somebody who leaves is removed once when Slack says it twice", async () => {
    const ctx = bySlack("slack:event:Ev1");
    const first = valueOf(await removePerson(ctx, people.approver));
    expect(valueOf(await removePerson(ctx, people.approver))).toEqual(first);
    expect((await world.eventTypes()).filter((type) => type === "member.left")).toHaveLength(1);
    expect(reasonOf(await setRole(world.as("approver"), { userIds: [people.viewer], role: "admin" })).code).toBe(
      "forbidden",
    );
  });
});
