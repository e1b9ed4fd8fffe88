/** The first round trip of every verb: who asks, in which workspace, with which targets, and what the verb itself reads. */
import type { EventType } from "../domain/events/event-types.ts";
import { type TokenGrant, isPerson } from "../domain/workspace/actor.ts";
import { type Permission, type Role, type Scope, may, permissions } from "../domain/workspace/roles.ts";
import { type Result, fail, ok } from "../result.ts";
import { type Query, type Values, read } from "../storage/database.ts";
import { invalidateHomes } from "../storage/cards.ts";
import { type Draft, completedQuery } from "../storage/from-batch.ts";
import { type Seen, insertInbox, keepOutcome, seenQuery } from "../storage/inbox.ts";
import { type NewEvent, insertEvent } from "../storage/events/events.ts";
import { type TargetBinding, insertTarget, targetsQuery } from "../storage/pushes/targets.ts";
import {
  type Member,
  type Workspace,
  insertMember,
  insertWorkspace,
  membersQuery,
  setReconnected,
  workspaceQuery,
} from "../storage/workspace/workspaces.ts";
import { type Statement, write, writeQuietly } from "../storage/write.ts";
import { type UseCaseContext, nowOf } from "./context.ts";

export interface Session {
  workspace: Workspace;
  members: Member[];
  targets: TargetBinding[];
  /** Of the acting person; viewer when nobody has granted one. */
  role: Role;
  /** With which they came; null for a person who came themselves. */
  token: TokenGrant | null;
  /** Not null: the request had its effect when it came in the first time. */
  seen: Seen | null;
}

export type Forbidden = RoleTooLow | OutOfScope;

export interface RoleTooLow {
  code: "forbidden";
  permission: Permission;
  role: Role;
  needed: Role;
  /** User ids of those who may, to ask. */
  whoMay: string[];
}

/** The token's owner may or may not: the token is not for this. */
export interface OutOfScope {
  code: "insufficient_scope";
  permission: Permission;
  scope: Scope;
  /** Name of the token. */
  token: string;
}

/** The request had its effect before; `outcome` is what it led to, null when that was not kept. */
export interface Repeated {
  code: "duplicate_request";
  outcome: unknown;
}

/** Why a verb does not even look: not for this person, or done already. */
export type Refused = Forbidden | Repeated;

/** Opens the session and runs the verb's own queries in the same round trip. A new workspace is set up first. */
export const openSession = async <const Queries extends readonly Query<unknown>[]>(
  ctx: UseCaseContext,
  ...queries: Queries
): Promise<[Session, ...Values<Queries>]> => {
  const load = () =>
    read(
      ctx.db,
      workspaceQuery(ctx.db, ctx.workspaceId),
      membersQuery(ctx.db, ctx.workspaceId),
      targetsQuery(ctx.db, ctx.workspaceId),
      // No key is empty, so that of a request without one is never known.
      seenQuery(ctx.db, ctx.workspaceId, ctx.inboxKey ?? ""),
      ...queries,
    );
  let [workspace, members, targets, seen, ...own] = await load();
  if (!workspace || targets.length === 0) {
    await setUpWorkspace(ctx);
    [workspace, members, targets, seen, ...own] = await load();
  }
  if (!workspace) throw new Error(`Workspace ${ctx.workspaceId} could not be set up`);
  if (workspace.disconnectedAt !== null && ctx.actor.kind === "slack") {
    // Whoever can use the app has installed it again.
    await write(ctx, [setReconnected(ctx.db, ctx.workspaceId, nowOf(ctx))]);
    workspace = { ...workspace, disconnectedAt: null };
  }
  const token = ctx.actor.kind === "token" ? ctx.actor.token : null;
  const session: Session = { workspace, members, targets, role: roleOf(ctx, members), token, seen };
  return [session, ...(own as Values<Queries>)];
};

const setUpWorkspace = async (ctx: UseCaseContext): Promise<void> => {
  const { admin, targets } = ctx.bootstrap;
  const now = nowOf(ctx);
  await writeQuietly(ctx.db, [
    insertWorkspace(ctx.db, ctx.workspaceId, now),
    ...(admin ? [insertMember(ctx.db, ctx.workspaceId, { userId: admin, role: "admin" }, "bootstrap", now)] : []),
    ...targets.map((target, position) =>
      insertTarget(ctx.db, { ...target, workspaceId: ctx.workspaceId, position }, now),
    ),
  ]);
};

const roleOf = (ctx: UseCaseContext, members: Member[]): Role => {
  if (!isPerson(ctx.actor)) return "viewer";
  const granted = members.find(({ userId }) => userId === ctx.actor.id)?.role;
  const unclaimed = !members.some(({ role }) => role === "admin");
  if (unclaimed && ctx.actor.id === ctx.bootstrap.admin) return "admin";
  return granted ?? "viewer";
};

/** Whether the acting person may, with what they came with. */
export const allows = ({ role, token }: Pick<Session, "role" | "token">, permission: Permission): boolean =>
  may(role, permission) && (token === null || token.scopes.includes(permissions[permission].scope));

/** Whether the acting person may, and has not asked for it in the same request before; a refusal names who may. */
export const permit = (session: Session, permission: Permission): Result<null, Refused> => {
  if (session.seen) return fail({ code: "duplicate_request", outcome: session.seen.outcome });
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

/** Nothing was written: another request was faster (conflict), or this one had its effect before (repeated). */
export type NotWritten = { code: "conflict" } | Repeated;

type Event = NewEvent & { type: EventType };

/** Runs a verb's batch and keeps its outcome for a repeat. @returns the outcome, with what the batch has found out */
export const commitBatch = <T>(
  ctx: UseCaseContext,
  outcome: Draft<T>,
  statements: Statement[],
  ...events: Event[]
): Promise<Result<T, NotWritten>> => {
  const { db, workspaceId, inboxKey } = ctx;
  const kept = inboxKey === null ? [] : [keepOutcome(db, workspaceId, inboxKey, outcome)];
  return commitOnce(ctx, outcome, statements, events, kept);
};

/** The same where the outcome must not be kept: a repeat is told that it is one. */
export const commitUnrepeatable = <T>(
  ctx: UseCaseContext,
  outcome: Draft<T>,
  statements: Statement[],
  ...events: Event[]
): Promise<Result<T, NotWritten>> => commitOnce(ctx, outcome, statements, events, []);

/** The inbox comes first, every Home and the events follow the verb's own statements. */
const commitOnce = async <T>(
  ctx: UseCaseContext,
  outcome: Draft<T>,
  statements: Statement[],
  events: Event[],
  kept: Statement[],
): Promise<Result<T, NotWritten>> => {
  const { db, workspaceId, inboxKey } = ctx;
  const now = nowOf(ctx);
  const completed = completedQuery(db, outcome);
  const written = await write(ctx, [
    ...(inboxKey ? [insertInbox(db, workspaceId, inboxKey, now)] : []),
    ...statements,
    invalidateHomes(db, workspaceId, now),
    ...events.map((event) => insertEvent(db, workspaceId, event, ctx.actor, ctx.traceId, now)),
    ...kept,
    ...(completed ? [completed] : []),
  ]);
  if (written.written) return ok(completed ? written.results.of(completed) : (outcome as T));
  if (written.because === "conflict") return fail({ code: "conflict" });
  const [seen] = await read(db, seenQuery(db, workspaceId, inboxKey ?? ""));
  return fail({ code: "duplicate_request", outcome: seen?.outcome ?? null });
};

type Verb<Input extends unknown[], T, Reason extends { code: string }> = (
  ctx: UseCaseContext,
  ...input: Input
) => Promise<Result<T, Reason>>;

/** A verb that answers a repeat of a request with what the first one led to. */
export const repeatable =
  <Input extends unknown[], T, Reason extends { code: string }>(verb: Verb<Input, T, Reason>): Verb<Input, T, Reason> =>
  async (ctx, ...input) => {
    const result = await verb(ctx, ...input);
    const known = result.ok ? null : outcomeOf<T>(result.reason);
    return known === null ? result : ok(known);
  };

/** What the verb with this key has kept, so of its own type; null for any other reason, or when it kept nothing. */
export const outcomeOf = <T>(reason: { code: string; outcome?: unknown }): T | null =>
  reason.code === "duplicate_request" ? ((reason.outcome ?? null) as T | null) : null;
