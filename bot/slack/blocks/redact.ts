/** What people see of a message that the machinery keeps: nothing that could be used, and nothing endless. */
import { clip } from "../../../shared/messages/message.ts";

const hidden = "(hidden)";
const secretName = /secret|token|password|authorization|signature|cookie|response_?url|trigger_?id/i;
/** Slack's tokens, our webhook secrets, bearer tokens, and addresses that answer for somebody. */
const secretText = /\bxox[a-z]-[\w-]+|\bwhsec_[\w+/=-]+|\bBearer\s+\S+|https:\/\/hooks\.slack\.com\/\S+/gi;

const maxOfText = 300;

export const hideSecrets = (text: string): string => text.replace(secretText, hidden);

/** JSON of several lines, at most `max` characters; what is not JSON as it is. */
export const shownBody = (body: string, max: number): string => clip(printed(body), max);

const printed = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), shown, 2);
  } catch {
    return clip(hideSecrets(body), maxOfText);
  }
};

const shown = (key: string, value: unknown): unknown => {
  if (secretName.test(key)) return hidden;
  return typeof value === "string" ? clip(hideSecrets(value), maxOfText) : value;
};
