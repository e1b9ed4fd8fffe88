import { defined } from "../../../shared/defined.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Answer, type Reply, answer, refuse, say } from "../core/reply.ts";
import { overlapHours } from "../../../shared/domain/webhooks/webhook.ts";
import { createWebhook } from "../../../shared/use-cases/webhooks/create-webhook.ts";
import { deleteWebhook } from "../../../shared/use-cases/webhooks/delete-webhook.ts";
import { listDeliveries } from "../../../shared/use-cases/webhooks/list-deliveries.ts";
import { listWebhooks } from "../../../shared/use-cases/webhooks/list-webhooks.ts";
import { mayHaveMore, replayDeliveries, replayDelivery } from "../../../shared/use-cases/webhooks/replay-deliveries.ts";
import { rotateWebhookSecret } from "../../../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import { disableWebhook, enableWebhook } from "../../../shared/use-cases/webhooks/switch-webhook.ts";
import { sendTestEvent } from "../../../shared/use-cases/webhooks/send-test-event.ts";
import { updateWebhook } from "../../../shared/use-cases/webhooks/update-webhook.ts";
import { webhookStatus } from "../../../shared/use-cases/webhooks/webhook-status.ts";
import { newWebhookSecret } from "../../../shared/webhook-secret.ts";
import { webhookView, filtersIn } from "./webhook-modal.ts";
import { code, quoted } from "../blocks/text.ts";
import { type CommandCall, usageOf } from "../core/commands/command.ts";
import { withSubcommands } from "../core/commands/subcommands.ts";
import { momentOf } from "../core/commands/since.ts";
import { webhooksReply, secretReply, webhookReply, failuresReply } from "./webhooks-reply.ts";

const perPage = 6;

const list = ({ ctx }: CommandCall): Promise<Reply> => answer(listWebhooks(ctx), webhooksReply);

/** Without an address a form asks for it. */
const add = async ({ ctx, args }: CommandCall, [url, extra]: string[]): Promise<Answer> => {
  if (extra !== undefined) return usageOf(webhooks, `${code(extra, 40)} is too much.`);
  if (url === undefined) return answer(listWebhooks(ctx), webhookView);
  const { description = "", events = "*", profile = "standard" } = args.options;
  const secret = newWebhookSecret();
  const input = { url, description, events: filtersIn(events), profile, secret };
  return answer(createWebhook(ctx, input), (webhook) => secretReply(webhook, "is registered"));
};

const change = async ({ ctx, args }: CommandCall, number: number, [url, extra]: string[]): Promise<Reply> => {
  if (extra !== undefined) return usageOf(webhooks, `${code(extra, 40)} is too much.`);
  const { events, profile, description } = args.options;
  const given = defined({ url, events: events === undefined ? events : filtersIn(events), profile, description });
  if (Object.keys(given).length === 0) {
    return usageOf(webhooks, "Say what to change: an address, `--events`, `--profile` or `--description`.");
  }
  return answer(updateWebhook(ctx, { number, ...given }), (webhook) =>
    say(`Webhook *${number}* is changed: ${code(webhook.events.join(", "), 600)} to ${quoted(webhook.url, 400)}`),
  );
};

const show = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(webhookStatus(ctx), (found) => {
    const status = found.find(({ webhook }) => webhook.number === number);
    return status ? webhookReply(status) : refuse({ code: "webhook_not_found", number });
  });

const test = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(sendTestEvent(ctx, number), () =>
    say(
      `A test, an event of the type \`webhook.tested\`, is on its way to webhook *${number}*. \`/cv webhooks show ${number}\` says whether it has arrived.`,
    ),
  );

const rotate = ({ ctx, args }: CommandCall, number: number): Promise<Reply> => {
  const { overlap = String(overlapHours.usual) } = args.options;
  const hours = /^\d{1,4}h?$/.test(overlap) ? Number.parseInt(overlap, 10) : Number.NaN;
  const secret = newWebhookSecret();
  const until =
    hours === 0 ? "the previous one is no longer valid" : `the previous one signs as well for ${plural(hours, "hour")}`;
  return answer(rotateWebhookSecret(ctx, { number, secret, hours }), (webhook) =>
    secretReply(webhook, `has a new secret; ${until}`),
  );
};

const enable = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(enableWebhook(ctx, number), () =>
    say(
      `Webhook *${number}* is enabled. \`/cv webhooks replay ${number} --since 7d\` sends what was not delivered meanwhile.`,
    ),
  );

const disable = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(disableWebhook(ctx, number), () =>
    say(
      `Webhook *${number}* is disabled: nothing is sent there. What it misses can be replayed when it is enabled again.`,
    ),
  );

const remove = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(deleteWebhook(ctx, number), () => ({
    ...say(`Webhook *${number}* is removed, with what waited for it.`),
    again: "webhooks",
  }));

const failures = ({ ctx, args }: CommandCall, webhook: number): Promise<Reply> => {
  const { before } = args.numbers;
  const input = { webhook, state: "failed", limit: perPage, before: before ?? null } as const;
  return answer(listDeliveries(ctx, input), (page) => failuresReply(page, before));
};

/** With a time the number is a webhook's, without one a delivery's. */
const replay = async ({ ctx, args }: CommandCall, number: number): Promise<Reply> => {
  const typed = args.options["since"];
  if (typed === undefined) {
    return answer(replayDelivery(ctx, number), ({ webhookNumber }) =>
      say(`Delivery *${number}* is on its way to webhook *${webhookNumber}* again.`),
    );
  }
  const since = momentOf(typed, ctx.nowMs());
  if (since === null) return usageOf(webhooks, `${code(typed, 40)} is no time. Type \`2h\`, \`7d\` or a day.`);
  return answer(replayDeliveries(ctx, { webhook: number, since, until: null }), ({ replayed }) => {
    if (replayed === 0) return say(`Webhook *${number}* has received everything of that time. Nothing was sent again.`);
    const more = mayHaveMore({ replayed }) ? " There may be more: the same once more sends those." : "";
    const events = replayed === 1 ? "1 event is" : `${replayed} events are`;
    return say(`${events} on the way to webhook *${number}* again.${more}`);
  });
};

export const webhooks = withSubcommands({
  name: "webhooks",
  usage:
    "[add|change|show|test|rotate|enable|disable|remove|failures|replay] [<number>] [<url>] [--events job.*,commit.*] [--profile fast|standard] [--since 2h]",
  summary: "Sends events to your own services over HTTP, signed; lists what was not delivered, and sends it again.",
  examples: [
    "/cv webhooks",
    "/cv webhooks add https://hooks.example.com/cv --events job.*,commit.approved",
    "/cv webhooks change 1 --events * --profile fast",
    "/cv webhooks test 1",
    "/cv webhooks rotate 1",
    "/cv webhooks failures 1",
    "/cv webhooks replay 1 --since 2h",
    "/cv webhooks replay 4711",
  ],
  permission: "webhooks",
  options: [
    { name: "events", value: "which events, separated by commas: *, job.*, commit.approved" },
    { name: "profile", value: "fast (retried for half an hour) or standard (for three days)" },
    { name: "description", value: "what it is for" },
    { name: "since", value: "how far back, such as 2h, 7d or 2026-11-01" },
    { name: "overlap", value: "for how many hours the previous secret signs as well" },
    { name: "before", value: "the number of a delivery, as the button Older gives it", isNumber: true },
  ],
  noun: "webhook",
  list,
  general: { add },
  numbered: { show, change, test, rotate, enable, disable, remove, failures, replay },
  wordy: ["change"],
});
