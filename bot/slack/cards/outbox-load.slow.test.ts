/** Many pushes at once, against a Slack that keeps its rate limits. */
import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { staleCardsQuery, upsertHomeCard } from "../../../shared/storage/cards.ts";
import { read } from "../../../shared/storage/database.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { RateLimits } from "../../../test/support/slack/rate-limits.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { createWorld, people, type World } from "../../../test/support/bot/world.ts";

const { author, approver } = people;
const pushes = 100;

const startPush = async (world: World, number: number): Promise<void> => {
  await world.run(
    [author, `stage create technology name=T${number} category=Backend`],
    [author, `commit "number ${number}"`],
    [approver, `approve ${number}`],
    [approver, `push ${number} all`],
  );
};

const progress = (stage: string, percent: number) => ({ type: "job.progress" as const, stage, percent });
const verified = { type: "job.verified" as const, result: { d1Count: 66, vectorCount: 66, synced: true } };

/** Six events of each of the two targets. */
const reportPush = async (world: World, jobs: Record<string, unknown>[]): Promise<void> => {
  for (const job of jobs) {
    const target = String(job["target"]);
    const about = { jobId: String(job["id"]), attempt: 1, target, portfolioId: world.portfolioId };
    const events = [
      progress("writing", 10),
      progress("writing", 50),
      progress("writing", 90),
      { type: "job.completed" as const, result: applied() },
      { type: "job.searchable" as const, vectorCount: 66 },
      verified,
    ];
    for (const event of events) {
      const response = await world.webhook(target, { ...about, occurredAt: clock.iso(), ...event });
      expect(response.ok, `${target}: ${event.type}`).toBe(true);
    }
  }
};

test("100 pushes of two targets at once stay within Slack's rate limits", { timeout: 600_000 }, async () => {
  const world = await createWorld();
  slack.rates = new RateLimits(() => Date.now());
  for (let number = 1; number <= pushes; number += 1) await startPush(world, number);
  const jobs = await world.rows("jobs");
  const startMs = clock.nowMs();
  for (const { id } of await world.rows("pushes")) {
    await reportPush(
      world,
      jobs.filter((job) => job["push_id"] === id),
    );
  }
  const rounds = await world.settle(5000);

  const writes = slack.calls.filter(({ method }) => method.startsWith("chat."));
  console.log(
    JSON.stringify({ pushes, calls: writes.length, virtualSeconds: (clock.nowMs() - startMs) / 1000, rounds }),
  );
  expect(writes.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  // A card of the commit, then a parent, a plan and an outcome for each target.
  expect(writes.length).toBeLessThanOrEqual(8 * pushes);
  const stale = await env.DB.prepare(
    "SELECT COUNT(*) AS count FROM cards WHERE workspace_id = ?1 AND (desired_version <> shown_version OR retired_reason IS NOT NULL)",
  )
    .bind(world.team)
    .first("count");
  expect(stale).toBe(0);
  const parents = world.messages.filter(({ text, threadTs }) => threadTs === null && text.startsWith("Push #"));
  expect(parents).toHaveLength(pushes);
  for (const parent of parents) {
    expect(textsOf(parent)).toContain("verified live");
    const thread = world.messages.filter(({ threadTs }) => threadTs === parent.ts).map(({ text }) => text);
    expect(thread).toEqual([
      expect.stringMatching(/^Pushed commit #\d+\./),
      expect.stringMatching(/^d1cv: applied and verified/),
      expect.stringMatching(/^ai-agent: applied and verified/),
    ]);
  }
});

test("more Homes than a round of the outbox writes delay no card", async () => {
  const world = await createWorld();
  await world.run([author, "stage create technology name=Rust category=Backend"]);
  // Older than the commit's card, and out of date with every change.
  for (let number = 0; number < 80; number += 1) {
    const home = { id: `home-${number}`, userId: `U0HOME${number}` };
    await writeQuietly(env.DB, [upsertHomeCard({ workspaceId: world.team, now: clock.iso() }, home).statement]);
  }
  await env.DB.prepare("UPDATE cards SET ts = 'home' WHERE workspace_id = ?1 AND kind = 'home'").bind(world.team).run();
  await world.run([author, "commit Rust"]);
  await world.settle(200);
  clock.advance(60_000);
  await world.run([approver, "approve 1"]);
  const [shown] = await read(env.DB, staleCardsQuery({ workspaceId: world.team, now: clock.iso() }, "shown", 50));
  expect(shown[0]).toMatchObject({ kind: "commit" });
  expect(shown).toHaveLength(50);
});
