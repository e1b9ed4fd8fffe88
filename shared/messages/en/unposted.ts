/** Why a card stands in no channel, and what helps; after "Slack does not let me post there". */
import { type Message, code, message } from "../message.ts";

const here = code("/cv settings channel here");
const elsewhere = message`type ${here} in another one`;

/** @param error Slack's code */
export const unpostedMessage = (error: string): Message => {
  if (error === "is_archived") return message`: the channel is archived. Unarchive it, or ${elsewhere}.`;
  if (error === "channel_not_found") return message`: it is private or gone. Invite me to it, or ${elsewhere}.`;
  if (error === "not_in_channel") return message`: I am not in it. Invite me to it, or ${elsewhere}.`;
  if (error.startsWith("restricted_action")) {
    return message`: only some people may. Its managers can allow me to, or ${elsewhere}.`;
  }
  return message` (${code(error, 80)}). If that lasts, ${elsewhere}.`;
};
