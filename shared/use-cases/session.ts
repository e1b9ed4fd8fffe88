/**
 * What use cases begin and end with: the first round trip, which reads who asks, in which workspace, and what the use
 * case itself needs; and the one batch that it writes.
 */
import type { Refusal, RefusalCode } from "../contract/refusals.ts";
import type { EventType } from "../domain/events/event-types.ts";
import type { UnreadableRow } from "../domain/unreadable-row.ts";
import { type TokenGrant, isPerson } from "../domain/workspace/actor.ts";
import { type Permission, type Role, may, permissions } from "../domain/workspace/roles.ts";
import { type Result, fail, ok } from "../result.ts";
import { type Batch, type Query, type Values, read, readAll } from "../storage/database.ts";
import { invalidateHomes } from "../storage/cards.ts";
import { type Draft, completedQuery } from "../storage/from-batch.ts";
import {
  type IdempotencyRecord,
  insertIdempotencyRecord,
  idempotencyRecordQuery,
  saveResult,
} from "../storage/idempotency-records.ts";
import { type NewEvent, insertEvent } from "../storage/events/events.ts";
import { type TargetBinding, insertTarget, targetsQuery, unsealed } from "../storage/pushes/targets.ts";
import {
  type Member,
  type Workspace,
  insertMember,
  insertWorkspace,
  membersQuery,
  setReconnected,
  workspaceQuery,
} from "../storage/workspace/workspaces.ts";
import { write, writeQuietly } from "../storage/write.ts";
import { type UseCaseContext, atNow } from "./context.ts";

export interface Session {
  workspace: Workspace;
  members: Member[];
  targets: TargetBinding[];
  /** Of the acting person; viewer when nobody has granted one. */
  role: Role;
  /** With which they came; null for a person who came themselves. */
  token: TokenGrant | null;
  /** Not null: the request had its effect when it came in the first time. */
  record: IdempotencyRecord | null;
  /** What the use case's own queries had to leave out. */
  unreadable: readonly UnreadableRow[];
}

export type Forbidden = Refusal<"forbidden" | "insufficient_scope">;

/** The request had its effect before; `result` is what it led to, null when that was not saved. */
export interface DuplicateRequest {
  code: "duplicate_request";
  result: unknown;
}

/** Why a use case does not even look: not for this person, or done already. */
export type Refused = Forbidden | DuplicateRequest | Refusal<"commit_unreadable">;

/** Why a use case that only reads is refused: these codes besides. */
export type ReadRefusal<Codes extends RefusalCode> = Refused | Refusal<Codes>;

/** The same of a use case that writes. */
export type WriteRefusal<Codes extends RefusalCode = never> =
  | Forbidden
  | NotWritten
  | Refusal<Codes | "commit_unreadable">;

/** Opens the session and runs the use case's own queries in the same round trip. A new workspace is set up first. */
export const openSession = async <const Queries extends readonly Query<unknown>[]>(
  ctx: UseCaseContext,
  ...queries: Queries
): Promise<[Session, ...Values<Queries>]> => {
  const load = () =>
    readAll(
      ctx.db,
      workspaceQuery(ctx.workspaceId),
      membersQuery(ctx.workspaceId),
      targetsQuery(ctx.workspaceId),
      // No key is empty, so a request without one has no record.
      idempotencyRecordQuery(ctx.workspaceId, ctx.idempotencyKey ?? ""),
      ...queries,
    );
  let { values, unreadable } = await load();
  let [workspace, members, targets, record, ...own] = values;
  if (!workspace || (targets.length === 0 && workspace.installedBy === null)) {
    await setUpWorkspace(ctx);
    ({ values, unreadable } = await load());
    [workspace, members, targets, record, ...own] = values;
  }
  if (!workspace) throw new Error(`Workspace ${ctx.workspaceId} could not be set up`);
  if (workspace.disconnectedAt !== null && ctx.actor.kind === "slack") {
    // Whoever can use the app has installed it again.
    await write(ctx, setReconnected(atNow(ctx)));
    workspace = { ...workspace, disconnectedAt: null };
  }
  const token = ctx.actor.kind === "token" ? ctx.actor.token : null;
  const session: Session = {
    workspace,
    members,
    targets,
    role: roleOf(ctx, workspace, members),
    token,
    record,
    unreadable,
  };
  return [session, ...(own as Values<Queries>)];
};

const setUpWorkspace = async (ctx: UseCaseContext): Promise<void> => {
  const { admin, targets } = ctx.bootstrap;
  const at = atNow(ctx);
  await writeQuietly(ctx.db, [
    insertWorkspace(at),
    ...(admin ? [insertMember(at, { userId: admin, role: "admin" }, "bootstrap")] : []),
    ...targets.map((target, position) =>
      insertTarget({ ...target, ...unsealed, workspaceId: ctx.workspaceId, position }, at.now),
    ),
  ]);
};

/** Who is the admin while there is none: who has installed the app, or whom the variables name. */
export const firstAdminOf = (ctx: UseCaseContext, { installedBy }: Pick<Workspace, "installedBy">): string | null =>
  installedBy ?? ctx.bootstrap.admin;

const roleOf = (ctx: UseCaseContext, workspace: Workspace, members: Member[]): Role => {
  if (!isPerson(ctx.actor)) return "viewer";
  const granted = members.find(({ userId }) => userId === ctx.actor.id)?.role;
  const unclaimed = !members.some(({ role }) => role === "admin");
  if (unclaimed && ctx.actor.id === firstAdminOf(ctx, workspace)) return "admin";
  return granted ?? "viewer";
};

/** Whether the acting person may, with what they came with. */
export const allows = ({ role, token }: Pick<Session, "role" | "token">, permission: Permission): boolean =>
  may(role, permission) && (token === null || token.scopes.includes(permissions[permission].scope));

/**
 * Whether the acting person may, and has not asked for it in the same request before; a refusal names who may. Who may
 * not any more does not learn what the request led to while they might.
 */
export const permit = (session: Session, permission: Permission): Result<null, Refused> => {
  const allowed = authorized(session, permission);
  if (!allowed.ok || !session.record) return allowed;
  return fail({ code: "duplicate_request", result: session.record.result });
};

const authorized = (session: Session, permission: Permission): Result<null, Forbidden> => {
  if (allows(session, permission)) return ok(null);
  if (session.token && may(session.role, permission)) {
    return fail({
      code: "insufficient_scope",
      permission,
      scope: permissions[permission].scope,
      token: session.token.name,
    });
  }
  return fail({
    code: "forbidden",
    permission,
    role: session.role,
    needed: permissions[permission].role,
    whoMay: session.members.filter(({ role }) => may(role, permission)).map(({ userId }) => userId),
  });
};

/** Whether the acting person may do what they ask for again, with today's role and with what they came with. */
export const mayRepeat = async (ctx: UseCaseContext, permission: Permission): Promise<Result<null, Forbidden>> => {
  const [session] = await openSession({ ...ctx, idempotencyKey: null });
  return authorized(session, permission);
};

/** Nothing was written: another request changed it first, or this one had its effect before. */
export type NotWritten = { code: "conflict" } | DuplicateRequest;

type Event = NewEvent & { type: EventType };

/**
 * Writes the batch of a use case and saves its result for a repeat. The idempotency record comes first; every Home and
 * the events follow the use case's own statements. @returns the result, with what the batch found out
 */
export const commitBatch = async <T>(
  ctx: UseCaseContext,
  result: Draft<T>,
  statements: Batch,
  ...events: Event[]
): Promise<Result<T, NotWritten>> => {
  const { db, workspaceId, idempotencyKey } = ctx;
  const at = atNow(ctx);
  const completed = completedQuery(result);
  const written = await write(ctx, [
    idempotencyKey ? insertIdempotencyRecord(at, idempotencyKey) : [],
    statements,
    invalidateHomes(at),
    ...events.map((event) => insertEvent(at, event, ctx.actor, ctx.traceId)),
    idempotencyKey === null ? [] : saveResult(workspaceId, idempotencyKey, result),
    completed ?? [],
  ]);
  if (written.written) return ok(completed ? written.results.of(completed) : (result as T));
  if (written.because === "conflict") return fail({ code: "conflict" });
  const [record] = await read(db, idempotencyRecordQuery(workspaceId, idempotencyKey ?? ""));
  return fail({ code: "duplicate_request", result: record?.result ?? null });
};

type UseCase<Input extends unknown[], T, Reason extends { code: string }> = (
  ctx: UseCaseContext,
  ...input: Input
) => Promise<Result<T, Reason>>;

/** A use case that answers a repeat of a request with what the first one led to. */
export const repeatable =
  <Input extends unknown[], T, Reason extends { code: string }>(
    useCase: UseCase<Input, T, Reason>,
  ): UseCase<Input, T, Reason> =>
  async (ctx, ...input) => {
    const done = await useCase(ctx, ...input);
    const saved = done.ok ? null : savedResultOf<T>(done.reason);
    return saved === null ? done : ok(saved);
  };

/** What a use case has made, with the secret that only the first answer has: a repeat gets it without (null). */
export type ShownOnce<T> = T & { secret: string | null };

/** A use case whose input has a new secret. What it saves for a repeat must not have it. */
export const shownOnce =
  <Input extends { secret: string }, T extends object, Reason extends { code: string }>(
    useCase: UseCase<[Input], T, Reason>,
  ): UseCase<[Input], ShownOnce<T>, Reason> =>
  async (ctx, input) => {
    const done = await useCase(ctx, input);
    if (done.ok) return ok({ ...done.value, secret: input.secret });
    const saved = savedResultOf<T>(done.reason);
    return saved === null ? done : ok({ ...saved, secret: null });
  };

/** What the use case with this key has saved, so of its own type; null when it saved nothing. */
export const savedResultOf = <T>(reason: { code: string; result?: unknown }): T | null =>
  reason.code === "duplicate_request" ? ((reason.result ?? null) as T | null) : null;
