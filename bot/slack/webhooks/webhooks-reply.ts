/** What commands and forms about webhooks answer. */
import type { ShownOnce } from "../../../shared/use-cases/session.ts";
import { webhookSecretShown } from "../../../shared/messages/en/secrets.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Reply } from "../core/reply.ts";
import { maxWebhooks, type Webhook, type WebhookStatus } from "../../../shared/domain/webhooks/webhook.ts";
import type { DeliveryPage } from "../../../shared/use-cases/webhooks/list-deliveries.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, section } from "../blocks/blocks.ts";
import { deliveryBlock, webhookBlocks, webhookLine } from "./webhook-blocks.ts";
import { pageOf } from "../core/commands/page-buttons.ts";

export const webhooksReply = (all: readonly Webhook[]): Reply => ({
  text: all.length === 0 ? "There are no webhooks." : plural(all.length, "webhook"),
  blocks: blocksOf(
    header("Webhooks"),
    all.length === 0 &&
      section("There are no webhooks yet. A webhook is an address of yours that gets each event, signed."),
    all.slice(0, maxWebhooks).map(webhookLine),
    actions(commandButton("go", "Add a webhook…", "webhooks add")),
    context("A failed delivery is retried, then kept, and can be replayed."),
  ),
  again: "webhooks",
});

/** The fallback text goes into notifications, so the secret is not in it. */
export const secretReply = ({ number, secret }: ShownOnce<Webhook>, what: string): Reply => ({
  text: `Webhook ${number} ${what}`,
  blocks: [
    ...(secret === null
      ? [section(`Webhook *${number}* ${what}. ${mrkdwn(webhookSecretShown(number))}`)]
      : [
          section(`Webhook *${number}* ${what}. Its secret is shown this once, so copy it now:`),
          section(`\`\`\`${secret}\`\`\``),
        ]),
    context("With it the receiver checks that an event comes from here, by Standard Webhooks. Keep it secret."),
    actions(
      commandButton("do", "Send a test", `webhooks test ${number}`),
      commandButton("go", "Show", `webhooks show ${number}`),
    ),
  ],
});

export const webhookReply = (status: WebhookStatus): Reply => ({
  text: `Webhook ${status.webhook.number}`,
  blocks: webhookBlocks(status),
  again: `webhooks show ${status.webhook.number}`,
});

export const failuresReply = (page: DeliveryPage, before: number | undefined): Reply => {
  const { webhook, deliveries } = page;
  const { again, buttons } = pageOf(`webhooks failures ${webhook.number}`, before, page);
  const none = "Nothing is kept as failed.";
  return {
    text: deliveries.length === 0 ? none : `${plural(deliveries.length, "delivery", "deliveries")} failed`,
    blocks: blocksOf(
      header(`Failed deliveries of webhook ${webhook.number}`),
      deliveries.length === 0 && section(none),
      deliveries.map(deliveryBlock),
      buttons,
      actions(
        deliveries.length > 0 &&
          commandButton("do", "Replay all of 30 days", `webhooks replay ${webhook.number} --since 30d`),
        commandButton("go", `Webhook ${webhook.number}`, `webhooks show ${webhook.number}`),
      ),
    ),
    again,
  };
};
