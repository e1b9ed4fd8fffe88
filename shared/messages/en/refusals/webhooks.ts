import { code, message } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { plural, unstopped } from "../grammar.ts";
import { example, hint, tooLong, unknownName } from "./phrases.ts";

export const webhookRefusals = {
  webhook_not_found: {
    title: "Webhook not found",
    detail: ({ number }) => message`There is no webhook ${number}.${hint({ to: "webhooks" }, "lists them")}`,
  },
  delivery_not_found: {
    title: "Delivery not found",
    detail: ({ number }) =>
      message`There is no delivery ${number}.${hint({ to: "webhook_failures" }, "lists those of a webhook")}`,
  },
  webhook_state_unchanged: {
    title: "Webhook state unchanged",
    detail: ({ number, state }) => message`Webhook ${number} is ${state} already.`,
  },
  webhook_disabled: {
    title: "Webhook disabled",
    detail: ({ number }) =>
      message`Webhook ${number} is disabled, so nothing is sent to it. Enable it first.${hint({ to: "enable_webhook", number }, "enables it")}`,
  },
  delivery_pending: {
    title: "Delivery pending",
    detail: ({ number }) => message`Delivery ${number} is pending already.`,
  },
  invalid_time_range: {
    title: "Invalid time range",
    detail: () =>
      message`The time range ends before it begins, or begins in the future.${example({ to: "replay_since" })}`,
  },
  overlap_out_of_range: {
    title: "Overlap out of range",
    detail: ({ min, max }) =>
      message`The previous secret stays valid for ${min} to ${max} whole hours.${example({ to: "overlap" })}`,
  },
  too_many_webhooks: {
    title: "Too many webhooks",
    detail: ({ max }) =>
      message`A workspace has at most ${plural(max, "webhook")}. Delete one first.${hint({ to: "webhooks" }, "lists them")}`,
  },
  url_not_allowed: {
    title: "URL not allowed",
    detail: ({ message: rule }) =>
      message`The URL ${unstopped(rule)}. For example ${code("https://hooks.example.com/cv")}.`,
  },
  url_too_long: { title: "URL too long", detail: (refusal) => tooLong("The URL", refusal) },
  events_required: {
    title: "Events required",
    detail: () =>
      message`Say which events: ${code("*")} for all, a family such as ${code("job.*")}, or a type such as ${code("commit.approved")}.${example({ to: "events" })}`,
  },
  unknown_event: {
    title: "Unknown event",
    detail: ({ typed, suggestion, allowed }) =>
      message`There is no event ${code(typed, 40)}.${unknownName("Families", { suggestion, allowed: allowed.filter((name) => name.endsWith("*")) })}`,
  },
  unknown_profile: {
    title: "Unknown profile",
    detail: (refusal) => message`There is no profile ${code(refusal.typed, 40)}.${unknownName("Profiles", refusal)}`,
  },
  description_too_long: { title: "Description too long", detail: (refusal) => tooLong("The description", refusal) },
} satisfies Partial<RefusalMessages>;
