/**
 * Generated scenarios against the whole stack: workspaces work concurrently while the process is killed repeatedly and
 * targets and webhooks fail. The databases are checked at the end.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FaultName } from "../../tools/playground/faults.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import {
  allRows,
  countOfChanges,
  ledgerOf,
  notVerified,
  planOf,
  staleCards,
  tableOnlyOf,
  violations,
} from "./scenario-databases.ts";
import { type StoryStack, startStory } from "./stack.ts";
import { encryptionKeys, installApps, installationsOf } from "./installed.ts";
import { channelOf, type Connection, Team, workspaceOf } from "./team.ts";
import { ServedSlack } from "../support/slack/served-slack.ts";

/** An environment variable raises the number to a hundred. */
const count = Number(process.env["SCENARIOS"] ?? 20);
const atOnce = 12;
const restarts = count < 100 ? 2 : 5;
const firstSeed = Number(process.env["SCENARIO_SEED"] ?? 1);
const faults: FaultName[] = ["webhook.lose", "d1cv.refuse", "webhook.repeat", "ai-agent.refuse"];
const withinMs = 900_000;

const scenarios = Array.from({ length: count }, (_, index) => scenarioOf(firstSeed + index));
const tokenOf = (scenario: Scenario): string => `xoxb-${workspaceOf(scenario)}`;
let slack: ServedSlack;
let stack: StoryStack;

beforeAll(async () => {
  slack = await ServedSlack.start();
  for (const each of scenarios) slack.addWorkspace(workspaceOf(each), tokenOf(each), channelOf(each));
  const installations = await installationsOf(
    scenarios.map((each) => ({ workspaceId: workspaceOf(each), botToken: tokenOf(each) })),
  );
  stack = await startStory(
    () => ({
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: "",
      ENCRYPTION_KEYS: encryptionKeys,
      DISPATCH_TIMEOUT_MS: "3000",
      COMPLETION_TIMEOUT_MS: "20000",
      ASK_INTERVAL_MS: "3000",
    }),
    (staging) => installApps(staging, installations),
  );
});
afterAll(async () => {
  await stack.remove();
  await slack.stop();
});

/** Kills and restarts the process whenever a further share of the requests was answered. */
const createRestarter = (expectedAnswers: number) => {
  let answers = 0;
  let done = 0;
  let up = Promise.resolve();
  const back = new Set<() => void>();
  const restart = async (): Promise<void> => {
    await stack.kill();
    await stack.startAgain();
    for (const wake of back) wake();
    back.clear();
  };
  return {
    done: () => done,
    connection: {
      url: stack.url,
      slack,
      up: () => up,
      restarted: () => new Promise<void>((resolve) => back.add(resolve)),
      progress: () => {
        answers += 1;
        if (done >= restarts || answers < ((done + 1) * expectedAnswers) / (restarts + 1)) return;
        done += 1;
        up = restart();
      },
    } satisfies Connection,
  };
};

/** Runs cron at a shorter interval than a minute, and one fault after the other, until `work` is over. */
const underFaults = async <T>(up: () => Promise<void>, work: Promise<T>): Promise<T> => {
  const over = new AbortController();
  const driving = (async () => {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      await up();
      const fault = faults[turn % faults.length];
      // A kill aborts the request; the next interval repeats it.
      await Promise.allSettled([stack.tick(), ...(fault && turn % 3 === 0 ? [stack.breaks(fault)] : [])]);
      await delay(2_000, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  try {
    return await work;
  } finally {
    over.abort();
    await driving;
  }
};

/** Limited concurrency, for a single machine. */
const playAll = async (teams: readonly Team[]): Promise<void> => {
  const waiting = [...teams];
  const seat = async (): Promise<void> => {
    for (let team = waiting.shift(); team; team = waiting.shift()) await team.play();
  };
  await Promise.all(Array.from({ length: atOnce }, seat));
};

/** Waits until every push is verified and its card says so. */
const untilQuiet = async (staging: string): Promise<void> => {
  await expect
    .poll(() => [...allRows(staging, notVerified), ...allRows(staging, staleCards)], { timeout: 90_000, interval: 500 })
    .toEqual([]);
};

const answersOf = ({ rounds }: Scenario): number =>
  2 + rounds.reduce((sum, { stage, scopes }) => sum + stage.length + 2 + scopes.length, 0);

it(
  `${count} workspaces keep every change through ${restarts} kills, and each target has each commit once`,
  { timeout: withinMs },
  async () => {
    const restarter = createRestarter(scenarios.reduce((sum, scenario) => sum + answersOf(scenario), 0));
    const teams = scenarios.map((scenario) => new Team(scenario, restarter.connection));
    const staging = await stack.databaseFile("staged_changes");
    await underFaults(
      restarter.connection.up,
      playAll(teams).then(() => untilQuiet(staging)),
    );
    expect(restarter.done()).toBe(restarts);
    await stack.stop();

    for (const [what, sql] of Object.entries(violations)) expect(allRows(staging, sql), what).toEqual([]);
    const { changes, rows } = planOf(scenarios);
    expect(countOfChanges(staging), "each change that was acknowledged is there, once").toBe(changes);
    for (const target of ["d1cv", "ai-agent"] as const) {
      const ledger = ledgerOf(staging, await stack.databaseFile(tableOnlyOf[target]), target);
      expect(ledger.applied, `${target} has applied what was recorded, and nothing else`).toEqual(ledger.recorded);
      expect(ledger.revisions, `each of ${target}'s revisions is of one commit`).toBe(ledger.applied.length + 1);
      expect(ledger.live, `the rows of ${target}`).toEqual(rows);
    }
  },
);
