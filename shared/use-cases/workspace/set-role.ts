import type { Role } from "../../domain/workspace/roles.ts";
import { type Result, fail, ok } from "../../result.ts";
import { invalidateReviewCards, invalidateSetupCard } from "../../storage/cards.ts";
import {
  type Member,
  deleteMember,
  assertAdmin,
  assertMode,
  assertSomeAdmin,
  updateSettings,
  upsertMember,
} from "../../storage/workspace/workspaces.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import type { Mode } from "../../domain/workspace/settings.ts";
import { reviewersOf } from "../commits/reviewers.ts";
import { judgeAnew, judgedAnewEvents, openReviewsQueries, writeJudgedAnew } from "./judge-anew.ts";
import {
  type NotWritten,
  type Session,
  type WriteRefusal,
  commitBatch,
  openSession,
  permit,
  repeatable,
} from "../session.ts";

export interface RoleChange {
  userId: string;
  role: Role;
  before: Role;
}

export interface RolesSet {
  /** Those who had another role. */
  changed: RoleChange[];
  approvalsNeeded: number;
  /** User ids of those who may approve now. */
  mayApprove: string[];
  /** Solo mode has ended with it: it is for one approver. */
  isTeamNow: boolean;
  /** Numbers of the commits that have enough approvals now. */
  approved: number[];
  /** Numbers of the approved commits that need more approvals now. */
  returned: number[];
}

export type RoleReason = WriteRefusal<"last_admin">;

/** Gives people a role; viewer takes away any other. A workspace keeps an admin, also when two act at once. */
export const setRole = repeatable(
  async (
    ctx: UseCaseContext,
    input: { userIds: readonly string[]; role: Role },
  ): Promise<Result<RolesSet, RoleReason>> => {
    const { workspaceId } = ctx;
    const [session, ...open] = await openSession(ctx, ...openReviewsQueries(workspaceId));
    const planned = plan(ctx, session, input);
    if (!planned.ok) return planned;
    const { changed, members } = planned.value;
    const { mode, approvalsNeeded, channelId } = session.workspace;
    const mayApprove = reviewersOf({ members, workspace: session.workspace }, []);
    const after: Mode = mayApprove.length > 1 ? "team" : mode;
    const anew = judgeAnew(...open, { approvalsNeeded, members, mode: after });
    const numbers = (commits: readonly Commit[]): number[] => commits.map(({ number }) => number);
    const result: RolesSet = {
      changed,
      approvalsNeeded,
      mayApprove,
      isTeamNow: after !== mode,
      approved: numbers(anew.approved),
      returned: numbers(anew.returned),
    };
    if (changed.length === 0) return ok({ ...result, isTeamNow: false, approved: [], returned: [] });

    const at = atNow(ctx);
    const settings = { mode, approvalsNeeded, channelId };
    const hasRow = session.members.some(({ userId, role }) => userId === ctx.actor.id && role === "admin");
    const written = await commitBatch(
      ctx,
      result,
      [
        ...(hasRow ? [assertAdmin(workspaceId, ctx.actor.id)] : []),
        ...changed.map(({ userId, role }) =>
          role === "viewer" ? deleteMember(workspaceId, userId) : upsertMember(at, { userId, role }, ctx.actor.id),
        ),
        assertSomeAdmin(workspaceId),
        after === mode ? assertMode(workspaceId, mode) : updateSettings(at, settings, { ...settings, mode: after }),
        writeJudgedAnew(at, anew),
        invalidateReviewCards(at),
        invalidateSetupCard(at),
      ],
      ...changed.map((change) => ({ type: "member.role_set" as const, data: { ...change } })),
      ...(after === mode
        ? []
        : [
            {
              type: "workspace.settings_set" as const,
              data: { before: { mode }, after: { mode: after }, because: "role" },
            },
          ]),
      ...judgedAnewEvents(anew, "role"),
    );
    return written.ok || written.reason.code !== "conflict" ? written : afterLosing(ctx, input, written);
  },
);

interface Plan {
  changed: RoleChange[];
  /** Everyone with a role, as it will be. */
  members: Member[];
}

/** The bootstrap admin, who has no row, gets one: otherwise they would lose the role to the first admin they make. */
const plan = (
  ctx: UseCaseContext,
  session: Session,
  input: { userIds: readonly string[]; role: Role },
): Result<Plan, RoleReason> => {
  const allowed = permit(session, "roles");
  if (!allowed.ok) return allowed;
  const before = new Map(session.members.map(({ userId, role }) => [userId, role]));
  const after = new Map(before).set(ctx.actor.id, "admin");
  for (const userId of input.userIds) after.set(userId, input.role);
  const changed = [...after]
    .map(([userId, role]): RoleChange => ({ userId, role, before: before.get(userId) ?? "viewer" }))
    .filter((change) => change.role !== change.before);
  const members = [...after].map(([userId, role]) => ({ userId, role })).filter(({ role }) => role !== "viewer");
  const lowered = input.userIds.find((userId) => userId === ctx.actor.id || before.get(userId) === "admin");
  if (!members.some(({ role }) => role === "admin")) {
    return fail({ code: "last_admin", userId: lowered ?? ctx.actor.id });
  }
  return ok({ changed, members });
};

/** Somebody changed it first: say what that means rather than that we lost. */
const afterLosing = async (
  ctx: UseCaseContext,
  input: { userIds: readonly string[]; role: Role },
  lost: { ok: false; reason: NotWritten },
): Promise<Result<RolesSet, RoleReason>> => {
  const [session] = await openSession(ctx);
  const planned = plan(ctx, session, input);
  return planned.ok ? lost : planned;
};
