/** Where the app is a member, and `/invite @cv-ops`, by which it becomes one. */
import type { Channel } from "../client-protocol.ts";
import { postMessage } from "./messages.ts";
import { isInstalled } from "./installation.ts";
import type { Slack } from "./slack.ts";
import { app, slackbot } from "./workspace.ts";

export const isMember = ({ sql, own }: Slack, channelId: string): boolean =>
  !own.uninvited.has(channelId) ||
  sql.exec("SELECT 1 FROM invitations WHERE channel = ?", channelId).toArray().length > 0;

/** @returns what whoever typed it reads, or null where everybody sees what happened */
export const invite = (slack: Slack, channel: Channel, typed: string): string | null => {
  if (!/^<@U0CVOPSBOT(\|[^>]*)?>$|^@(cv-ops|cvops)$/.test(typed.trim())) return "Here you can invite @cv-ops alone.";
  if (!isInstalled(slack)) return "There is no @cv-ops in this workspace.";
  if (channel.is_im) return "Nobody else can join direct messages.";
  if (isMember(slack, channel.id)) return "@cv-ops is already in this channel.";
  slack.sql.exec("INSERT INTO invitations (channel) VALUES (?)", channel.id);
  postMessage(slack, {
    channel: channel.id,
    user: slackbot,
    text: `<@${app.botUser}> was added to #${channel.name}.`,
    blocks: [],
    thread_ts: null,
    ephemeral_for: null,
    reply_broadcast: false,
  });
  return null;
};
