/** What has happened, a line an event. */
import type { ApiEvent } from "../../shared/api/event.ts";
import { allOf, capital } from "./words.ts";

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
  const letter = event.letter === null ? "a message" : `message ${event.letter}`;
  const target = event.target ?? (text(event, "target") || "a target");
  const attempt = event.attempt !== null && event.attempt > 1 ? ` (attempt ${event.attempt})` : "";
  const webhook = `webhook ${typeof event.data["number"] === "number" ? event.data["number"] : "(unknown)"}${after(" at ", text(event, "host"))}`;
  switch (event.type) {
    case "workspace.settings_set":
      return `${who} changed the settings`;
    case "workspace.disconnected":
      return "Slack took the app's access away";
    case "member.role_set":
      return `${who} made ${nameOf(text(event, "userId"))} ${article(text(event, "role"))}`;
    case "token.created":
      return `${who} made an API token${after(" ", text(event, "name"))}`;
    case "token.revoked":
      return `${who} revoked the API token${after(" ", text(event, "name"))}`;
    case "change.staged":
      return `${who} staged ${change}${after(": ", text(event, "summary"))}`;
    case "change.edited":
      return `${who} edited ${change}${after(": ", text(event, "summary"))}`;
    case "change.discarded":
      return `${who} removed ${change}${after(": ", text(event, "summary"))}`;
    case "commit.created":
      return `${who} made ${commit}${after(": ", text(event, "message"))}`;
    case "commit.review_requested": {
      const reviewers = names(event, "reviewers").map(nameOf);
      return `${who} asked ${reviewers.length > 0 ? `${allOf(reviewers)} ` : ""}for review of ${commit}`;
    }
    case "commit.approved":
      return text(event, "because") === "settings"
        ? `${capital(commit)} was approved when ${who} changed the settings`
        : `${who} approved ${commit}`;
    case "commit.rejected":
      return `${who} rejected ${commit}${after(": ", text(event, "reason"))}`;
    case "commit.dropped":
      return `${who} dropped ${commit}, with its changes`;
    case "commit.reopened":
      return `${who} reopened ${commit}: its changes are staged again`;
    case "push.started":
      return `${who} started ${push} of ${commit}${after(" to ", allOf(names(event, "targets")))}`;
    case "push.retried":
      return `${who} tried ${target} again`;
    case "push.cancelled":
      return `${who} cancelled ${push}`;
    case "push.mended":
      return `${capital(push)} had ended without being said to: it is ${text(event, "to")}`;
    case "commit.mended":
      return `${capital(commit)} counted as on its way to ${target} though nothing was`;
    case "job.dispatched":
      return `${capital(commit)} was sent to ${target}${attempt}`;
    case "job.accepted":
      return `${target} accepted ${commit}${attempt}`;
    case "job.progress":
      return `${target} works on it${after(": ", progress(event))}`;
    case "job.completed":
      return `${target} applied ${commit}${counts(event)}`;
    case "job.failed":
      return `${target} did not apply ${commit}${after(": ", errorIn(event))}`;
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
      return `${capital(letter)} could not be delivered${after(": ", text(event, "cause"))}`;
    case "dead_letter.retried":
      return `${who} sent ${letter} again`;
    case "dead_letter.discarded":
      return `${who} discarded ${letter}${after(": ", text(event, "reason"))}`;
    case "dead_letter.resolved":
      return `${capital(letter)} was delivered after all`;
    case "webhook.ignored":
      return `${target} reported ${text(event, "reported") || "something"}, which changes nothing`;
    case "webhook.created":
      return `${who} registered a webhook at ${text(event, "host") || "an address"}`;
    case "webhook.updated":
      return `${who} changed ${webhook}`;
    case "webhook.enabled":
      return `${who} enabled ${webhook}`;
    case "webhook.disabled":
      return text(event, "reason") === "person"
        ? `${who} disabled ${webhook}`
        : `${capital(webhook)} was disabled, as its receiver takes no events${after(": it ", text(event, "error"))}`;
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

/** Events are kept for ever, so nothing is taken for granted about what an old one says. */
const text = ({ data }: ApiEvent, field: string): string => {
  const value = data[field];
  return typeof value === "string" ? value : "";
};

const names = ({ data }: ApiEvent, field: string): string[] => {
  const value = data[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
};

const member = ({ data }: ApiEvent, field: string): Record<string, unknown> => {
  const value = data[field];
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

const progress = (event: ApiEvent): string => {
  const { percent } = event.data;
  return [text(event, "stage"), typeof percent === "number" ? `${Math.round(percent)} %` : ""]
    .filter((part) => part !== "")
    .join(", ");
};

const errorIn = (event: ApiEvent): string => {
  const { message } = member(event, "error");
  return typeof message === "string" ? message : "";
};

const counts = (event: ApiEvent): string => {
  const { inserted, updated, deleted } = member(event, "result");
  const count = (value: unknown, word: string): string[] =>
    typeof value === "number" && value > 0 ? [`${value} ${word}`] : [];
  return after(
    ": ",
    [...count(inserted, "added"), ...count(updated, "changed"), ...count(deleted, "removed")].join(", "),
  );
};
