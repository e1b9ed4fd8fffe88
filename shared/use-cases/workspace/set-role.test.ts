import { describe, expect, test } from "vitest";
import {
  type World,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import type { Role } from "../../domain/workspace/roles.ts";
import { listRoles } from "./list-roles.ts";
import { setRole } from "./set-role.ts";

const give = (world: World, role: Role, ...userIds: string[]) => setRole(world.as("admin"), { userIds, role });
const rolesIn = async (world: World) =>
  Object.fromEntries((await world.table("members")).map(({ user_id, role }) => [String(user_id), role]));

describe("a role", () => {
  test("a role is given to several people at once, with events and invalidated cards", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    const { changed } = valueOf(await give(world, "approver", people.author, people.viewer, people.approver));
    expect(changed).toEqual([
      { userId: people.author, role: "approver", before: "editor" },
      { userId: people.viewer, role: "approver", before: "viewer" },
    ]);
    expect(await rolesIn(world)).toMatchObject({ [people.author]: "approver", [people.viewer]: "approver" });
    expect((await world.eventTypes()).slice(-2)).toEqual(["member.role_set", "member.role_set"]);
    const [event] = (await world.table("job_events")).slice(-1);
    expect(JSON.parse(String(event?.["data"]))).toEqual(changed[1]);
    expect(await world.table("cards")).toMatchObject([{ kind: "commit", desired_version: 2 }]);
  });

  test("the role of a viewer deletes the member, and an unchanged role writes nothing", async () => {
    const world = await createWorld();
    valueOf(await give(world, "viewer", people.otherAuthor));
    expect(await rolesIn(world)).not.toHaveProperty(people.otherAuthor);
    const before = await everythingOf(world.workspaceId);
    expect(valueOf(await give(world, "viewer", people.otherAuthor)).changed).toEqual([]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test.each<Role>(["viewer", "approver"])("the last admin cannot be given the role of %s", async (role) => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await give(world, role, people.admin))).toEqual({ code: "last_admin", userId: people.admin });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("two admins who demote each other at once leave one admin", async () => {
    for (let round = 0; round < 5; round += 1) {
      const world = await createWorld();
      valueOf(await give(world, "admin", people.otherApprover));
      const results = await Promise.all([
        give(world, "viewer", people.otherApprover),
        setRole(world.as("otherApprover"), { userIds: [people.admin], role: "viewer" }),
      ]);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(Object.values(await rolesIn(world)).filter((role) => role === "admin")).toHaveLength(1);
    }
  });

  test("two admins who step down at once: the second is refused as the last", async () => {
    const world = await createWorld();
    valueOf(await give(world, "admin", people.otherApprover));
    world.db.interrupt(2, () =>
      setRole(world.as("otherApprover"), { userIds: [people.otherApprover], role: "viewer" }),
    );
    expect(reasonOf(await give(world, "viewer", people.admin))).toEqual({ code: "last_admin", userId: people.admin });
    expect(await rolesIn(world)).toMatchObject({ [people.admin]: "admin" });
  });

  test("an admin who is demoted meanwhile can give no role", async () => {
    const world = await createWorld();
    valueOf(await give(world, "admin", people.otherApprover));
    world.db.interrupt(2, () => setRole(world.as("otherApprover"), { userIds: [people.admin], role: "editor" }));
    expect(reasonOf(await give(world, "admin", people.viewer))).toMatchObject({ code: "forbidden", role: "editor" });
    expect(await rolesIn(world)).not.toHaveProperty(people.viewer);
  });

  test("the bootstrap admin becomes a stored admin by giving a role", async () => {
    const world = await createWorld({ members: [] });
    const bootstrap = { admin: people.admin, targets: [] };
    const ctx = () => world.as("admin", { bootstrap });
    expect(valueOf(await listRoles(ctx()))).toEqual({
      members: [{ userId: people.admin, role: "admin" }],
      mayChange: true,
    });
    valueOf(await setRole(ctx(), { userIds: [people.otherApprover], role: "admin" }));
    expect(await rolesIn(world)).toEqual({ [people.admin]: "admin", [people.otherApprover]: "admin" });
    expect(valueOf(await listRoles(world.as("viewer"))).mayChange).toBe(false);
  });
});
