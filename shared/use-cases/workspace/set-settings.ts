import { type Result, fail, ok } from "../../result.ts";
import { approveWhenEnough, commitsWithApprovalsQuery, assertNoneApproved } from "../../storage/commits/approvals.ts";
import { invalidateCards, invalidateReviewCards } from "../../storage/cards.ts";
import { mustChange } from "../../storage/database.ts";
import { updateSettings } from "../../storage/workspace/workspaces.ts";
import { type Settings, approvalsRange } from "../../domain/workspace/settings.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { reviewersOf } from "../commits/reviewers.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export interface SettingsSet {
  before: Settings;
  after: Settings;
  /** Numbers of the commits that have enough approvals now. */
  approved: number[];
  /** User ids of those who may approve. */
  mayApprove: string[];
}

export type SettingsReason = WriteRefusal<"approvals_out_of_range" | "solo_mode_one_approval">;

/**
 * Team mode asks for a second person; solo mode lets the owner approve their own commits after confirming, and always
 * needs one approval. What is left out stays. Fewer approvals needed: commits that have them are approved at once.
 */
export const setSettings = repeatable(
  async (ctx: UseCaseContext, input: Partial<Settings>): Promise<Result<SettingsSet, SettingsReason>> => {
    const { workspaceId } = ctx;
    const fewest = input.mode === "solo" ? approvalsRange.min : (input.approvalsNeeded ?? approvalsRange.max);
    const [session, ready] = await openSession(ctx, commitsWithApprovalsQuery(workspaceId, fewest));
    const allowed = permit(session, "settings");
    if (!allowed.ok) return allowed;
    const { mode, approvalsNeeded, channelId } = session.workspace;
    const before: Settings = { mode, approvalsNeeded, channelId };
    const checked = checkSettings(before, input);
    if (!checked.ok) return checked;
    const after = checked.value;
    const result = { before, after, mayApprove: mayApprove(session) };
    const changed = changedFrom(before, after);
    if (Object.keys(changed).length === 0) return ok({ ...result, approved: [] });

    const at = atNow(ctx);
    const approved = after.approvalsNeeded < approvalsNeeded ? ready : [];
    const set: SettingsSet = { ...result, approved: approved.map(({ number }) => number) };
    return commitBatch(
      ctx,
      set,
      [
        updateSettings(at, before, after),
        invalidateReviewCards(at),
        ...approved.flatMap((commit) => [mustChange(approveWhenEnough(at, commit, after.approvalsNeeded))]),
        assertNoneApproved(workspaceId),
        ...(approved.length > 0
          ? [
              invalidateCards(
                at,
                approved.map(({ id }) => id),
              ),
            ]
          : []),
      ],
      { type: "workspace.settings_set", data: { before: changedFrom(after, before), after: changed } },
      ...approved.map(({ id, hash }) => ({
        type: "commit.approved" as const,
        commitId: id,
        data: { hash, because: "settings" },
      })),
    );
  },
);

const checkSettings = (before: Settings, input: Partial<Settings>): Result<Settings, SettingsReason> => {
  const { min, max } = approvalsRange;
  const wanted = { ...before, ...input };
  const { approvalsNeeded, mode } = wanted;
  if (!Number.isInteger(approvalsNeeded) || approvalsNeeded < min || approvalsNeeded > max) {
    return fail({ code: "approvals_out_of_range", min, max });
  }
  if (mode === "team") return ok(wanted);
  return (input.approvalsNeeded ?? 1) > 1
    ? fail({ code: "solo_mode_one_approval" })
    : ok({ ...wanted, approvalsNeeded: 1 });
};

/** What of `after` differs from `before`. */
const changedFrom = (before: Settings, after: Settings): Partial<Settings> => ({
  ...(before.mode === after.mode ? {} : { mode: after.mode }),
  ...(before.approvalsNeeded === after.approvalsNeeded ? {} : { approvalsNeeded: after.approvalsNeeded }),
  ...(before.channelId === after.channelId ? {} : { channelId: after.channelId }),
});

/** Those who may approve a commit that somebody else has made. */
export const mayApprove = (session: Pick<Session, "members" | "workspace">): string[] => reviewersOf(session, []);
