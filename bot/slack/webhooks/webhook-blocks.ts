/** Webhooks and what became of their deliveries, as private replies show them. Pure. */
import { duration } from "../../../shared/messages/en/times.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Button, KnownBlock } from "@slack/types";
import type { Delivery, DeliveryRates, Webhook, WebhookStatus } from "../../../shared/domain/webhooks/webhook.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { code, mention, moment, quoted } from "../blocks/text.ts";
import { actions, context, lines, present, section } from "../blocks/blocks.ts";

const stateText = ({ state, disabledReason, disabledAt, failures, failingSince, lastError }: Webhook): string => {
  if (state === "disabled") {
    const why = { person: "", gone: ": its receiver wants no more events", failing: ": it has only failed" } as const;
    return `:no_entry: disabled${disabledAt ? ` since ${moment(disabledAt)}` : ""}${why[disabledReason ?? "person"]}`;
  }
  if (failures === 0) return ":white_check_mark: active";
  return `:warning: active, but it fails${failingSince ? ` since ${moment(failingSince)}` : ""}${lastError ? `: it ${quoted(lastError, 150)}` : ""}`;
};

const eventsOf = ({ events }: Webhook, max: number): string => code(events.join(", "), max);

/** Two lines, with what leads on. */
export const webhookLine = (webhook: Webhook): KnownBlock => ({
  ...section(
    `*${webhook.number}*  ${quoted(webhook.url, 100)}${webhook.description ? `  ·  ${quoted(webhook.description, 60)}` : ""}\n${stateText(webhook)}  ·  ${eventsOf(webhook, 100)}`,
  ),
  accessory: commandButton("go", "Show", `webhooks show ${webhook.number}`),
});

const percent = (rate: number | null): string =>
  rate === null ? "none ended" : `${(rate * 100).toFixed(1)} % arrived`;

const ratesLine = (time: string, { created, delivered, failed, rate }: DeliveryRates): string =>
  `*${time}*  ${plural(created, "event")}, ${delivered} delivered, ${failed} given up (${percent(rate)})`;

const waitingLine = ({ pending, lagMs, growth, failed }: WebhookStatus): string => {
  const trend =
    growth > 0 ? `, ${growth} more than an hour ago` : growth < 0 ? `, ${-growth} fewer than an hour ago` : "";
  const waits = pending === 0 ? "nothing" : `${pending}, the oldest for ${duration(lagMs)}${trend}`;
  return `*Waiting*  ${waits}  ·  *Kept as failed*  ${failed}`;
};

export const webhookBlocks = (status: WebhookStatus): KnownBlock[] => {
  const { webhook, hour, day } = status;
  const rotating = webhook.oldSecretUntil
    ? `The previous secret signs as well until ${moment(webhook.oldSecretUntil)}. `
    : "";
  return [
    section(`*Webhook ${webhook.number}*  ${quoted(webhook.url, 400)}\n${stateText(webhook)}`),
    section(
      lines(
        webhook.description !== "" && `*What for*  ${quoted(webhook.description, 200)}`,
        `*Events*  ${eventsOf(webhook, 600)}`,
        `*Retries*  ${webhook.profile === "fast" ? "after 1, 2, 4, 8 and 16 minutes (fast)" : "over three days (standard)"}`,
        ratesLine("Last hour", hour),
        ratesLine("Last 24 h", day),
        waitingLine(status),
      ),
    ),
    context(`${rotating}Registered by ${mention(webhook.createdBy)}, ${moment(webhook.createdAt)}.`),
    actions(...buttonsOf(webhook, status.failed), commandButton("go", "All webhooks", "webhooks")),
  ];
};

const buttonsOf = ({ number, state }: Webhook, failed: number): Button[] =>
  present<Button>([
    state === "active" && [
      commandButton("do", "Send a test", `webhooks test ${number}`),
      ...(failed > 0 ? [commandButton("do", "Replay what failed", `webhooks replay ${number} --since 30d`)] : []),
      commandButton("do", "Disable", `webhooks disable ${number}`),
    ],
    state !== "active" && commandButton("do", "Enable", `webhooks enable ${number}`, { style: "primary" }),
    commandButton("go", "Failures", `webhooks failures ${number}`),
    commandButton("do", "New secret", `webhooks rotate ${number}`, {
      confirm: {
        title: "Rotate the secret?",
        text: "The current secret signs as well for 24 hours, so that you can change the receiver meanwhile.",
        confirm: "New secret",
      },
    }),
    commandButton("do", "Remove", `webhooks remove ${number}`, {
      style: "danger",
      confirm: {
        title: "Remove the webhook?",
        text: "What waits for it is not sent, and what failed can be replayed no more.",
        confirm: "Remove",
        danger: true,
      },
    }),
  ]);

/** "Delivery 12: job.completed, answered 500 after 6 attempts, 3 Mar" */
export const deliveryBlock = (delivery: Delivery): KnownBlock => ({
  ...section(
    `*Delivery ${delivery.number}*  ${quoted(delivery.eventType, 60)} of ${moment(delivery.createdAt)}\nit ${quoted(delivery.error ?? "was not sent", 200)}  ·  ${plural(delivery.attempts, "attempt")}${delivery.endedAt ? `, given up ${moment(delivery.endedAt)}` : ""}`,
  ),
  accessory: commandButton("do", "Replay", `webhooks replay ${delivery.number}`),
});
