/** One card to Slack: which method writes it, and where it stands then. */
import type { HomeView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import type { Card } from "../../../shared/storage/cards.ts";
import { type Message, noPreviews } from "../blocks/blocks.ts";
import type { RatedCall } from "./rate-budget.ts";

export interface Shown {
  channelId: string;
  ts: string;
}

export const callOf = (card: Card): RatedCall => {
  if (card.kind === "home") return "home";
  return card.ts === null ? `post:${card.channelId}` : "update";
};

export const sendMessage = async (
  client: WebClient,
  { channelId: channel, threadTs, ts }: Card,
  { text, blocks }: Message,
  broadcast: boolean,
): Promise<Shown | null> => {
  if (ts !== null) {
    const updated = await client.chat.update({ channel, ts, text, blocks });
    return updated.ts ? { channelId: channel, ts: updated.ts } : null;
  }
  const message = { channel, text, blocks, ...noPreviews };
  const posted = await client.chat.postMessage(
    threadTs ? { ...message, thread_ts: threadTs, reply_broadcast: broadcast } : message,
  );
  // A message to a person stands in a channel of its own, by whose id it is edited.
  return posted.ts ? { channelId: posted.channel ?? channel, ts: posted.ts } : null;
};

export const publishHome = async (
  client: WebClient,
  { subjectId, channelId, ts }: Card,
  view: HomeView,
): Promise<Shown> => {
  await client.views.publish({ user_id: subjectId, view });
  return { channelId, ts: ts ?? "home" };
};
