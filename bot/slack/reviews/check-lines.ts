/** Each check before a push as one line: an icon, what is so, and who can help. */
import type { Check } from "../../../shared/domain/commits/checks.ts";
import { checkMessage } from "../../../shared/messages/en/checks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";

const icons = {
  open: ":white_check_mark:",
  blocked: ":no_entry:",
  unknown: ":grey_question:",
  note: ":hourglass:",
} as const;

export const checkLine = (check: Check): string => {
  // That all of it is applied closes the way to another push, and is good news.
  const icon = check.name === "not_applied" ? icons.open : icons[check.state];
  return `${icon} ${mrkdwn(checkMessage(check))}`;
};
