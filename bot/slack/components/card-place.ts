/** Where the card of a commit goes, for the reply to whoever made it or asks for its review. */
import { cardPlaceMessage } from "../../../shared/messages/en/unposted.ts";
import { lastPostQuery } from "../../../shared/storage/cards.ts";
import { read } from "../../../shared/storage/database.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";

/** @param channelId null where its reviewers get it as a direct message */
export const cardPlaceText = async (
  { db, workspaceId }: Pick<UseCaseContext, "db" | "workspaceId">,
  channelId: string | null,
): Promise<string> => {
  if (channelId === null) return "They get its card as a direct message.";
  const [lastPost] = await read(db, lastPostQuery(workspaceId, channelId));
  return mrkdwn(cardPlaceMessage(channelId, lastPost));
};
