/**
 * Generated pushes against real D1, a real queue and real Durable Objects, which lose their memory between any two
 * steps. Targets report out of order, twice, or not at all; people press what they see. In the end Slack shows what D1
 * says.
 */
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { Random } from "../test/support/random.ts";
import { sweep } from "./schedule.ts";
import { createDeps } from "./env.ts";
import { clock } from "../test/support/bot/clock.ts";
import { applied } from "../test/support/bot/fake-target.ts";
import { slack, targets } from "../test/support/bot/stand-ins.ts";
import { textsOf } from "../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";

const { author, approver, otherApprover } = people;
const firstSeed = 1;
const seeds = 100;
const steps = 16;

const objectsOf = ({ team }: World) => [env.SLACK_OUTBOX.getByName(team), env.JOB_ORCHESTRATOR.getByName(team)];

/** Ends an object's life in memory; its storage and its alarm stay. A set alarm would keep the eviction waiting. */
const evict = async (object: ReturnType<typeof objectsOf>[number]): Promise<void> => {
  const alarmMs = await runInDurableObject(object, async (_object, { storage }) => {
    const atMs = await storage.getAlarm();
    await storage.deleteAlarm();
    return atMs;
  });
  await evictDurableObject(object);
  if (alarmMs !== null) await runInDurableObject(object, (_object, { storage }) => storage.setAlarm(alarmMs));
};

/** Lets the alarm that is due first ring. */
const ring = async (world: World): Promise<boolean> => {
  const alarms = await Promise.all(
    objectsOf(world).map(async (object) => ({
      object,
      atMs: await runInDurableObject(object, (_object, { storage }) => storage.getAlarm()),
    })),
  );
  const [next] = alarms
    .flatMap(({ object, atMs }) => (atMs === null ? [] : [{ object, atMs }]))
    .toSorted((left, right) => left.atMs - right.atMs);
  if (!next) return false;
  clock.to(next.atMs);
  await runDurableObjectAlarm(next.object);
  return true;
};

const jobsOf = async (world: World) => (await world.rows("jobs")).filter((job) => job["dispatched_at"] !== null);

/** What a target may say at any time about its newest job, of this attempt or an older one. */
const reportSomething = async (world: World, random: Random): Promise<void> => {
  const job = (await jobsOf(world)).at(-1);
  if (!job) return;
  const target = String(job["target"]);
  const attempt = Math.max(1, Number(job["attempt"]) - (random.chance(1 / 6) ? 1 : 0));
  const kind = random.between(0, 9);
  const id = `msg-${world.team}-${String(job["id"])}-${attempt}-${kind}`;
  if (kind < 4) {
    await world.report(target, { type: "job.progress", stage: "writing", percent: 10 * (kind + 1) }, { attempt, id });
  } else if (kind < 8) {
    targets[target as keyof typeof targets].jobs.set(String(job["id"]), {
      attempt,
      state: "applied",
      result: applied(),
    });
    await world.report(target, { type: "job.completed", result: applied() }, { attempt, id });
    if (random.chance(0.5)) await world.report(target, { type: "job.completed", result: applied() }, { attempt, id });
  } else if (targets[target as keyof typeof targets].jobs.get(String(job["id"]))?.state !== "applied") {
    await world.report(
      target,
      { type: "job.failed", error: { code: "disk_full", message: "no space" } },
      { attempt, id },
    );
  }
};

/** What these begin would end without the commit at its targets. */
const endings = new Set(["Reject", "Withdraw approval"]);

/** Presses any button that stands on a message of the channel now. */
const pressSomething = async (world: World, random: Random): Promise<void> => {
  const pressable = world.messages.flatMap((message) =>
    message.blocks.flatMap((block) =>
      block.type === "actions"
        ? block.elements.flatMap((element) =>
            element.type === "button" && element.value && !endings.has(element.text.text)
              ? [{ message, button: { action_id: element.action_id ?? "", value: element.value } }]
              : [],
          )
        : [],
    ),
  );
  if (pressable.length === 0) return;
  const { message, button } = random.pick(pressable);
  await world.click(random.pick([approver, otherApprover]), message, button);
};

const play = async (world: World, random: Random): Promise<void> => {
  const deps = createDeps(env);
  for (let step = 0; step < steps; step += 1) {
    clock.advance(1);
    const choice = random.between(0, 9);
    if (choice < 3) await reportSomething(world, random);
    else if (choice < 5) await pressSomething(world, random);
    else if (choice < 8) await ring(world);
    else if (choice < 9) await sweep(deps);
    else clock.advance(random.between(1, 90_000));
    if (random.chance(2 / 3)) await evict(random.pick(objectsOf(world)));
  }
};

const isOpen = (job: Record<string, unknown>): boolean =>
  job["state"] === "pending" || job["state"] === "processing" || job["state"] === "timeout";

/** Retries what failed and reports what is on its way, until each target has the commit. */
const finish = async (world: World): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) {
    clock.advance(1);
    const open = (await jobsOf(world)).filter(isOpen);
    for (const { target } of open) await world.report(String(target), { type: "job.completed", result: applied() });
    if (open.length > 0) continue;
    const states = (await world.rows("commit_targets")).map(({ state }) => state);
    if (states.every((state) => state === "applied")) return;
    const retried = await world.command(approver, "retry 1");
    if (retried.said.includes(":warning:")) await world.command(approver, "push 1 all");
  }
};

const untilQuiet = async (world: World): Promise<void> => {
  for (let round = 0; round < 80; round += 1) {
    const stale = (await world.rows("cards")).filter(
      (card) => Number(card["shown_version"]) < Number(card["desired_version"]) && card["retired_reason"] === null,
    );
    if (stale.length === 0) return;
    if (!(await ring(world))) await sweep(createDeps(env));
  }
  throw new Error("Slack is not up to date");
};

describe(`${seeds} generated pushes, with objects that are evicted at any moment`, () => {
  test.each(Array.from({ length: seeds }, (_, index) => firstSeed + index))(
    "seed %i: Slack shows the database's state after pushes with evictions",
    { timeout: 30_000 },
    async (seed) => {
      const random = new Random(`evictions ${seed}`);
      const world = await createWorld();
      await world.run(
        [author, "stage update technology python-1 experience_years=8"],
        [author, "stage create technology name=Rust category=Backend"],
        [author, "commit Skills"],
      );
      await world.settle();
      await world.run([approver, "approve 1"], [approver, `push 1 ${random.pick(["all", "d1cv"])}`]);
      await play(world, random);
      await finish(world);
      await untilQuiet(world);

      expect((await world.rows("commits")).map(({ status }) => status)).toEqual(["applied_all"]);
      const jobs = await world.rows("jobs");
      for (const job of jobs) expect(["completed", "cancelled", "failed"]).toContain(job["state"]);
      for (const target of ["d1cv", "ai-agent"])
        expect(jobs.filter((job) => job["target"] === target && job["state"] === "completed")).toHaveLength(1);
      const completed = (await world.rows("job_events")).filter(({ type }) => type === "job.completed");
      expect(new Set(completed.map(({ job_id }) => job_id)).size, "one completion a job").toBe(completed.length);
      expect(await world.rows("outbox")).toEqual([]);
      expect(textsOf(world.message(/^Commit #1:/))).toContain("Applied to d1cv, ai-agent");
      for (const push of await world.rows("pushes")) {
        const card = textsOf(world.message(new RegExp(`^Push #${String(push["number"])} of commit #1`)));
        expect(card).toMatch(
          { completed: /Applied to/, cancelled: /Cancelled/, failed: /Failed|Stopped/ }[String(push["state"])] ??
            /never/,
        );
      }
      expect(slack.problems).toEqual([]);
    },
  );
});
