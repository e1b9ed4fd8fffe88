import type { Refusal } from "../../../shared/contract/refusals.ts";
import { commandOf, isOption } from "../../../shared/messages/commands.ts";
import { refusalMessage } from "../../../shared/messages/en/refusals.ts";
import { type Medium, type Message, render } from "../../../shared/messages/message.ts";
import { channelLink, inCode, literal, mention, moment } from "./text.ts";

const medium: Medium<string> = {
  text: literal,
  code: inCode,
  strong: (content) => `*${content.join("")}*`,
  person: mention,
  channel: channelLink,
  moment,
  list: (lines) => `${lines.map((line) => `\n•  ${line.join("")}`).join("")}\n`,
  step: (step) => {
    const command = commandOf(step);
    return command === null ? null : inCode(isOption(command) ? command : `/cv ${command}`);
  },
};

/** What follows a list begins on a line of its own. */
export const mrkdwn = (message: Message): string =>
  render(message, medium).join("").replaceAll(/\n +/g, "\n").trimEnd();

export const refusalText = (refusal: Refusal): string => mrkdwn(refusalMessage(refusal));
