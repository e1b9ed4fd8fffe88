/** What people say about a webhook, checked: the same when it is made and when it is changed. */
import type { Refusal } from "../../contract/refusals.ts";
import {
  type Profile,
  filterProblem,
  allowedFilters,
  maxDescriptionLength,
  maxUrlLength,
  profileNames,
  withoutRepeats,
} from "../../domain/webhooks/webhook.ts";
import { closest } from "../../domain/closest.ts";
import { takeWritten } from "../../domain/unseen.ts";
import { type Result, fail, ok } from "../../result.ts";
import { checkAddress } from "../../targets/address.ts";
import type { UseCaseContext } from "../context.ts";

export interface WebhookInput {
  url: string;
  description: string;
  /** Filters: `*`, `job.*`, `commit.approved`. */
  events: readonly string[];
  /** `fast` or `standard`. */
  profile: string;
}

export interface CheckedWebhook {
  url: string;
  description: string;
  events: string[];
  profile: Profile;
}

export type WebhookInputReason = Refusal<
  | "url_not_allowed"
  | "url_too_long"
  | "events_required"
  | "unknown_event"
  | "unknown_profile"
  | "text_not_allowed"
  | "description_too_long"
>;

export const checkWebhook = (
  { webhookAddresses }: Pick<UseCaseContext, "webhookAddresses">,
  input: WebhookInput,
  before?: WebhookInput,
): Result<CheckedWebhook, WebhookInputReason> => {
  const url = input.url.trim();
  if (url.length > maxUrlLength) return fail({ code: "url_too_long", length: url.length, maxLength: maxUrlLength });
  const address = checkAddress(url, webhookAddresses);
  if (!address.ok) return address;
  const events = withoutRepeats(
    input.events.map((filter) => filter.trim().toLowerCase()).filter((each) => each !== ""),
  );
  if (events.length === 0) return fail({ code: "events_required", allowed: allowedFilters });
  const problem = events.map(filterProblem).find((each) => each !== null);
  if (problem) return fail({ code: "unknown_event", ...problem, allowed: allowedFilters });
  const typed = input.profile.trim().toLowerCase();
  const profile = profileNames.find((name) => name === typed);
  if (!profile) {
    return fail({ code: "unknown_profile", typed, suggestion: closest(typed, profileNames), allowed: profileNames });
  }
  // One that stays is not looked at again: rules may have become stricter since.
  const isKept = before?.description === input.description;
  const taken = isKept ? ok(input.description) : takeWritten("description", input.description);
  if (!taken.ok) return taken;
  const description = taken.value;
  if (description.length > maxDescriptionLength) {
    return fail({
      code: "description_too_long",
      length: description.length,
      maxLength: maxDescriptionLength,
    });
  }
  return ok({ url, description, events, profile });
};
