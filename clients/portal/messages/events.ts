/** What has happened, a line an event. */
import { countsIn, errorIn, progressIn, textIn, textsIn } from "../../../shared/domain/events/event-data.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { allOf, capital } from "./format.ts";

type NameOf = (userId: string) => string;

/** Who did it; null where it happened by itself. */
export const actorName = ({ actor }: ApiEvent, nameOf: NameOf): string => {
  switch (actor.kind) {
    case "slack":
    case "access":
      return nameOf(actor.id);
    case "token":
      return `${nameOf(actor.id)} (token ${actor.token ?? "unknown"})`;
    case "target":
      return actor.id;
    case "system":
      return "CV Ops";
  }
};

// oxlint-disable-next-line max-lines-per-function -- one exhaustive switch, a case a type
export const eventWords = (event: ApiEvent, nameOf: NameOf): string => {
  const who = actorName(event, nameOf);
  const commit = event.commit === null ? "a commit" : `commit #${event.commit}`;
  const push = event.push === null ? "a push" : `push ${event.push}`;
  const change = event.change === null ? "a change" : `change ${event.change}`;
  const deadLetter = event.deadLetter === null ? "a message" : `message ${event.deadLetter}`;
  const target = event.target ?? (textIn(event.data, "target") || "a target");
  const attempt = event.attempt !== null && event.attempt > 1 ? ` (attempt ${event.attempt})` : "";
  const webhook = `webhook ${typeof event.data["number"] === "number" ? event.data["number"] : "(unknown)"}${after(" at ", textIn(event.data, "host"))}`;
  switch (event.type) {
    case "workspace.settings_set":
      return `${who} changed the settings`;
    case "workspace.disconnected":
      return "Slack took the app's access away";
    case "member.role_set":
      return `${who} made ${nameOf(textIn(event.data, "userId"))} ${article(textIn(event.data, "role"))}`;
    case "token.created":
      return `${who} made an API token${after(" ", textIn(event.data, "name"))}`;
    case "token.revoked":
      return `${who} revoked the API token${after(" ", textIn(event.data, "name"))}`;
    case "change.staged":
      return `${who} staged ${change}${after(": ", textIn(event.data, "summary"))}`;
    case "change.edited":
      return `${who} edited ${change}${after(": ", textIn(event.data, "summary"))}`;
    case "change.discarded":
      return `${who} removed ${change}${after(": ", textIn(event.data, "summary"))}`;
    case "commit.created":
      return `${who} made ${commit}${after(": ", textIn(event.data, "message"))}`;
    case "commit.review_requested": {
      const reviewers = textsIn(event.data, "reviewers").map(nameOf);
      return `${who} asked ${reviewers.length > 0 ? `${allOf(reviewers)} ` : ""}for review of ${commit}`;
    }
    case "commit.approved":
      return textIn(event.data, "because") === "settings"
        ? `${capital(commit)} was approved when ${who} changed the settings`
        : `${who} approved ${commit}`;
    case "commit.rejected":
      return `${who} rejected ${commit}${after(": ", textIn(event.data, "reason"))}`;
    case "commit.dropped":
      return `${who} dropped ${commit}, with its changes`;
    case "commit.reopened":
      return `${who} reopened ${commit}: its changes are staged again`;
    case "push.started":
      return `${who} started ${push} of ${commit}${after(" to ", allOf(textsIn(event.data, "targets")))}`;
    case "push.retried":
      return `${who} tried ${target} again`;
    case "push.cancelled":
      return `${who} cancelled ${push}`;
    case "push.mended":
      return `${capital(push)} had ended without being said to: it is ${textIn(event.data, "to")}`;
    case "commit.mended":
      return `${capital(commit)} counted as on its way to ${target} though nothing was`;
    case "job.dispatched":
      return `${capital(commit)} was sent to ${target}${attempt}`;
    case "job.accepted":
      return `${target} accepted ${commit}${attempt}`;
    case "job.progress":
      return `${target} works on it${after(": ", progressIn(event.data))}`;
    case "job.completed":
      return `${target} applied ${commit}${countsIn(event.data)}`;
    case "job.failed":
      return `${target} did not apply ${commit}${after(": ", errorIn(event.data))}`;
    case "job.timeout":
      return `What became of ${commit} at ${target} is not known`;
    case "job.cancelled":
      return `${capital(commit)} was not applied to ${target}: it was cancelled`;
    case "job.searchable":
      return `${capital(commit)} can be searched for at ${target}`;
    case "job.verified":
      return event.data["synced"] === false
        ? `${target} was compared after ${commit}, and differs`
        : `${target} was compared after ${commit}, and holds what it should`;
    case "target.reindexed":
      return `${who} had the search index of ${target} rebuilt`;
    case "dead_letter.kept":
      return `${capital(deadLetter)} could not be delivered${after(": ", textIn(event.data, "cause"))}`;
    case "dead_letter.retried":
      return `${who} sent ${deadLetter} again`;
    case "dead_letter.discarded":
      return `${who} discarded ${deadLetter}${after(": ", textIn(event.data, "reason"))}`;
    case "dead_letter.resolved":
      return `${capital(deadLetter)} was delivered after all`;
    case "webhook.ignored":
      return `${target} reported ${textIn(event.data, "reported") || "something"}, which changes nothing`;
    case "webhook.created":
      return `${who} registered a webhook at ${textIn(event.data, "host") || "an address"}`;
    case "webhook.updated":
      return `${who} changed ${webhook}`;
    case "webhook.enabled":
      return `${who} enabled ${webhook}`;
    case "webhook.disabled":
      return textIn(event.data, "reason") === "person"
        ? `${who} disabled ${webhook}`
        : `${capital(webhook)} was disabled, as its receiver takes no events${after(": it ", textIn(event.data, "error"))}`;
    case "webhook.rotated":
      return `${who} gave ${webhook} a new secret`;
    case "webhook.deleted":
      return `${who} removed ${webhook}`;
    case "webhook.replayed":
      return `${who} had events sent again to ${webhook}`;
    case "webhook.tested":
      return `${who} sent a test to ${webhook}`;
    case "target.down":
      return `${target} does not answer, so pushes to it wait`;
    case "target.back":
      return `${target} answers again, and what waited for it goes on`;
  }
};

export type EventTone = "good" | "bad" | "busy" | "plain";

/** How good or bad it is. */
export const eventTone = ({ type, data }: ApiEvent): EventTone => {
  switch (type) {
    case "commit.approved":
    case "job.completed":
    case "job.searchable":
    case "target.back":
    case "dead_letter.resolved":
      return "good";
    case "job.verified":
      return data["synced"] === false ? "bad" : "good";
    case "commit.rejected":
    case "job.failed":
    case "job.timeout":
    case "target.down":
    case "dead_letter.kept":
    case "workspace.disconnected":
      return "bad";
    case "push.started":
    case "push.retried":
    case "job.dispatched":
    case "job.accepted":
    case "job.progress":
      return "busy";
    default:
      return "plain";
  }
};

const after = (separator: string, words: string): string => (words === "" ? "" : `${separator}${words}`);
const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
