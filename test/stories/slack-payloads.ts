/** Slack's requests, for stories without a user at the local Slack. */
import { blockActions, slashCommand as command } from "../support/slack/requests.ts";

export interface Sender {
  workspaceId: string;
  userId: string;
  channelId: string;
}

/** A response address without a listener: the stories check the direct answer. */
const nowhere = "http://127.0.0.1:9/response";

export const slashCommand = (sender: Sender, text: string, triggerId: string, responseUrl = nowhere): string =>
  command(sender, { text, channel: sender.channelId, triggerId, responseUrl }).body;

export interface Click {
  ts: string;
  blockId: string;
  actionId: string;
  value: string;
}

export const buttonClick = (sender: Sender, { ts, blockId, actionId, value }: Click, triggerId: string): string => {
  const clicked = { on: "message", channel: sender.channelId, ts, isEphemeral: false, responseUrl: nowhere } as const;
  const text = { type: "plain_text", text: "Approve" };
  const action = {
    type: "button",
    text,
    action_id: actionId,
    block_id: blockId,
    value,
    action_ts: `${Date.now() / 1000}`,
  };
  return blockActions(sender, clicked, action, triggerId).body;
};
