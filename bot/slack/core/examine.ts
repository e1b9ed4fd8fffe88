/** Doctor: looks at the service, at one workspace's Slack and at its targets. Changes nothing. */
import {
  type CheckName,
  type Finding,
  clockFinding,
  signalFindings,
} from "../../../shared/domain/operations/checks.ts";
import { lostJobs, rewoundFindings } from "../../../shared/domain/operations/rewound.ts";
import { smokeWorkspace } from "../../../shared/domain/operations/smoke.ts";
import { archiveKey } from "../../../shared/history/archive-object.ts";
import { log } from "../../../shared/log.ts";
import { read } from "../../../shared/storage/database.ts";
import { someArchivesQuery } from "../../../shared/storage/events/archives.ts";
import type { TargetClient } from "../../../shared/targets/client.ts";
import type { PingAnswer } from "../../../shared/targets/protocol.ts";
import { lastCompletedQuery, storedJobIdsQuery } from "../../../shared/storage/pushes/reconciled.ts";
import { type TargetBinding, targetsQuery } from "../../../shared/storage/pushes/targets.ts";
import { type Part, failedParts } from "../../../shared/use-cases/operations/check-readiness.ts";
import { keyUses } from "../../../shared/use-cases/operations/encrypt-secrets.ts";
import { readOperations } from "../../../shared/use-cases/operations/read-operations.ts";
import { someInstallationQuery } from "../../../shared/storage/workspace/installations.ts";
import { notImported } from "../../../shared/use-cases/workspace/import-workspaces.ts";
import type { Deps } from "../../env.ts";
import { inspectToken } from "./inspect-token.ts";
import { botScopes } from "./scopes.ts";

type Examined = Pick<
  Deps,
  | "named"
  | "ownToken"
  | "ownWorkspace"
  | "oauth"
  | "databases"
  | "history"
  | "encryption"
  | "nowMs"
  | "queues"
  | "unboundTargets"
  | "installation"
  | "slack"
  | "targets"
  | "newId"
>;

/** Cron runs each minute; two that are late are an accident. */
const maxCronAgeSeconds = 180;

const parts: readonly Part[] = ["database", "schema", "queues", "targets"];

export const examineService = async (deps: Examined): Promise<Finding[]> => {
  const failed = await failedParts(deps);
  const ready = parts.map((check): Finding => ({
    check,
    about: null,
    ok: !(check in failed),
    detail: failed[check] ?? null,
  }));
  if (failed.database !== undefined) return ready;
  const { signals, cronAgeSeconds } = await readOperations(deps);
  const age = Math.round(cronAgeSeconds);
  const detail = age > 86_400 * 365 ? "it has never run" : `${age} s ago`;
  return [
    ...ready,
    { check: "cron", about: null, ok: cronAgeSeconds <= maxCronAgeSeconds, detail },
    ...signalFindings(signals),
    await examineKeys(deps),
    ...(await examineApp(deps)),
    ...(await examineNamed(deps)),
    ...(await examineHistory(deps)),
  ];
};

/** Nobody can use a bot without a token that nobody can install. */
const examineApp = async (deps: Examined): Promise<Finding[]> => {
  const { databases, ownToken, oauth } = deps;
  if (ownToken !== null) return examineOwnToken(deps, ownToken);
  if (oauth !== null) return [];
  const [found] = await read(databases.first, someInstallationQuery());
  const detail = found === null ? "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are not set" : null;
  return [{ check: "slack_app", about: null, ok: found !== null, detail }];
};

/** Says when the variable of earlier releases is needed no longer: the workspace has its token in a row. */
const examineOwnToken = async (deps: Examined, botToken: string): Promise<Finding[]> => {
  const own = deps.oauth === null ? null : await deps.ownWorkspace({ botToken });
  if (own === null || (await notImported(deps, [{ workspaceId: own.id }])).length > 0) return [];
  return [{ check: "slack_app", about: own.id, ok: true, detail: "SLACK_BOT_TOKEN is needed no longer, and may go" }];
};

const examineNamed = async (deps: Examined): Promise<Finding[]> => {
  if (deps.named === null) return [];
  const missing = (await notImported(deps, deps.named)).map(({ workspaceId }) => workspaceId);
  const detail =
    missing.length > 0
      ? `without rows yet: ${missing.join(", ")}`
      : "each of its workspaces has rows: delete WORKSPACES";
  return [{ check: "workspaces_variable", about: null, ok: false, detail }];
};

const lookedUpArchives = 3;

/** Nothing where nothing was moved to R2. */
const examineHistory = async ({ databases, history }: Examined): Promise<Finding[]> => {
  const archives = (await databases.gather(someArchivesQuery(lookedUpArchives))).slice(0, lookedUpArchives);
  if (archives.length === 0) return [];
  const finding = (detail: string | null): Finding[] => [
    { check: "history", about: null, ok: detail === null, detail },
  ];
  if (history === null) return finding("no bucket is bound as HISTORY");
  const keys = archives.map(({ workspaceId, position }) => archiveKey(workspaceId, position));
  const found = await Promise.all(keys.map((key) => history.head(key)));
  const missing = keys.filter((_, index) => found[index] === null);
  return finding(missing.length === 0 ? null : `${missing.join(", ")} is missing`);
};

/** Says, too, when an older key may go. */
const examineKeys = async (deps: Examined): Promise<Finding> => {
  const older = (await keyUses(deps)).filter(({ isCurrent }) => !isCurrent);
  const used = older.filter(({ rows }) => rows > 0);
  const said =
    used.length > 0
      ? used.map(({ keyVersion, rows }) => `key ${keyVersion} still has ${rows}`)
      : older.map(({ keyVersion }) => `key ${keyVersion} is used no longer and may go`);
  return { check: "encryption", about: null, ok: used.length === 0, detail: said.join(", ") || null };
};

/** What an admin of the workspace may know: the service, and their own workspace. */
export const examine = async (deps: Examined, workspaceId: string): Promise<Finding[]> =>
  (await Promise.all([examineService(deps), examineWorkspace(deps, workspaceId)])).flat();

export const examineWorkspace = async (deps: Examined, workspaceId: string): Promise<Finding[]> => {
  const [targets] = await read(deps.databases.of(workspaceId), targetsQuery(workspaceId));
  const found = await Promise.all([
    // No Slack belongs to the workspace of a deployment's own pushes.
    ...(workspaceId === smokeWorkspace ? [] : [examineSlack(deps, workspaceId)]),
    ...targets.map((target) => examineTarget(deps, target)),
  ]);
  return found.flat();
};

const notLookedAt = (checks: readonly CheckName[], about: string): Finding[] =>
  checks.map((check) => ({ check, about, ok: null, detail: null }));

const examineSlack = async ({ installation, slack, nowMs }: Examined, workspaceId: string): Promise<Finding[]> => {
  const about = workspaceId;
  const rest = ["slack_workspace", "slack_scopes", "slack_clock"] as const;
  const installed = await installation(workspaceId);
  if (!installed)
    return [{ check: "slack_token", about, ok: false, detail: "none is set" }, ...notLookedAt(rest, about)];
  try {
    const { error, workspaceId: own, scopes, date } = await inspectToken(installed.botToken, slack.apiUrl);
    if (error !== null) return [{ check: "slack_token", about, ok: false, detail: error }, ...notLookedAt(rest, about)];
    const missing = botScopes.filter((scope) => scopes !== null && !scopes.includes(scope));
    return [
      { check: "slack_token", about, ok: true, detail: null },
      {
        check: "slack_workspace",
        about,
        ok: own === workspaceId,
        detail: own === workspaceId ? null : `it belongs to ${own}`,
      },
      {
        check: "slack_scopes",
        about,
        ok: scopes === null ? null : missing.length === 0,
        detail: missing.length === 0 ? null : `missing: ${missing.join(", ")}`,
      },
      clockFinding("slack_clock", about, date, nowMs()),
    ];
  } catch (error) {
    log("doctor.slack_failed", { workspaceId, error: String(error) });
    return [{ check: "slack_token", about, ok: null, detail: "Slack gives no answer" }, ...notLookedAt(rest, about)];
  }
};

/** Fewer than the 100 that a target lists at once. */
const comparedPushes = 50;

/** Ours are read first: what ends meanwhile is then no difference. */
const examineJobs = async (
  { databases }: Examined,
  client: TargetClient,
  target: TargetBinding,
): Promise<Finding[]> => {
  const db = databases.of(target.workspaceId);
  const [ours] = await read(db, lastCompletedQuery(target.workspaceId, target.name, comparedPushes));
  const listed = await client.appliedJobs();
  if (!listed.ok || listed.value === null) return rewoundFindings(target.name, null);
  const theirs = listed.value.jobs;
  const ids = theirs.map(({ jobId }) => jobId);
  const stored = await databases.gather(storedJobIdsQuery(ids));
  return rewoundFindings(target.name, lostJobs({ ours, theirs, stored, isWhole: theirs.length < 100 }));
};

const examineTarget = async (deps: Examined, target: TargetBinding): Promise<Finding[]> => {
  const about = target.name;
  const rest = [
    "target_reads",
    "target_signature",
    "target_clock",
    "target_webhooks",
    "target_has_jobs",
    "bot_has_jobs",
  ] as const;
  try {
    const { targets, nowMs } = deps;
    const client = targets(target);
    const [checked, pinged, jobs] = await Promise.all([
      client.check(target.name),
      client.ping(target.name),
      examineJobs(deps, client, target),
    ]);
    if (!checked.ok)
      return [
        { check: "target_answers", about, ok: false, detail: checked.reason.message },
        ...notLookedAt(rest, about),
      ];
    const { reads, signs, date } = checked.value;
    return [
      { check: "target_answers", about, ok: true, detail: null },
      { check: "target_reads", about, ok: reads, detail: null },
      { check: "target_signature", about, ok: signs, detail: null },
      clockFinding("target_clock", about, date, nowMs()),
      ...pingFindings(about, pinged.ok ? pinged.value : null),
      ...jobs,
    ];
  } catch (error) {
    // A target without credentials or an address: the directory names what is missing, and no value.
    return [
      { check: "target_answers", about, ok: false, detail: error instanceof Error ? error.message : String(error) },
      ...notLookedAt(rest, about),
    ];
  }
};

/** What it says about itself; null where it does not know pings. */
const pingFindings = (about: string, said: PingAnswer | null): Finding[] => {
  if (said === null) return [{ check: "target_webhooks", about, ok: null, detail: "it does not answer pings" }];
  const { version, callback, index } = said;
  return [
    { check: "target_version", about, ok: version === null ? null : true, detail: version },
    { check: "target_webhooks", about, ok: callback.ok, detail: callback.error },
    ...(index === null ? [] : [indexFinding(about, index)]),
  ];
};

const indexFinding = (about: string, { dimensions, needed, vectors }: NonNullable<PingAnswer["index"]>): Finding => ({
  check: "target_index",
  about,
  ok: dimensions === null ? null : dimensions === needed,
  detail: dimensions === null ? "it gives no answer" : `${dimensions} of ${needed} dimensions, ${vectors ?? 0} vectors`,
});
