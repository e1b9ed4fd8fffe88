/** Who may review a commit, and where they see its card. */
import { type Policy, approversOf } from "../../domain/commits/judgement.ts";
import type { UseCaseContext } from "../context.ts";
import type { Session } from "../session.ts";

type Ruled = Pick<Session, "members"> & { workspace: Pick<Session["workspace"], "mode" | "approvalsNeeded"> };

/** What approvals are judged by, as it is now. */
export const policyOf = ({ members, workspace: { mode, approvalsNeeded } }: Ruled): Policy => ({
  mode,
  approvalsNeeded,
  members,
});

/** Those who may approve a commit; in team mode nobody whose input is in it. */
export const reviewersOf = (session: Ruled, contributors: readonly string[]): string[] =>
  approversOf(contributors, policyOf(session));

/** Where a commit's card goes: without a channel, to its author and to each who may approve it. */
export const cardPlaces = (ctx: UseCaseContext, channelId: string | null, reviewers: readonly string[]): string[] =>
  channelId === null ? [...new Set([ctx.actor.id, ...reviewers])] : [channelId];
