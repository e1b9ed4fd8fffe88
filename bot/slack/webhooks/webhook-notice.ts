/** That a webhook was disabled by itself: the notice to whoever registered it. Pure. */
import { type Webhook, shownHost } from "../../../shared/domain/webhooks/webhook.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { moment, quoted } from "../blocks/text.ts";
import { type Message, said } from "../blocks/blocks.ts";

/** @param webhook null when it was deleted since */
export const webhookNotice = (webhook: Webhook | null): Message => {
  if (!webhook) return said("This webhook was disabled, and has been removed since.");
  if (webhook.state === "active") return said(`:white_check_mark: ${nameOf(webhook)} is enabled again.`);
  return said(
    `:warning: ${nameOf(webhook)} is disabled: ${becauseOf(webhook)} ${nextStep(webhook)}`,
    commandButton("go", "Look at it", `webhooks show ${webhook.number}`),
  );
};

const nameOf = ({ number, url }: Webhook): string => `Webhook *${number}* at ${quoted(shownHost(url), 100)}`;

const becauseOf = ({ disabledReason, failingSince, lastError }: Webhook): string => {
  const why = lastError ? `: it ${quoted(lastError, 300)}` : "";
  switch (disabledReason) {
    case "gone":
      return "its receiver answered 410, which says that it wants no more events.";
    case "failing":
      return `nothing has arrived there${failingSince ? ` since ${moment(failingSince)}` : ""}${why}.`;
    default:
      return "somebody has disabled it.";
  }
};

const nextStep = ({ number }: Webhook): string =>
  `Nothing is lost: when it works again, \`/cv webhooks enable ${number}\` and \`/cv webhooks replay ${number} --since 7d\` send what was not delivered.`;
