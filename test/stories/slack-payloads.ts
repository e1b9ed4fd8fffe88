/** Slack's documented payloads, for stories without a user at the local Slack. */

export interface Sender {
  workspaceId: string;
  userId: string;
  channelId: string;
}

/** A response address without a listener: the stories check the direct answer. */
const nowhere = "http://127.0.0.1:9/response";

export const slashCommand = (
  { workspaceId, userId, channelId }: Sender,
  text: string,
  triggerId: string,
  responseUrl = nowhere,
): string =>
  new URLSearchParams({
    token: "deprecated",
    team_id: workspaceId,
    team_domain: "example",
    channel_id: channelId,
    channel_name: "portfolio",
    user_id: userId,
    user_name: "someone",
    command: "/cv",
    text,
    api_app_id: "A0CVOPS001",
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: triggerId,
  }).toString();

export interface Click {
  ts: string;
  blockId: string;
  actionId: string;
  value: string;
}

export const buttonClick = (sender: Sender, { ts, blockId, actionId, value }: Click, triggerId: string): string => {
  const payload = {
    type: "block_actions",
    token: "deprecated",
    team: { id: sender.workspaceId, domain: "example" },
    user: { id: sender.userId, username: "someone", name: "someone", team_id: sender.workspaceId },
    api_app_id: "A0CVOPS001",
    container: { type: "message", message_ts: ts, channel_id: sender.channelId, is_ephemeral: false },
    channel: { id: sender.channelId, name: "portfolio" },
    message: { type: "message", ts, text: "" },
    trigger_id: triggerId,
    response_url: nowhere,
    is_enterprise_install: false,
    enterprise: null,
    state: { values: {} },
    actions: [
      {
        type: "button",
        action_id: actionId,
        block_id: blockId,
        value,
        text: { type: "plain_text", text: "Approve" },
        action_ts: `${Date.now() / 1000}`,
      },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
};
