/** A message as Slack's mrkdwn. */
import { type Medium, type Message, render } from "../../../shared/messages/message.ts";
import { channelLink, escape, mention, moment } from "./text.ts";

const medium: Medium<string> = {
  text: escape,
  code: (text) => `\`${escape(text)}\``,
  strong: (content) => `*${content.join("")}*`,
  person: mention,
  channel: channelLink,
  moment,
  list: (lines) => lines.map((line) => `\n•  ${line.join("")}`).join(""),
  step: () => null,
};

export const mrkdwn = (message: Message): string => render(message, medium).join("");
