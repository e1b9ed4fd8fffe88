/** The notice of an alert: one message, which says at last that it is over. */
import { alerts } from "../../../shared/domain/operations/alerts.ts";
import { alertClearedMessage, alertMessage } from "../../../shared/messages/en/operations.ts";
import type { AlertRow } from "../../../shared/storage/operations/alerts.ts";
import { type Message, context, said } from "../blocks/blocks.ts";
import { moment } from "../blocks/text.ts";

/** @param alert null when it has been raised again since, with a notice of its own */
export const alertCard = (alert: AlertRow | null): Message => {
  if (!alert) return said(":white_check_mark: This alert is over.");
  const { name, value, raisedAt, clearedAt } = alert;
  if (clearedAt !== null) {
    const lastedMs = Date.parse(clearedAt) - Date.parse(raisedAt);
    return said(`:white_check_mark: ${alertClearedMessage(name, lastedMs)}`);
  }
  const message = said(`:rotating_light: *${alertMessage(name, value)}*, at ${moment(raisedAt)}`);
  return { ...message, blocks: [...message.blocks, context(alerts[name].remedy)] };
};
