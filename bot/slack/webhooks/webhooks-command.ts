import { plural } from "../../../shared/messages/en/grammar.ts";
import { closest } from "../../../shared/domain/closest.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
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
import { quoted } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { momentOf } from "../core/commands/since.ts";
import { webhooksReply, secretReply, webhookReply, failuresReply } from "./webhooks-reply.ts";

const perPage = 6;

export const webhooks: Command = {
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
    { name: "profile", value: "fast (tried again for half an hour) or standard (for three days)" },
    { name: "description", value: "what it is for" },
    { name: "since", value: "how far back, such as 2h, 7d or 2026-11-01" },
    { name: "overlap", value: "for how many hours the secret before signs as well" },
    { name: "before", value: "the number of a delivery, as the button Older gives it" },
  ],
  run: async (call) => {
    const [word, ...rest] = call.args.positionals;
    if (word === undefined) return list(call);
    const alone = numberOf(word);
    const subcommand = alone === null ? word.toLowerCase() : "show";
    if (subcommand === "add") return add(call, rest);
    const run = Object.hasOwn(subcommands, subcommand) ? subcommands[subcommand] : undefined;
    if (!run) {
      const near = closest(subcommand, ["add", ...Object.keys(subcommands)]);
      const hint = near ? ` Did you mean \`${near}\`?` : "";
      return usageOf(webhooks, `\`${quoted(word, 40)}\` is nothing to do with a webhook.${hint}`);
    }
    const [numberWord, ...more] = alone === null ? rest : [word, ...rest];
    if (numberWord === undefined) return usageOf(webhooks, "Say which one, by its number.");
    const number = numberOf(numberWord);
    if (number === null) return usageOf(webhooks, `\`${quoted(numberWord, 40)}\` is not a number.`);
    const [extra] = subcommand === "change" ? more.slice(1) : more;
    if (extra !== undefined) return usageOf(webhooks, `\`${quoted(extra, 40)}\` is too much.`);
    return run(call, number, more);
  },
};

type Subcommand = (call: CommandCall, number: number, more: string[]) => Promise<Reply | null>;

const textOption = ({ args }: CommandCall, name: string): string | undefined => {
  const value = args.options[name];
  return typeof value === "string" ? value : undefined;
};

const list = async ({ ctx }: CommandCall): Promise<Reply> => {
  const listed = await listWebhooks(ctx);
  return listed.ok ? webhooksReply(listed.value) : refuse(listed.reason);
};

/** Without an address a form asks for it. */
const add = async (call: CommandCall, words: string[]): Promise<Reply | null> => {
  const { ctx, openModal } = call;
  const [url, extra] = words;
  if (extra !== undefined) return usageOf(webhooks, `\`${quoted(extra, 40)}\` is too much.`);
  if (url === undefined) {
    const listed = await listWebhooks(ctx);
    if (!listed.ok) return refuse(listed.reason);
    await openModal(webhookView());
    return null;
  }
  const secret = newWebhookSecret();
  const created = await createWebhook(ctx, {
    url,
    description: textOption(call, "description") ?? "",
    events: filtersIn(textOption(call, "events") ?? "*"),
    profile: textOption(call, "profile") ?? "standard",
    secret,
  });
  if (!created.ok) return refuse(created.reason);
  return secretReply(created.value, secret, "is registered");
};

const change: Subcommand = async (call, number, [url]) => {
  const { ctx } = call;
  const [events, profile, description] = ["events", "profile", "description"].map((name) => textOption(call, name));
  if (url === undefined && events === undefined && profile === undefined && description === undefined) {
    return usageOf(webhooks, "Say what to change: an address, `--events`, `--profile` or `--description`.");
  }
  const updated = await updateWebhook(ctx, {
    number,
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: filtersIn(events) }),
    ...(profile === undefined ? {} : { profile }),
    ...(description === undefined ? {} : { description }),
  });
  if (!updated.ok) return refuse(updated.reason);
  return say(
    `Webhook *${number}* is changed: \`${quoted(updated.value.events.join(", "), 600)}\` to ${quoted(updated.value.url, 400)}`,
  );
};

const show: Subcommand = async ({ ctx }, number) => {
  const found = await webhookStatus(ctx);
  if (!found.ok) return refuse(found.reason);
  const status = found.value.find(({ webhook }) => webhook.number === number);
  return status ? webhookReply(status) : refuse({ code: "webhook_not_found", number });
};

const test: Subcommand = async ({ ctx }, number) => {
  const tested = await sendTestEvent(ctx, number);
  if (!tested.ok) return refuse(tested.reason);
  return say(
    `A test, an event of the type \`webhook.tested\`, is on its way to webhook *${number}*. \`/cv webhooks show ${number}\` says whether it has arrived.`,
  );
};

const rotate: Subcommand = async (call, number) => {
  const { ctx } = call;
  const typed = textOption(call, "overlap") ?? String(overlapHours.usual);
  const hours = /^\d{1,4}h?$/.test(typed) ? Number.parseInt(typed, 10) : Number.NaN;
  const secret = newWebhookSecret();
  const rotated = await rotateWebhookSecret(ctx, { number, secret, hours });
  if (!rotated.ok) return refuse(rotated.reason);
  const until =
    hours === 0 ? "the one before counts no more" : `the one before signs as well for ${plural(hours, "hour")}`;
  return secretReply(rotated.value, secret, `has a new secret; ${until}`);
};

const enable: Subcommand = async ({ ctx }, number) => {
  const enabled = await enableWebhook(ctx, number);
  if (!enabled.ok) return refuse(enabled.reason);
  return say(
    `Webhook *${number}* is enabled. \`/cv webhooks replay ${number} --since 7d\` sends what was not delivered meanwhile.`,
  );
};

const disable: Subcommand = async ({ ctx }, number) => {
  const disabled = await disableWebhook(ctx, number);
  if (!disabled.ok) return refuse(disabled.reason);
  return say(
    `Webhook *${number}* is disabled: nothing is sent there. What it misses can be replayed when it is enabled again.`,
  );
};

const remove: Subcommand = async ({ ctx }, number) => {
  const removed = await deleteWebhook(ctx, number);
  if (!removed.ok) return refuse(removed.reason);
  return { ...say(`Webhook *${number}* is removed, with what waited for it.`), again: "webhooks" };
};

const failures: Subcommand = async (call, number) => {
  const typed = textOption(call, "before");
  const before = typed === undefined ? null : numberOf(typed);
  if (typed !== undefined && before === null) {
    return usageOf(webhooks, `\`${quoted(typed, 40)}\` is not the number of a delivery.`);
  }
  const listed = await listDeliveries(call.ctx, { webhook: number, state: "failed", limit: perPage, before });
  return listed.ok ? failuresReply(listed.value, before) : refuse(listed.reason);
};

/** With a time the number is a webhook's, without one a delivery's. */
const replay: Subcommand = async (call, number) => {
  const { ctx } = call;
  const typed = textOption(call, "since");
  if (typed === undefined) {
    const replayed = await replayDelivery(ctx, number);
    if (!replayed.ok) return refuse(replayed.reason);
    return say(`Delivery *${number}* is on its way to webhook *${replayed.value.webhookNumber}* again.`);
  }
  const since = momentOf(typed, ctx.nowMs());
  if (since === null) return usageOf(webhooks, `\`${quoted(typed, 40)}\` is no time. Type \`2h\`, \`7d\` or a day.`);
  const replayed = await replayDeliveries(ctx, { webhook: number, since, until: null });
  if (!replayed.ok) return refuse(replayed.reason);
  const count = replayed.value.replayed;
  if (count === 0) return say(`Webhook *${number}* has got everything of that time. Nothing was sent again.`);
  const more = mayHaveMore(replayed.value) ? " There may be more: the same once more sends those." : "";
  return say(`${count === 1 ? "1 event is" : `${count} events are`} on the way to webhook *${number}* again.${more}`);
};

const subcommands: Record<string, Subcommand> = {
  show,
  change,
  test,
  rotate,
  enable,
  disable,
  remove,
  failures,
  replay,
};
