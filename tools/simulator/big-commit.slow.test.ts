/** A commit of 500 changes is applied completely and delays no other workspace. */
import { expect, test } from "vitest";
import { type Scene, createScene, runUntil } from "./world/scene.ts";
import { openDatabases } from "./platform/databases.ts";
import "./platform/surroundings.ts";
import { bundleProduct } from "./product/bundle.ts";
import { loadProduct } from "./product/load.ts";
import type { Role } from "../../shared/domain/workspace/roles.ts";
import { comeToRest } from "./runs/run-seed.ts";
import { type Workspace, workspaces } from "./world/workspaces.ts";

const changes = 500;

const say = async (scene: Scene, { id, channel, people }: Workspace, role: Role, text: string): Promise<void> => {
  const userId = people.find((person) => person.role === role)?.userId ?? "";
  scene.people.type({ workspaceId: id, userId }, text, channel);
  await runUntil(scene, scene.world.runtime.nowMs + 200);
};

test("a commit of 500 changes is applied and delays no other workspace", async () => {
  const [big, small] = workspaces;
  if (!big || !small) throw new Error("two workspaces");
  const scene = createScene(await loadProduct(await bundleProduct(null)), openDatabases(null), {
    seed: "big commit",
    faults: {},
  });
  const { world, observer } = scene;
  for (let number = 1; number <= changes; number += 1)
    await say(scene, big, "editor", `stage create technology name="Big ${number}" category=Backend`);
  await say(scene, small, "editor", 'stage create technology name="Small" category=Backend');
  for (const workspace of [big, small]) {
    await say(scene, workspace, "editor", 'commit -m "work"');
    await say(scene, workspace, "approver", "approve 1");
  }
  const pushedMs = world.runtime.nowMs;
  await say(scene, big, "approver", "push 1 all");
  await say(scene, small, "approver", "push 1 all");
  await comeToRest(scene);

  expect(observer.violations).toEqual([]);
  const verified = (workspaceId: string): { target: string; ms: number }[] =>
    world.staging
      .rows<{ target: string; verified_at: string }>(
        "SELECT target, verified_at FROM jobs WHERE workspace_id = ?1 AND verified_at IS NOT NULL ORDER BY position",
        workspaceId,
      )
      .map(({ target, verified_at: at }) => ({ target, ms: Date.parse(at) - pushedMs }));
  expect(verified(big.id).map(({ target }) => target)).toEqual(["d1cv", "ai-agent"]);
  const ofSmall = verified(small.id);
  expect(ofSmall.map(({ target }) => target)).toEqual(["d1cv", "ai-agent"]);
  // The same push alone takes as long: the index is first polled after 2 s.
  expect(Math.max(...ofSmall.map(({ ms }) => ms))).toBeLessThan(15_000);
  for (const target of [world.d1cv, world.aiAgent])
    expect(target.rows("SELECT 1 FROM technology WHERE name LIKE 'Big %'")).toHaveLength(changes);
});
