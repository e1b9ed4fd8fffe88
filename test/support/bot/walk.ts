/** Everything that people and programs ask of a workspace, once each, with what D1 has read for it. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { type Deps, createDeps } from "../../../bot/env.ts";
import { sweep } from "../../../bot/schedule.ts";
import { renderCard } from "../../../bot/slack/cards/render.ts";
import { createEffects } from "../../../shared/effects.ts";
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import type { CardKind } from "../../../shared/storage/cards.ts";
import { people } from "../people.ts";
import { freshDatabase } from "../shared/fresh-database.ts";
import { ApiClient } from "./api-client.ts";
import { writeHistory, writeNeighbours } from "./history.ts";
import { type RowsRead, rowCountingDatabase } from "../shared/row-counting-database.ts";
import { type World, botWith, createWorld } from "./world.ts";

const { admin, author, otherAuthor, approver } = people;

export interface Step {
  /** With # for the number of the newest commit. */
  name: string;
  rows: number;
  statements: RowsRead[];
}

const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 3, vectorCount: null, synced: null };

/** What is only looked at; `number` is the newest commit, 1 and 2 the oldest. */
const looks = (number: number): string[] => [
  "help",
  "status",
  "",
  "commits",
  "commits --status applied_ai",
  "commits --status rejected",
  "commits --status in_review",
  `commits --author <@${otherAuthor}>`,
  `commits --author <@${approver}>`,
  "commits --since 7d",
  "commits --since 1h",
  ...["show", "diff", "why", "status"].flatMap((name) => [1, 2, number].map((each) => `${name} ${each}`)),
  "status 2 --trace",
  "log",
  "log --before 20",
  "verify",
  "settings",
  "roles",
  "tokens",
  "targets",
  "webhooks",
  "dead-letters",
  "dead-letters --all",
  "doctor",
  "reconcile",
  "setup",
  "search python",
  "retry",
];

const pages = (number: number, jobId: string): string[] => [
  "/staged",
  ...[
    "",
    "&before=9",
    "&status=applied_ai",
    "&status=draft",
    `&author=${otherAuthor}`,
    "&since=2031-03-03T08:59:00Z",
  ].map((query) => `/commits?limit=5${query}`),
  ...[2, number].flatMap((each) =>
    ["", "/operations", "/conflicts", "/checks"].map((part) => `/commits/${each}${part}`),
  ),
  "/commits/2/timeline",
  "/pushes/2",
  ...["", "/status", "/events?limit=5"].map((part) => `/jobs/${jobId}${part}`),
  "/events?limit=5",
  "/events?limit=5&lastEventId=30",
  "/events?limit=5&commit=2",
  "/activity?limit=5",
  "/activity?limit=5&before=20",
  "/action-items",
  "/search?q=python",
  "/rows/technology",
  "/verify",
  "/entities",
  "/me",
  "/start",
  `/people?ids=${admin}`,
  "/people/search?q=a",
  "/settings",
  "/roles",
  "/tokens",
  "/targets",
  "/dead-letters",
  "/doctor",
  "/webhooks",
  "/webhooks/status",
  "/workspaces",
];

/** Somebody who does one thing after the other in a workspace, and notes what each has read. */
class Walker {
  readonly steps: Step[] = [];
  readonly world: World;
  readonly deps: Deps;
  readonly #db = rowCountingDatabase();
  readonly #api: ApiClient;
  readonly #name: (text: string) => string;

  constructor(world: World, api: ApiClient, name: (text: string) => string) {
    this.world = world;
    this.#api = api;
    this.#name = name;
    world.send = botWith({ DB: this.#db });
    this.deps = createDeps({ ...env, DB: this.#db } as unknown as Env);
  }

  step = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    this.#db.reset();
    await run();
    this.steps.push({ name: this.#name(name), rows: this.#db.rowsRead, statements: this.#db.statements });
  };

  /** Types what is done, not refused. */
  type = (userId: string, text: string): Promise<void> =>
    this.step(`/cv ${text}`, () => this.world.run([userId, text]));

  /** Types what is answered by anything, a form included. */
  look = (text: string, userId: string = admin): Promise<void> =>
    this.step(`/cv ${text}`, async () => (await this.world.post(this.world.commandBody(userId, text))).text());

  get = (path: string): Promise<void> =>
    this.step(`GET ${path}`, async () => {
      const { status, body } = await this.#api.get(path);
      expect(status, `${path} ${JSON.stringify(body)}`).toBeLessThan(300);
    });

  card = (kind: CardKind, subjectId: string): Promise<void> =>
    this.step(`card ${kind}`, async () => {
      const { team, channel } = this.world;
      const actor = systemActor("slack-outbox");
      const effects = createEffects();
      const ctx = this.deps.useCaseContext({ workspaceId: team, actor, idempotencyKey: null, effects });
      const place = { channelId: channel, threadTs: null, hasParent: false, ts: null };
      const versions = { desiredVersion: 1, shownVersion: 0, failures: 0 };
      const commit = (await this.world.rows("commits")).findLast(({ review }) => review !== "dropped");
      const about = { kind, subjectId, commitId: String(commit?.["id"]), attempt: 1 };
      const card = { workspaceId: team, id: "card", ...about, ...place, ...versions };
      expect(await renderCard({ ...ctx, portal: null }, card), `the card of ${kind}`).not.toBeNull();
    });
}

/** @returns the number of a commit that waits for its review */
const stageAndCommit = async ({ type }: Walker, commits: number): Promise<number> => {
  const python = (years: number) => `stage update technology python-1 experience_years=${years}`;
  await type(author, python(7));
  await type(author, "staged");
  await type(author, "diff");
  await type(author, `edit ${commits + 1} experience_years=8`);
  await type(author, `unstage ${commits + 1}`);
  await type(author, python(9));
  await type(author, 'commit -m "Skill updates" --draft');
  await type(author, `review ${commits + 1}`);
  await type(approver, `reject ${commits + 1} no`);
  await type(author, `reopen ${commits + 1}`);
  await type(author, 'commit -m "Skill updates"');
  await type(author, `drop ${commits + 2}`);
  await type(author, python(9));
  await type(author, 'commit -m "Skill updates"');
  return commits + 3;
};

const approveAndPush = async ({ type, look, get, card, step, world }: Walker, number: number): Promise<void> => {
  await type(approver, `approve ${number}`);
  await type(approver, `withdraw ${number}`);
  await type(approver, `approve ${number}`);
  await look(`resolve ${number}`, approver);
  await type(approver, `push ${number} d1cv`);
  await type(approver, `cancel ${number}`);
  await type(approver, `push ${number} all`);
  const commit = (await world.rows("commits")).find((row) => row["number"] === number);
  const job = (await world.rows("jobs")).findLast(({ target }) => target === "d1cv");
  await card("commit", String(commit?.["id"]));
  await card("push", String(job?.["push_id"]));
  await card("push_plan", String(job?.["push_id"]));
  const report: World["report"] = world.report.bind(world);
  await step("webhook job.progress", () => report("d1cv", { type: "job.progress", stage: "writing", percent: 40 }));
  for (const text of ["status", `status ${number}`, `status ${number} --trace`, `show ${number}`]) await look(text);
  await get(`/commits/${number}/timeline`);
  await step("webhook job.completed", () => report("d1cv", { type: "job.completed", result }));
  await card("push_outcome", String(job?.["id"]));
  const error = { code: "broken", message: "broken" };
  await step("webhook job.failed", () => report("ai-agent", { type: "job.failed", error }));
  await type(approver, `retry ${number}`);
};

/** Of a workspace of its own in an empty database, with so many commits and so many others beside it. */
export const walk = async ({ commits, neighbours = 0 }: { commits: number; neighbours?: number }): Promise<Step[]> => {
  await freshDatabase();
  const world = await createWorld();
  await writeHistory(world.team, commits);
  if (neighbours > 0) await writeNeighbours(world.team, neighbours);
  // Cron has counted all of it.
  await env.DB.exec("UPDATE operation_cursor SET value = (SELECT MAX(id) FROM job_events)");
  const newest = new RegExp(`\\b(?:${[1, 2, 3].map((more) => commits + more).join("|")})\\b`, "g");
  const name = (text: string): string => text.replaceAll(newest, "#").replaceAll(world.team, "T");
  const walker = new Walker(world, await ApiClient.of(world, admin), name);
  const number = await stageAndCommit(walker, commits);
  for (const text of looks(number)) await walker.look(text);
  for (const path of pages(number, `${world.team}-h-j2d1cv`)) await walker.get(path);
  await approveAndPush(walker, number);
  await walker.type(admin, "reindex");
  await walker.card("home", admin);
  await walker.step("sweep", () => sweep(walker.deps));
  return walker.steps;
};
