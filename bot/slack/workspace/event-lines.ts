/** What has happened, in words: a line an event, pure. */
import { countsIn, errorIn, fieldsIn, progressIn, textIn, textsIn } from "../../../shared/domain/events/event-data.ts";
import type { LoggedEvent } from "../../../shared/storage/events/events.ts";
import { deadLetterKind } from "../dead-letters/dead-letter-messages.ts";
import { channelLink, mention, moment, plural, quoted } from "../blocks/text.ts";

/** With its time, as a log shows it. */
export const datedEventLine = (event: LoggedEvent): string => `${moment(event.at)}  ·  ${eventLine(event)}`;

/** "<@U1> staged change 3: Python: experience_years 5 → 8" */
// oxlint-disable-next-line max-lines-per-function -- one exhaustive switch, a case a type
export const eventLine = (event: LoggedEvent): string => {
  const who = actorOf(event);
  const commit = `commit ${numbered(event.commitNumber)}`;
  const push = `push ${numbered(event.pushNumber)} of ${commit}`;
  const change = event.changeNumber === null ? "a change" : `change ${event.changeNumber}`;
  const deadLetter = event.deadLetterNumber === null ? "a message" : `message ${event.deadLetterNumber}`;
  const target = said(event, "target") || "a target";
  const because = said(event, "because");
  switch (event.type) {
    case "workspace.settings_set":
      return `${who} changed the settings${settingsWords(event)}`;
    case "workspace.disconnected":
      return `Slack took the app's access away${because ? ` (${because.replaceAll("_", " ")})` : ""}`;
    case "member.role_set":
      return roleWords(who, event);
    case "token.created":
      return `${who} made an API token${after(" ", said(event, "name"))}, for ${names(event, "scopes").join(", ") || "nothing"}`;
    case "token.revoked":
      return `${who} revoked the API token${after(" ", said(event, "name"))}`;
    case "change.staged":
      return `${who} staged ${change}${after(": ", said(event, "summary"))}`;
    case "change.edited":
      return `${who} edited ${change}${after(": ", said(event, "summary"))}`;
    case "change.discarded":
      return `${who} took ${change} back${after(": ", said(event, "summary"))}`;
    case "commit.created":
      return `${who} made ${commit}${after(": ", said(event, "message"))}`;
    case "commit.review_requested":
      return `${who} asked ${reviewersOf(event)}for review of ${commit}`;
    case "commit.approved":
      return because === "settings"
        ? `${capital(commit)} was approved when ${who} changed the settings: it had enough approvals`
        : `${who} approved ${commit}`;
    case "commit.rejected":
      return `${who} rejected ${commit}${after(": ", said(event, "reason"))}`;
    case "commit.dropped":
      return `${who} dropped ${commit}, with its changes`;
    case "commit.reopened":
      return `${who} reopened ${commit}: its changes were staged again`;
    case "push.started":
      return `${who} started ${push}${after(" to ", names(event, "targets").join(" and "))}`;
    case "push.retried":
      return `${who} tried ${push} to ${target} again`;
    case "push.cancelled":
      return `${who} cancelled ${push}`;
    case "push.mended":
      return `${capital(push)} had ended without being said to: it is ${said(event, "to")}`;
    case "commit.mended":
      return `${capital(commit)} counted as on its way to ${target} though nothing was: it is ${said(event, "to")} there`;
    case "job.dispatched":
      return `${capital(commit)} was sent to ${target}${attemptOf(event)}`;
    case "job.accepted":
      return `${target} accepted ${commit}${attemptOf(event)}`;
    case "job.progress":
      return `${target} works on ${commit}${after(
        ": ",
        progressIn(event.data, (stage) => quoted(stage, 200)),
      )}`;
    case "job.completed":
      return `${target} applied ${commit}${countsIn(event.data)}`;
    case "job.failed":
      return `${target} did not apply ${commit}${after(": ", errorOf(event))}`;
    case "job.timeout":
      return `What became of ${commit} at ${target} is not known${after(": ", errorOf(event))}`;
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
      return `${capital(deadLetter)}, ${deadLetterKind(said(event, "queue"))}, could not be delivered${event.data["again"] === true ? " again" : ""}${after(": ", said(event, "cause"))}`;
    case "dead_letter.retried":
      return `${who} sent ${deadLetter} again`;
    case "dead_letter.discarded":
      return `${who} discarded ${deadLetter}${after(": ", said(event, "reason"))}`;
    case "dead_letter.resolved":
      return `${capital(deadLetter)} was delivered after all`;
    case "webhook.ignored":
      return `${target} reported ${after("", said(event, "reported"))} for ${commit}${attemptOf(event)}, which changes nothing: ${ignoredWords(because)}${after(". It said: ", errorOf(event))}`;
    case "webhook.created":
      return `${who} registered a webhook at ${said(event, "host") || "an address"}`;
    case "webhook.updated":
      return `${who} changed ${webhookOf(event)}`;
    case "webhook.enabled":
      return `${who} enabled ${webhookOf(event)}`;
    case "webhook.disabled":
      return disabledWords(who, event);
    case "webhook.rotated":
      return `${who} gave ${webhookOf(event)} a new secret`;
    case "webhook.deleted":
      return `${who} removed ${webhookOf(event)}`;
    case "webhook.replayed":
      return `${who} had ${typeof event.data["delivery"] === "number" ? `delivery ${event.data["delivery"]}` : "what was not delivered"} sent again to ${webhookOf(event)}`;
    case "webhook.tested":
      return `${who} sent a test to ${webhookOf(event)}`;
    case "target.down":
      return `${target} does not answer, so pushes to it wait${after(": it ", said(event, "error"))}`;
    case "target.back":
      return `${target} answers again, and what waited for it goes on`;
  }
};

const webhookOf = (event: LoggedEvent): string => {
  const { number } = event.data;
  return `webhook ${typeof number === "number" ? `*${number}*` : "(unknown)"}${after(" at ", said(event, "host"))}`;
};

const disabledWords = (who: string, event: LoggedEvent): string => {
  const webhook = webhookOf(event);
  switch (event.data["reason"]) {
    case "gone":
      return `${capital(webhook)} was disabled: its receiver wants no more events (410)`;
    case "failing":
      return `${capital(webhook)} was disabled, as it has only failed for a long time${after(": it ", said(event, "error"))}`;
    default:
      return `${who} disabled ${webhook}`;
  }
};

const ignoredWords = (because: string): string => {
  switch (because) {
    case "older_attempt":
      return "it is about an attempt that another has followed";
    case "unknown_attempt":
      return "there was no such attempt";
    case "already_known":
      return "it was known";
    default:
      return "how it ended was known";
  }
};

const actorOf = ({ actor, tokenName }: LoggedEvent): string => {
  switch (actor.kind) {
    case "slack":
    case "access":
      return mention(actor.id);
    case "token":
      return `${mention(actor.id)} by token _${quoted(tokenName ?? "(unknown)", 80)}_`;
    case "target":
      return quoted(actor.id, 80);
    case "system":
      return "CV Ops";
  }
};

const numbered = (number: number | null): string => (number === null ? "(unknown)" : `*#${number}*`);
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
const after = (separator: string, text: string): string => (text === "" ? "" : `${separator}${text}`);
const attemptOf = ({ attempt }: LoggedEvent): string =>
  attempt !== null && attempt > 1 ? ` (attempt ${attempt})` : "";

const said = ({ data }: LoggedEvent, field: string): string => quoted(textIn(data, field), 200);
const names = ({ data }: LoggedEvent, field: string): string[] => textsIn(data, field).map((item) => quoted(item, 80));

const reviewersOf = (event: LoggedEvent): string => {
  const reviewers = names(event, "reviewers").map(mention);
  return reviewers.length > 0 ? `${reviewers.join(" and ")} ` : "";
};

const errorOf = ({ data }: LoggedEvent): string => quoted(errorIn(data), 200);

const roleWords = (who: string, event: LoggedEvent): string => {
  const role = said(event, "role");
  const article = /^[aeiou]/.test(role) ? "an" : "a";
  return `${who} made ${mention(said(event, "userId"))} ${article} ${role}${after(", was ", said(event, "before"))}`;
};

const settingsWords = (event: LoggedEvent): string => {
  const { mode, approvalsNeeded, channelId } = fieldsIn(event.data, "after");
  const words = [
    ...(typeof mode === "string" ? [`${quoted(mode, 20)} mode`] : []),
    ...(typeof approvalsNeeded === "number" ? [`${plural(approvalsNeeded, "approval")} needed`] : []),
    ...(typeof channelId === "string" ? [`cards go to ${channelLink(channelId)}`] : []),
    ...(channelId === null ? ["cards go to the channel of the command"] : []),
  ];
  return after(": ", words.join(", "));
};
