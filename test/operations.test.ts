/** What operators are promised on pages: figures, thresholds, the schema that the code needs, and the dashboard. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { exposition } from "../bot/operations/exposition.ts";
import { alerts } from "../shared/domain/operations/alerts.ts";
import { measure, objectives, windowDays } from "../shared/domain/operations/objectives.ts";
import { isTest, readTree, root } from "../tools/scripts/tree.ts";

const text = exposition({
  counts: [],
  measured: measure([]),
  backup: { madeAt: null, bytes: null, firstTriedAt: null },
  waiting: {
    outboxMessages: 0,
    outboxOldestAt: null,
    deadLettersWaiting: 0,
    pushUnsentAt: null,
    jobDeadlineAt: null,
    deliveryDueAt: null,
  },
  lags: [],
  down: [],
  alerts: [],
  signals: {
    outboxOldestSeconds: 0,
    pushesUnsentSeconds: 0,
    jobsOverdueSeconds: 0,
    deliveriesOverdueSeconds: 0,
    deadLettersWaiting: 0,
    backupAgeSeconds: 0,
    targetsDown: 0,
    databaseFullPercent: 0,
  },
  cronAgeSeconds: 0,
  sizes: [],
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
    /neededSchema = "([^"]+)"/.exec(
      readFileSync(join(root, "shared/use-cases/operations/check-readiness.ts"), "utf8"),
    ) ?? [];
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

/** What a person is called or has written, by the names that our code gives it. */
const personalFields =
  /\b(actor|userId|email|address|realName|personName|author|createdBy|requestedBy|text|title|note|values|payload|body|blocks)\b/;

/** The arguments of each call of `log`, as text. */
const logCallsIn = (source: string): string[] =>
  [...source.matchAll(/\blog\(\s*"[^"]+",\s*/g)].map(({ index, 0: start }) => {
    let depth = 1;
    let end = index + start.length;
    for (; depth > 0 && end < source.length; end += 1)
      depth += "({[".includes(source[end] ?? "") ? 1 : ")}]".includes(source[end] ?? "") ? -1 : 0;
    return source.slice(index, end);
  });

test("no call of the log passes who somebody is, or what they wrote", () => {
  const product = readTree().filter(({ path }) => /^(bot|consumers|shared|targets)\//.test(path) && !isTest(path));
  const calls = product.flatMap(({ path, code }) => logCallsIn(code).map((call) => ({ path, call })));
  expect(calls.length).toBeGreaterThan(60);
  // `kindOf(body)` and `body.action_id` are names of ours for what was clicked, and `aboutOf` takes ids.
  const passed = calls.filter(({ call }) =>
    personalFields.test(call.replaceAll(/(kindOf|aboutOf)\([^()]*\)/g, "").replace("body.action_id", "")),
  );
  expect(passed.map(({ path, call }) => `${path}: ${call}`)).toEqual([]);
});
