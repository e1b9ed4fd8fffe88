/** One workspace with its people, its two targets and a clock that stands still until it is moved. */
import { env } from "cloudflare:workers";
import type { JobOutcome } from "../../../shared/domain/pushes/job-outcome.ts";
import type { Job } from "../../../shared/domain/pushes/push.ts";
import { createEffects } from "../../../shared/effects.ts";
import type { Role } from "../../../shared/domain/workspace/roles.ts";
import type { Result } from "../../../shared/result.ts";
import { read } from "../../../shared/storage/database.ts";
import { databasesOf } from "../../../shared/storage/databases.ts";
import { set, sql } from "../../../shared/storage/sql.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { jobQuery, operationsOfJobQuery } from "../../../shared/storage/pushes/jobs.ts";
import type { PushMessage } from "../../../shared/storage/outbox.ts";
import { type ConfiguredTarget, insertTarget, unsealed } from "../../../shared/storage/pushes/targets.ts";
import { insertMember, insertWorkspace } from "../../../shared/storage/workspace/workspaces.ts";
import type { Mode } from "../../../shared/domain/workspace/settings.ts";
import type { ApplyResult, Operations } from "../../../shared/targets/protocol.ts";
import { createEncryption } from "../../../shared/encryption.ts";
import { createCredentialSource } from "../../../shared/targets/credential-source.ts";
import type { TargetCredentials } from "../../../shared/targets/credentials.ts";
import { createDirectory } from "../../../shared/targets/directory.ts";
import { createCommit } from "../../../shared/use-cases/commits/create-commit.ts";
import { approveCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { type OutcomeInput, recordOutcome } from "../../../shared/use-cases/pushes/record-outcome.ts";
import { type StageInput, type Staged, stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { relayOutbox } from "../../../shared/use-cases/relay-outbox.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import type { PushStarted } from "../../../shared/use-cases/pushes/write-push.ts";
import { type Part, people } from "../people.ts";
import { ScriptedTarget } from "./scripted-target.ts";
import { WatchedDatabase } from "./watched-database.ts";

export { people };
export type Person = Part;

const granted: [Person, Role][] = [
  ["otherAuthor", "editor"],
  ["author", "editor"],
  ["approver", "approver"],
  ["otherApprover", "approver"],
  ["admin", "admin"],
];

export interface WorldOptions {
  mode?: Mode;
  approvalsNeeded?: number;
  /** Who has a role; everybody of `granted` when left out. */
  members?: [Person, Role][];
}

let worlds = 0;
let ids = 0;

/** Tables in the order of their keys. */
const withoutRowid = new Set(["idempotency_records", "api_replies", "addresses", "people"]);

/** Unique in the file, 26 characters, the same in every run. */
const nextId = (): string => `id${String((ids += 1)).padStart(24, "0")}`;

export const timeouts = { dispatchMs: 20_000, completionMs: 300_000, askMs: 60_000 };
export const channelId = "C0CHANNEL";
/** A key that only tests use. */
export const encryptionKeys = JSON.stringify({
  current: "1",
  keys: { 1: btoa("tests' encryption key".padEnd(32, ".")) },
});
export const encryption = createEncryption(encryptionKeys);
const targetAddresses = { allowedHosts: ["target.example"], isLocal: false };
const webhookAddresses = { allowedHosts: [], anyPublicHost: true, isLocal: false };

const credentialsOf = (workspaceId: string, target: string): TargetCredentials => {
  const secret = (use: string): string => `whsec_${btoa(`${workspaceId} ${target} ${use}`.padEnd(32, "."))}`;
  return { request: [secret("request")], webhook: [secret("webhook")], read: `read-${workspaceId}-${target}` };
};

/** Both targets with the same three rows behind a directory that knows only them. */
const createTargets = (workspaceId: string, portfolioId: string, nowMs: () => number) => {
  const credentials = { d1cv: credentialsOf(workspaceId, "d1cv"), "ai-agent": credentialsOf(workspaceId, "ai-agent") };
  const d1cv = new ScriptedTarget({ name: "d1cv", portfolioId, credentials: credentials.d1cv, nowMs });
  const ai = new ScriptedTarget({
    name: "ai-agent",
    portfolioId,
    credentials: credentials["ai-agent"],
    nowMs,
  });
  const python = { name: "Python", category: "Backend", experience_years: 5, is_featured: true };
  for (const target of [d1cv, ai]) {
    target.put("technology", "python-1", python);
    target.put("technology", "jquery-1", { name: "jQuery", category: "Frontend", level: "Advanced" });
    target.put("technology", "go-1", { name: "Go", category: "Backend" });
  }
  const source = createCredentialSource(encryption, credentials);
  const targets = createDirectory({
    services: { D1CV: d1cv, AI_AGENT: ai },
    urls: {},
    credentials: source,
    publicUrl: "https://bot.example",
    addresses: { allowedHosts: [], isLocal: false },
    nowMs,
    newId: nextId,
  });
  return { d1cv, ai, targets, credentials: source };
};

const insertRows = async (
  workspaceId: string,
  portfolioId: string,
  options: WorldOptions,
  now: string,
): Promise<void> => {
  const bindings: ConfiguredTarget[] = [
    { name: "d1cv", alias: null, portfolioId, binding: "D1CV", url: null, credentials: "d1cv" },
    { name: "ai-agent", alias: "ai", portfolioId, binding: "AI_AGENT", url: null, credentials: "ai-agent" },
  ];
  const settings = { mode: options.mode ?? "team", approvalsNeeded: options.approvalsNeeded ?? 1 };
  await writeQuietly(env.DB, [
    insertWorkspace({ workspaceId, now }),
    sql`UPDATE workspaces SET ${set(settings)} WHERE workspace_id = ${workspaceId}`,
    ...bindings.map((binding, position) => insertTarget({ ...binding, ...unsealed, workspaceId, position }, now)),
    ...(options.members ?? granted).map(([person, role]) =>
      insertMember({ workspaceId, now }, { userId: people[person], role }, "test"),
    ),
  ]);
};

export const createWorld = async (options: WorldOptions = {}) => {
  const workspaceId = `T${String((worlds += 1)).padStart(4, "0")}`;
  const portfolioId = `portfolio-${workspaceId}`;
  const db = new WatchedDatabase(env.DB);
  const clock = { ms: Date.parse("2026-11-23T08:00:00.000Z") };
  const nowMs = (): number => clock.ms;
  const { d1cv, ai, targets, credentials } = createTargets(workspaceId, portfolioId, nowMs);
  await insertRows(workspaceId, portfolioId, options, new Date(clock.ms).toISOString());

  /** What recording and settling need: no person. */
  const effects = createEffects();
  const services = [
    { name: "d1cv", binding: "D1CV", url: null },
    { name: "ai-agent", binding: "AI_AGENT", url: null },
  ];
  const system = {
    db,
    history: null,
    databases: databasesOf({ DB: db }, nowMs),
    effects,
    nowMs,
    newId: nextId,
    random: () => 0,
    timeouts,
    targets,
    webhookAddresses,
    targetAddresses,
    credentials,
    services,
    encryption,
  };

  const as = (person: Person, overrides: Partial<UseCaseContext> = {}): UseCaseContext => ({
    ...system,
    workspaceId,
    actor: { kind: "slack", id: people[person] },
    traceId: "0af7651916cd43dd8448eb211c80319c",
    idempotencyKey: `slack:${nextId()}`,
    bootstrap: { admin: null, targets: [] },
    ...overrides,
  });

  const select = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> =>
    (
      await env.DB.prepare(sql)
        .bind(...values)
        .all()
    ).results;

  return {
    workspaceId,
    portfolioId,
    db,
    clock,
    /** What follows from everything that was written and nobody has carried out. */
    effects,
    d1cv,
    ai,
    system,
    as,
    select,
    /** A table's rows of this workspace, in the order in which they were written. */
    table: (name: string) =>
      select(
        `SELECT * FROM ${name} WHERE workspace_id = ?1 ${withoutRowid.has(name) ? "" : "ORDER BY rowid"}`,
        workspaceId,
      ),
    /** Types of the events, oldest first. */
    eventTypes: async () =>
      (await select("SELECT type FROM job_events WHERE workspace_id = ?1 ORDER BY id", workspaceId)).map(
        ({ type }) => type,
      ),
    run: (sql: string, ...values: unknown[]) =>
      env.DB.prepare(sql)
        .bind(...values)
        .run(),
  };
};
export type World = Awaited<ReturnType<typeof createWorld>>;

/** The value of a success; a failure's reason fails the test. */
export const valueOf = <T>(result: Result<T, { code: string }>): T => {
  if (!result.ok) throw new Error(`expected a success, got ${JSON.stringify(result.reason)}`);
  return result.value;
};

/** The reason of a failure; a success fails the test. */
export const reasonOf = <Reason extends { code: string }>(result: Result<unknown, Reason>): Reason => {
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result.value)}`);
  return result.reason;
};

export const stageInput = (input: Partial<StageInput> = {}): StageInput => ({
  action: "UPDATE",
  entityType: "technology",
  row: "python-1",
  values: { experience_years: "8" },
  targets: [],
  note: null,
  source: null,
  ...input,
});

export const stage = async (
  world: World,
  input: Partial<StageInput> = {},
  person: Person = "author",
): Promise<Staged> => valueOf(await stageChange(world.as(person), stageInput(input)));

/** Commits what the person has staged. */
export const commit = async (world: World, person: Person = "author", draft = false): Promise<number> =>
  valueOf(await createCommit(world.as(person), { message: "Skill updates", draft, channelId, only: null })).commit
    .number;

/** Stages a change (to python-1 unless stated otherwise), commits it and has it approved. */
export const approvedCommit = async (world: World, ...inputs: Partial<StageInput>[]): Promise<number> => {
  for (const input of inputs.length === 0 ? [{}] : inputs) await stage(world, input);
  const number = await commit(world);
  valueOf(await approveCommit(world.as("approver"), { number, seenHash: null }));
  return number;
};

export const push = async (world: World, number: number, scope = "all"): Promise<PushStarted> =>
  valueOf(await startPush(world.as("approver"), { number, scope, channelId }));

/** The newest job for a target, as the code reads it. */
export const jobFor = async (world: World, target: string): Promise<Job & { operations: Operations }> => {
  const [row] = await world.select(
    "SELECT id FROM jobs WHERE workspace_id = ?1 AND target = ?2 ORDER BY id DESC LIMIT 1",
    world.workspaceId,
    target,
  );
  const id = String(row?.["id"]);
  const [job, [operations]] = await read(env.DB, jobQuery(world.workspaceId, id), operationsOfJobQuery(id));
  if (!job || !operations) throw new Error(`no job for ${target}`);
  return { ...job, operations };
};

export const applyResult: ApplyResult = {
  inserted: 0,
  updated: 1,
  deleted: 0,
  d1Count: 3,
  vectorCount: null,
  synced: null,
};
export const completed: JobOutcome = { kind: "completed", result: applyResult };

/** What the target's webhook about a job says, under a webhook id of its own unless stated otherwise. */
export const webhookOf = (
  world: World,
  job: Job,
  outcome: JobOutcome,
  overrides: Partial<OutcomeInput> = {},
): OutcomeInput => ({
  jobId: job.id,
  attempt: job.attempt,
  outcome,
  actor: { kind: "target", id: job.target },
  webhook: {
    target: job.target,
    portfolioId: world.portfolioId,
    idempotencyKey: `webhook:${job.target}:${nextId()}`,
    signerAmong: async (candidates) => candidates.find(({ workspaceId }) => workspaceId === world.workspaceId) ?? null,
  },
  ...overrides,
});

/** The target reports on its newest job. */
export const report = async (world: World, target: string, outcome: JobOutcome) =>
  recordOutcome(world.system, webhookOf(world, await jobFor(world, target), outcome));

/** A queue that keeps what it is given, and refuses what Cloudflare's would. */
export const createQueue = () => {
  const sent: PushMessage[] = [];
  return {
    sent,
    isDown: false,
    /** A message that names `refuses` is never taken. */
    refuses: null as string | null,
    async sendBatch(messages: Iterable<MessageSendRequest>) {
      if (this.isDown) throw new Error("queue is down");
      const bodies = [...messages].map(({ body }) => body as PushMessage);
      if (bodies.length === 0 || bodies.length > 100) throw new Error("a batch has 1 to 100 messages");
      if (this.refuses !== null && JSON.stringify(bodies).includes(this.refuses)) throw new Error("message too large");
      sent.push(...bodies);
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    },
  };
};

/** The queues to which the outbox sends. */
export const createQueues = (push = createQueue()) => ({
  "cv-push": push,
  "cv-index": createQueue(),
  "cv-deliveries": createQueue(),
});

/** What the world's batches have claimed, and then what cron finds. @returns how many messages were sent */
export const relayAll = async (
  { effects, system }: Pick<World, "effects" | "system">,
  queues: Parameters<typeof relayOutbox>[1],
): Promise<number> => {
  let sent = 0;
  const taken = effects.take();
  for (const effect of taken) if (effect.kind === "relay_outbox") sent += await relayOutbox(system, queues, effect);
  effects.add(taken.filter(({ kind }) => kind !== "relay_outbox"));
  return sent + (await relayOutbox(system, queues));
};

const tablesOf = async (): Promise<string[]> =>
  (
    await env.DB.prepare(
      `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id'
       WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*' ORDER BY m.name`,
    ).all<{ name: string }>()
  ).results.map(({ name }) => name);

/** The same without what is kept of reports that change nothing. */
export const everythingButReportsOf = async (workspaceId: string): Promise<Record<string, unknown[]>> => {
  const { idempotency_records: _records, job_events: events = [], ...rest } = await everythingOf(workspaceId);
  const isReport = (event: unknown): boolean => (event as { type: string }).type === "webhook.ignored";
  return { ...rest, job_events: events.filter((event) => !isReport(event)) };
};

/** The same without what is recorded of conflicts, which a refusal may bring to light. */
export const everythingButDriftOf = async (workspaceId: string): Promise<Record<string, unknown[]>> => {
  const { cards: _cards, ...all } = await everythingOf(workspaceId);
  const targets = (all["commit_targets"] ?? []).map((row) => ({ ...(row as object), drift: null }));
  const events = (all["job_events"] ?? []).filter((event) => (event as { type: string }).type !== "commit.drifted");
  return { ...all, commit_targets: targets, job_events: events };
};

/** Every row of a workspace, by table: equal before and after when nothing was changed. */
export const everythingOf = async (workspaceId: string): Promise<Record<string, unknown[]>> => {
  const tables = await tablesOf();
  const results = await env.DB.batch(
    tables.map((table) => env.DB.prepare(`SELECT * FROM ${table} WHERE workspace_id = ?1`).bind(workspaceId)),
  );
  return Object.fromEntries(tables.map((table, index) => [table, results[index]?.results ?? []]));
};
