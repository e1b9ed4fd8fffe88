/** Who may review a commit, and where they see its card. */
import type { Member } from "../../storage/workspace/workspaces.ts";
import { may } from "../../domain/workspace/roles.ts";
import type { UseCaseContext } from "../context.ts";

/** Those who may approve a commit; in team mode nobody whose input is in it. */
export const reviewersOf = (
  session: { members: readonly Pick<Member, "userId" | "role">[]; workspace: { mode: string } },
  contributors: readonly string[],
): string[] =>
  session.members
    .filter(({ role }) => may(role, "approve"))
    .map(({ userId }) => userId)
    .filter((userId) => session.workspace.mode === "solo" || !contributors.includes(userId));

/** Where a commit's card goes: without a channel, to its author and to each who may approve it. */
export const cardPlaces = (ctx: UseCaseContext, channelId: string | null, reviewers: readonly string[]): string[] =>
  channelId === null ? [...new Set([ctx.actor.id, ...reviewers])] : [channelId];
