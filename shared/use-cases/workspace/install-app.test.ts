import { expect, test } from "vitest";
import { createWorld, encryption, people } from "../../../test/support/shared/world.ts";
import { installApp } from "./install-app.ts";

const installedBy = async (world: Awaited<ReturnType<typeof createWorld>>, userId: string): Promise<void> => {
  const { system, workspaceId } = world;
  const ctx = { ...system, encryption, now: new Date(system.nowMs()).toISOString(), traceId: "trace" };
  await installApp(ctx, {
    workspaceId,
    name: "Acme",
    appId: "A1",
    botUserId: "U0CVOPS01",
    organisationId: null,
    installedBy: userId,
    isOrgWide: false,
    scopes: "chat:write",
    expiresAt: null,
    botToken: "xoxb-1",
    refreshToken: null,
  });
};
const rolesIn = async (world: Awaited<ReturnType<typeof createWorld>>) =>
  (await world.table("members")).map(({ user_id, role }) => [user_id, role]);

test("who installs the app again is no admin beside the one that there is", async () => {
  const world = await createWorld();
  const before = await rolesIn(world);
  expect(before).toContainEqual([people.admin, "admin"]);
  await installedBy(world, people.viewer);
  await installedBy(world, people.author);
  expect(await rolesIn(world)).toEqual(before);
});

test("who installs the app in a workspace without an admin is its admin", async () => {
  const world = await createWorld();
  await world.run("DELETE FROM members WHERE workspace_id = ?1 AND role = 'admin'", world.workspaceId);
  await installedBy(world, "U0NEWCOMER");
  expect(await rolesIn(world)).toContainEqual(["U0NEWCOMER", "admin"]);
});
