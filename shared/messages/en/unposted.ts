/** Where a card goes, why it stands in no channel, and what helps. */
import { type Message, channel, code, message } from "../message.ts";

/** How people name the app in Slack; the manifest has it too. */
export const botName = "cv-ops";

const here = code("/cv settings channel here");
const elsewhere = message`type ${here} in another one`;
const invite = message`Invite me to it with ${code(`/invite @${botName}`)}`;

/** After "Slack does not let me post there". @param error Slack's code */
export const unpostedMessage = (error: string): Message => {
  if (error === "is_archived") return message`: the channel is archived. Unarchive it, or ${elsewhere}.`;
  if (error === "channel_not_found") return message`: it is private or gone. ${invite}, or ${elsewhere}.`;
  if (error === "not_in_channel") return message`: I am not in it. ${invite}, or ${elsewhere}.`;
  if (error.startsWith("restricted_action")) {
    return message`: only some people may. Its managers can allow me to, or ${elsewhere}.`;
  }
  return message` (${code(error, 80)}). If that lasts, ${elsewhere}.`;
};

/**
 * Of a card that is on its way: whoever reads it gets it sooner than Slack says whether the card stands there.
 * @param lastPost what became of the last one in the channel; null where there was none
 */
export const cardPlaceMessage = (channelId: string, lastPost: { refused: string | null } | null): Message => {
  if (lastPost?.refused)
    return message`Its card goes to ${channel(channelId)}, where Slack did not let me post the last one${unpostedMessage(lastPost.refused)}`;
  if (lastPost) return message`Its card goes to ${channel(channelId)}.`;
  return message`Its card goes to ${channel(channelId)}, the first one there. If it does not appear, I am not in the channel: ${invite}.`;
};
