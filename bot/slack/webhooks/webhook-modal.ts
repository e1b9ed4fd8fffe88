/** Registers a webhook, and shows its secret once. */
import { firstOf } from "../../../shared/domain/text.ts";
import { maxDescriptionLength, maxUrlLength, profileNames } from "../../../shared/domain/webhooks/webhook.ts";
import { secretReply } from "./webhooks-reply.ts";
import { createWebhook } from "../../../shared/use-cases/webhooks/create-webhook.ts";
import { newWebhookSecret } from "../../../shared/webhook-secret.ts";
import { refuse } from "../core/reply.ts";
import { input, option, select, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

export const filtersIn = (typed: string): string[] => typed.split(/[\s,]+/).filter((filter) => filter !== "");

const profileLabels: Record<(typeof profileNames)[number], string> = {
  standard: "For three days, at growing intervals",
  fast: "For half an hour: after 1, 2, 4, 8 and 16 minutes",
};

export const webhookView = () => {
  const profiles = profileNames.map((name) => option(profileLabels[name], name));
  return formView({
    name: "webhook",
    title: "New webhook",
    submit: "Register it",
    blocks: [
      input(
        { id: "url", label: "Address", hint: "https, at a host of the public network. It gets a POST for each event." },
        textInput({ placeholder: "https://hooks.example.com/cv", maxLength: maxUrlLength }),
      ),
      input(
        { id: "events", label: "Which events?", hint: "Separated by commas: *, job.*, commit.approved" },
        textInput({ initial: "*", maxLength: 1000 }),
      ),
      input({ id: "profile", label: "How long to retry?" }, select(profiles, "standard")),
      input(
        { id: "description", label: "What is it for?", optional: true },
        textInput({ placeholder: "Deploys the site", maxLength: maxDescriptionLength }),
      ),
    ],
  });
};

export const webhookModal: Modal = {
  name: "webhook",
  submit: async ({ ctx, values }) => {
    const secret = newWebhookSecret();
    const created = await createWebhook(ctx, {
      url: textIn(values, "url"),
      description: textIn(values, "description"),
      events: filtersIn(textIn(values, "events")),
      profile: textIn(values, "profile"),
      secret,
    });
    if (created.ok) return secretReply(created.value, "is registered");
    const { reason } = created;
    switch (reason.code) {
      case "url_not_allowed":
        return { errors: { url: `It ${reason.message}.` }, code: reason.code };
      case "events_required":
        return { errors: { events: "Say which, or * for all." }, code: reason.code };
      case "unknown_event": {
        const hint = reason.suggestion ? ` Did you mean ${reason.suggestion}?` : "";
        return { errors: { events: `There is no event ${firstOf(reason.typed, 40)}.${hint}` }, code: reason.code };
      }
      default:
        return refuse(reason);
    }
  },
};
