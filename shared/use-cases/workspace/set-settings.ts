import { type Result, fail, ok } from "../../result.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import { insertCard, invalidateReviewCards, invalidateSetupCard } from "../../storage/cards.ts";
import { assertOneApprover, updateSettings } from "../../storage/workspace/workspaces.ts";
import { type Settings, approvalsRange } from "../../domain/workspace/settings.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { policyOf, reviewersOf } from "../commits/reviewers.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { judgeAnew, judgedAnewEvents, openReviewsQueries, writeJudgedAnew } from "./judge-anew.ts";

export interface SettingsSet {
  before: Settings;
  after: Settings;
  /** Numbers of the commits that have enough approvals now. */
  approved: number[];
  /** Numbers of the approved commits that need more approvals now. */
  returned: number[];
  /** User ids of those who may approve. */
  mayApprove: string[];
}

export type SettingsReason = WriteRefusal<
  "approvals_out_of_range" | "solo_mode_one_approval" | "solo_mode_one_approver"
>;

/**
 * Team mode asks for a second person; solo mode lets the only person who may approve approve their own commits after
 * confirming, and always needs one approval. What is left out stays. Open commits are judged anew by the new policy.
 */
export const setSettings = repeatable(
  async (ctx: UseCaseContext, input: Partial<Settings>): Promise<Result<SettingsSet, SettingsReason>> => {
    const { workspaceId } = ctx;
    const [session, ...open] = await openSession(ctx, ...openReviewsQueries(workspaceId));
    const allowed = permit(session, "settings");
    if (!allowed.ok) return allowed;
    const { mode, approvalsNeeded, channelId } = session.workspace;
    const before: Settings = { mode, approvalsNeeded, channelId };
    const checked = checkSettings(session, before, input);
    if (!checked.ok) return checked;
    const after = checked.value;
    const result = { before, after, mayApprove: mayApprove(session) };
    const changed = changedFrom(before, after);
    if (Object.keys(changed).length === 0) return ok({ ...result, approved: [], returned: [] });

    const at = atNow(ctx);
    const anew = judgeAnew(...open, { ...policyOf(session), ...after });
    const numbers = (commits: readonly Commit[]): number[] => commits.map(({ number }) => number);
    const notice = noticeOf(ctx, session, before, after);
    return commitBatch<SettingsSet>(
      ctx,
      { ...result, approved: numbers(anew.approved), returned: numbers(anew.returned) },
      [
        updateSettings(at, before, after),
        after.mode === "solo" ? assertOneApprover(workspaceId) : [],
        writeJudgedAnew(at, anew),
        invalidateReviewCards(at),
        invalidateSetupCard(at),
        ...notice.places.map((place) =>
          insertCard(at, { id: ctx.newId(), kind: "policy", subjectId: notice.id, channelId: place }),
        ),
      ],
      {
        type: "workspace.settings_set",
        data: {
          before: changedFrom(after, before),
          after: changed,
          ...(notice.places.length > 0 ? { noticeId: notice.id } : {}),
        },
      },
      ...judgedAnewEvents(anew, "settings"),
    );
  },
);

/** A commit needs less than before. */
const isLooser = (before: Settings, after: Settings): boolean =>
  after.approvalsNeeded < before.approvalsNeeded || (before.mode === "team" && after.mode === "solo");

/** Where cards went until now: a change of the channel hides nothing. Without one, everybody who reviews reads it. */
const noticeOf = (ctx: UseCaseContext, session: Session, before: Settings, after: Settings) => {
  const channelId = before.channelId ?? after.channelId;
  const others = mayApprove(session).filter((userId) => userId !== ctx.actor.id);
  const places = channelId === null ? others : [channelId];
  return { id: ctx.newId(), places: isLooser(before, after) ? places : [] };
};

const checkSettings = (
  session: Session,
  before: Settings,
  input: Partial<Settings>,
): Result<Settings, SettingsReason> => {
  const { min, max } = approvalsRange;
  const wanted = { ...before, ...input };
  const { approvalsNeeded, mode } = wanted;
  if (!Number.isInteger(approvalsNeeded) || approvalsNeeded < min || approvalsNeeded > max) {
    return fail({ code: "approvals_out_of_range", min, max });
  }
  if (mode === "team") return ok(wanted);
  if ((input.approvalsNeeded ?? 1) > 1) return fail({ code: "solo_mode_one_approval" });
  const approvers = mayApprove(session);
  return approvers.length > 1
    ? fail({ code: "solo_mode_one_approver", approvers })
    : ok({ ...wanted, approvalsNeeded: 1 });
};

/** What of `after` differs from `before`. */
export const changedFrom = (before: Settings, after: Settings): Partial<Settings> => ({
  ...(before.mode === after.mode ? {} : { mode: after.mode }),
  ...(before.approvalsNeeded === after.approvalsNeeded ? {} : { approvalsNeeded: after.approvalsNeeded }),
  ...(before.channelId === after.channelId ? {} : { channelId: after.channelId }),
});

/** Those who may approve a commit that somebody else has made. */
export const mayApprove = (session: Pick<Session, "members" | "workspace">): string[] => reviewersOf(session, []);
