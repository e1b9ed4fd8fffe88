/** What the Workers declare, what cron runs, and the code that answers: each has the other two. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { cronJobs, cronJobsAt, isDue } from "../shared/schedules.ts";
import { handlerFiles, handlersIn } from "../tools/scripts/schedule-handlers.ts";
import { root } from "../tools/scripts/tree.ts";

/** Which part of the table a configuration's Worker runs; the queue Worker has no cron. */
const workerOf = (path: string): "bot" | "target" | null => {
  if (path === "wrangler.toml") return "bot";
  return path.startsWith("targets/") ? "target" : null;
};

const schedulesOf = (worker: "bot" | "target" | null): string[] =>
  [
    ...new Set(Object.values(cronJobs).flatMap((job) => (job.worker === worker ? [job.schedule as string] : []))),
  ].toSorted();

describe.each(globSync("{,consumers/,targets/*/}wrangler.toml", { cwd: root }).toSorted())("%s", (path) => {
  const { rawConfig } = experimental_readRawConfig({ config: join(root, path) });

  test("a Worker declares the schedules that the table has for it, and no other", () => {
    expect((rawConfig.triggers?.crons ?? []).toSorted()).toEqual(schedulesOf(workerOf(path)));
  });

  test("a Worker's production environment inherits its schedules", () => {
    expect(rawConfig.env?.["production"]?.triggers).toBeUndefined();
  });
});

test("each job of the table has a handler, and each handler is a job of the table", () => {
  const named = (worker: string) =>
    Object.entries(cronJobs).flatMap(([name, job]) => (job.worker === worker ? [name] : []));
  expect(handlersIn(handlerFiles.bot).toSorted()).toEqual(named("bot").toSorted());
  expect(handlersIn(handlerFiles.target).toSorted()).toEqual(named("target").toSorted());
});

test("each job runs at its schedule, and at no other", () => {
  for (const [name, { worker, schedule }] of Object.entries(cronJobs)) {
    expect(cronJobsAt(worker, schedule), name).toContain(name);
    for (const other of schedulesOf(worker).filter((cron) => cron !== schedule)) {
      expect(cronJobsAt(worker, other), name).not.toContain(name);
    }
  }
  expect(cronJobsAt("bot", "1 2 3 4 5")).toEqual([]);
});

test("a schedule is due in the minutes that it names, in UTC", () => {
  const at = (time: string): number => Date.parse(time);
  expect(isDue("* * * * *", at("2026-11-30T07:33:20Z"))).toBe(true);
  expect(isDue("0 14 * * *", at("2026-11-30T14:00:59Z"))).toBe(true);
  expect(isDue("0 14 * * *", at("2026-11-30T14:01:00Z"))).toBe(false);
  expect(isDue("*/15 * * * *", at("2026-11-30T14:45:00Z"))).toBe(true);
  expect(isDue("*/15 * * * *", at("2026-11-30T14:46:00Z"))).toBe(false);
  expect(isDue("0 8 * * MON", at("2026-11-30T08:00:00Z"))).toBe(true);
  expect(isDue("0 8 * * MON", at("2026-12-01T08:00:00Z"))).toBe(false);
});
