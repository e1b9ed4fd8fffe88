import { createScheduledController, env as bindings } from "cloudflare:test";
import { expect, test } from "vitest";
import worker from "../d1cv/index.ts";
import { keptDays, pruneCallbacks } from "./prune.ts";
import { callerOf, Receiver, targetVariables, technology } from "./testing/kit.ts";

const inDays = (days: number): number => Date.now() + days * 86_400_000;

test("reports are kept for 90 days once they are settled, and for ever while they are not", async () => {
  const receiver = new Receiver();
  const env = { ...bindings, ...targetVariables, CV_OPS: receiver };
  const { apply } = callerOf(worker, env, "d1cv");
  await apply("settled", { inserts: [technology("a")] });
  receiver.answer = () => 503;
  await apply("open", { inserts: [technology("b")] });
  const kept = async (): Promise<unknown[]> => {
    const { results } = await bindings.DB.prepare("SELECT DISTINCT job_id AS job FROM callbacks ORDER BY job").all();
    return results.map(({ job }) => job);
  };
  await pruneCallbacks(bindings.DB, inDays(keptDays - 1));
  expect(await kept()).toEqual(["open", "settled"]);
  await pruneCallbacks(bindings.DB, inDays(keptDays + 1));
  expect(await kept()).toEqual(["open"]);
});

test("cron prunes what a target keeps no longer", async () => {
  const env = { ...bindings, ...targetVariables, CV_OPS: new Receiver() };
  await callerOf(worker, env, "d1cv").apply("old", { inserts: [technology("c")] });
  await bindings.DB.prepare("UPDATE callbacks SET created_at = '2020-01-01T00:00:00.000Z' WHERE job_id = 'old'").run();
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
  expect(await bindings.DB.prepare("SELECT count(*) AS n FROM callbacks WHERE job_id = 'old'").first("n")).toBe(0);
});
