/** What operators are promised on pages: figures, thresholds, the schema that the code needs, and the dashboard. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { exposition } from "../bot/operations/exposition.ts";
import { alerts } from "../shared/domain/operations/alerts.ts";
import { measure, objectives, windowDays } from "../shared/domain/operations/objectives.ts";
import { root } from "../tools/scripts/tree.ts";

const text = exposition({
  counts: [],
  measured: measure([]),
  waiting: { outboxMessages: 0, outboxOldestAt: null, deadLettersWaiting: 0, jobDeadlineAt: null, deliveryDueAt: null },
  down: [],
  alerts: [],
  signals: {
    outboxOldestSeconds: 0,
    jobsOverdueSeconds: 0,
    deliveriesOverdueSeconds: 0,
    deadLettersWaiting: 0,
    targetsDown: 0,
  },
  cronAgeSeconds: 0,
});
const exposed = new Map(
  [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type] as const),
);
const page = readFileSync(join(root, "docs/guides/operate.md"), "utf8");

const isExposed = (name: string): boolean =>
  exposed.has(name) || exposed.get(name.replace(/_(bucket|sum|count)$/, "")) === "histogram";

test("each figure has a help line and one type, and every line has the form that Prometheus reads", () => {
  expect(exposed.size).toBeGreaterThan(10);
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) cv_ops_[a-z_]+ .+|cv_ops_[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/,
    );
  }
});

test("every figure that the dashboard and the guide name exists, and the dashboard shows each of them", () => {
  const dashboard = readFileSync(join(root, "docs/operations/grafana.json"), "utf8");
  const named = (source: string): string[] => [...new Set(source.match(/cv_ops_[a-z_]+[a-z]/g))];
  expect(named(`${dashboard} ${page}`).filter((name) => !isExposed(name))).toEqual([]);
  const shown = named(dashboard).map((name) => name.replace(/_bucket$/, ""));
  expect([...exposed.keys()].filter((name) => !shown.includes(name))).toEqual(["cv_ops_objective_events"]);
});

test("the schema that /readyz asks for is the newest migration", () => {
  const newest = globSync("migrations/*.sql", { cwd: root }).toSorted().at(-1) ?? "";
  const [, needed] =
    /neededSchema = "([^"]+)"/.exec(readFileSync(join(root, "bot/operations/routes.ts"), "utf8")) ?? [];
  expect(needed).toBe(basename(newest));
});

test("the guide states the objectives and the thresholds of the code", () => {
  expect(page).toContain(`over the last ${windowDays} days`);
  for (const [name, { says, target }] of Object.entries(objectives)) {
    expect(page).toContain(`| \`${name}\`: ${says} | ${Number((target * 100).toFixed(1))} % |`);
  }
  for (const [name, { says, raiseAt, clearAt, unit }] of Object.entries(alerts)) {
    const value = (number: number): string => `${number}${unit === "" ? "" : ` ${unit}`}`;
    const said = says.replace(/^\w/, (letter) => letter.toLowerCase());
    expect(page).toContain(`| \`${name}\`: ${said} | ${value(raiseAt)} | ${value(clearAt)} |`);
  }
});
