/** Runbooks of docs/guides/runbooks.md that need the whole product: a paused queue, secrets of all Workers. */
import { beforeAll, expect, test } from "vitest";
import { type Drills, openDrills } from "./runs/drill.ts";
import { signWebhook } from "./platform/services.ts";
import { secretOf } from "./world/workspaces.ts";

let drills: Drills;
beforeAll(async () => {
  drills = await openDrills();
});

const minuteMs = 60_000;
const minutes = (count: number): number => count * minuteMs;

/** Each job was applied once, everywhere, and reported on. */
const expectAllAppliedOnce = (commits: number): void => {
  const { rows } = drills;
  expect(rows("staging", "SELECT DISTINCT status FROM commits")).toEqual([{ status: "applied_all" }]);
  const jobs = rows("staging", "SELECT id FROM jobs WHERE verified_at IS NOT NULL ORDER BY id").map(({ id }) =>
    String(id),
  );
  expect(jobs).toHaveLength(2 * commits);
  const ledger = (["d1cv", "aiAgent"] as const).flatMap((target) =>
    rows(target, "SELECT job_id FROM sim_ledger WHERE job_id <> 'seed'").map(({ job_id: id }) => String(id)),
  );
  expect(ledger.toSorted()).toEqual(jobs);
  expect(rows("staging", "SELECT * FROM dead_letters")).toEqual([]);
};

test("a push stays in a queue that is paused, doctor says so, and it goes on by itself, once", async () => {
  const { scene, type, commit, push, wait } = drills.drill("queue paused");
  const { push: pushQueue, deliveries } = scene.world.queues;
  await push(await commit("update technology python-1 experience_years=6"));
  pushQueue.isPaused = true;
  deliveries.isPaused = true;
  await push(await commit("update technology python-1 experience_years=7"), minutes(30));
  const third = await commit("update technology go-1 experience_years=3");
  await push(third, minutes(30));
  expect(drills.rows("staging", "SELECT state, COUNT(*) AS jobs FROM jobs GROUP BY state")).toEqual([
    { state: "completed", jobs: 2 },
    { state: "pending", jobs: 4 },
  ]);
  // Each push has a message, and some more that repeat it: a queue that is paused is not filled.
  expect(pushQueue.pending).toBeGreaterThanOrEqual(2);
  expect(pushQueue.pending).toBeLessThan(100);
  expect(await type("admin", "doctor")).toContain("wrong: The queue Worker takes pushes from their queue");

  pushQueue.resume();
  deliveries.resume();
  await wait(minutes(15));
  expectAllAppliedOnce(3);
  expect(await type("admin", "doctor")).not.toContain("wrong: The queue Worker takes pushes from their queue");
});

test("secrets of all four Workers and the encryption key are replaced while pushes go on, and nothing is lost", async () => {
  const { scene, workspace, type, commit, push, wait } = drills.drill("a leak");
  const { world } = scene;
  await push(await commit("update technology python-1 experience_years=6"));
  // As npm run setup -- --new-secrets: one Worker after the other, and no former secret counts.
  const ids = ["rust-1", "go-1", "php-1", "sql-1", "jquery-1", "c++", "python-1"].map((id) => `"${id}"`);
  for (const worker of ["d1cv", "ai-agent", "bot", "consumers"] as const) {
    world.secrets.renew(worker);
    world.deploy();
    await push(await commit(`update technology ${ids.shift()} experience_years=8`), minutes(2));
  }
  // The key that encrypts credentials: added, then current, then the former one removed.
  const [first, next] = [btoa("simulated key".padEnd(32, ".")), btoa("another key".padEnd(32, "."))];
  for (const keys of [
    { current: "1", keys: { 1: first, 2: next } },
    { current: "2", keys: { 1: first, 2: next } },
    { current: "2", keys: { 2: next } },
  ]) {
    for (const worker of ["bot", "consumers"] as const) {
      world.encryptionKeys[worker] = keys;
      world.deploy();
      await wait(minutes(1));
    }
    await push(await commit(`update technology ${ids.shift()} experience_years=8`), minutes(3));
  }
  await wait(minutes(30));
  // While neither target takes a read, a row that is named cannot be committed: it is with the next commit.
  expectAllAppliedOnce(7);
  for (const target of ["d1cv", "aiAgent"] as const)
    expect(drills.rows(target, "SELECT 1 FROM technology WHERE experience_years = 8")).toHaveLength(7);
  expect(drills.rows("staging", "SELECT DISTINCT key_version FROM targets")).toEqual([{ key_version: "2" }]);
  const doctor = await type("admin", "doctor");
  for (const wrong of ["takes our signature", "takes our token", "webhooks reach us", "Stored secrets"])
    expect(doctor).not.toMatch(new RegExp(`wrong: [^:]*${wrong}`));

  // What a leaked secret signs is refused.
  const secret = secretOf(`${workspace.portfolioId}/d1cv`, "webhook", 1);
  const body = JSON.stringify({ type: "job.failed", target: "d1cv", portfolioId: workspace.portfolioId });
  const headers = signWebhook(world, "d1cv", workspace.portfolioId, body, { secret });
  const forged = new Request("https://cv-ops.internal/v2/webhook/d1cv", { method: "POST", headers, body });
  const answers: number[] = [];
  void world.requestBot("a forged report", forged).then(({ status }) => answers.push(status));
  await wait(minutes(1));
  expect(answers).toEqual([401]);
});
