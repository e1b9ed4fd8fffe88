/** What has happened: a sentence an event. Events are kept for ever, so nothing is certain about an old one. */
import type { ApiEvent } from "../../contract/event.ts";
import { errorIn, fieldsIn, numberIn, textIn, textsIn } from "../../domain/events/event-data.ts";
import type { EventType } from "../../domain/events/event-types.ts";
import { type Message, type Part, channel, message, person, quoted, strong } from "../message.ts";
import { quotation } from "./commits.ts";
import { countsMessage } from "./counts.ts";
import { deadLetterKind } from "./dead-letters.ts";
import { allOf, capital, commas, plural, unstopped, withArticle } from "./grammar.ts";

/** "Avery staged change 3: Python: experience_years 5 → 8" */
export const eventMessage = (event: ApiEvent): Message => events[event.type](event);

const events: Record<EventType, (event: ApiEvent) => Message> = {
  "workspace.settings_set": (event) => message`${actor(event)} changed the settings${after(": ", settings(event))}`,
  "workspace.installed": (event) => message`${actor(event)} installed the app`,
  "workspace.disconnected": (event) => {
    const because = textIn(event.data, "because").replaceAll("_", " ");
    return message`Slack revoked the app's access${because === "" ? "" : message` (${because})`}`;
  },
  "workspace.numbers_left_out": (event) => {
    const count = numberIn(event.data, "numbers");
    return message`${actor(event)} left out ${count === null ? "numbers" : plural(count, "number")} that the database may have forgotten`;
  },
  "member.role_set": (event) => {
    const before = textIn(event.data, "before");
    const role = withArticle(textIn(event.data, "role"));
    return message`${actor(event)} made ${personIn(event, "userId")} ${role}${before === "" ? "" : message`, was ${before}`}`;
  },
  "member.left": (event) => {
    const tokens = textsIn(event.data, "tokens").length;
    const ended = allOf([
      ...(["", "viewer"].includes(textIn(event.data, "role")) ? [] : [message`the role ${said(event, "role")}`]),
      ...(tokens === 0 ? [] : [message`${plural(tokens, "API token")}`]),
    ]);
    return message`${personIn(event, "userId")} has left Slack${ended.length === 0 ? "" : message`, which ended ${ended}`}`;
  },
  "member.erased": (event) => message`${actor(event)} erased the personal data of ${personIn(event, "userId")}`,
  "token.created": (event) => {
    const scopes = textsIn(event.data, "scopes");
    const name = after(" ", said(event, "name"));
    return message`${actor(event)} created an API token${name}${after(", with the scopes ", commas(scopes))}`;
  },
  "token.revoked": (event) => message`${actor(event)} revoked the API token${after(" ", said(event, "name"))}`,
  "change.staged": (event) => message`${actor(event)} staged ${change(event)}${after(": ", said(event, "summary"))}`,
  "change.edited": (event) => message`${actor(event)} edited ${change(event)}${after(": ", said(event, "summary"))}`,
  "change.discarded": (event) =>
    message`${actor(event)} unstaged ${change(event)}${after(": ", said(event, "summary"))}`,
  "commit.created": (event) => {
    const words = textIn(event.data, "message");
    const does = after(": ", said(event, "summary"));
    return message`${actor(event)} created ${commit(event)}${does}${words === "" ? "" : message`, and wrote ${quotation(words, 200)}`}`;
  },
  "commit.review_requested": (event) => {
    const reviewers = allOf(textsIn(event.data, "reviewers").map(person));
    const from = reviewers.length === 0 ? "" : message` from ${reviewers}`;
    return message`${actor(event)} requested a review${from} of ${commit(event)}`;
  },
  "commit.approved": (event) =>
    textIn(event.data, "because") === "settings"
      ? capital(message`${commit(event)} had enough approvals when ${actor(event)} changed the settings`)
      : message`${actor(event)} approved ${commit(event)}`,
  "commit.rejected": (event) => message`${actor(event)} rejected ${commit(event)}${after(": ", said(event, "reason"))}`,
  "commit.drifted": (event) => {
    const count = numberIn(event.data, "count") ?? 0;
    const where = after(" at ", allOf(textsIn(event.data, "targets")));
    return count === 0
      ? capital(message`${commit(event)} has no conflicts any more${where}`)
      : capital(message`${commit(event)} is in conflict${where}: somebody has changed ${plural(count, "row")} of it`);
  },
  "commit.conflicts_resolved": (event) => {
    const decided = numberIn(event.data, "decided");
    const what = decided === null ? "conflicts" : plural(decided, "conflict");
    return message`${actor(event)} resolved ${what} in ${commit(event)}`;
  },
  "approval.withdrawn": (event) => message`${actor(event)} withdrew their approval of ${commit(event)}`,
  "approval.voided": (event) => capital(message`${commit(event)} needs another approval: ${voidedBy(event)}`),
  "commit.dropped": (event) => message`${actor(event)} dropped ${commit(event)} with its changes`,
  "commit.reopened": (event) => message`${actor(event)} reopened ${commit(event)}: its changes are staged again`,
  "push.started": (event) =>
    message`${actor(event)} started ${push(event)}${after(" to ", allOf(textsIn(event.data, "targets")))}${event.data["again"] === true ? ", again" : ""}`,
  "push.retried": (event) => message`${actor(event)} retried ${push(event)} to ${target(event)}`,
  "push.cancelled": (event) => message`${actor(event)} cancelled ${push(event)}`,
  "push.repaired": (event) =>
    capital(message`${push(event)} had ended without a record of it${after(": it is now ", said(event, "to"))}`),
  "commit.repaired": (event) =>
    capital(
      message`${commit(event)} counted as in progress at ${target(event)} without a push${after(": it is now ", said(event, "to"))}`,
    ),
  "job.dispatched": (event) => capital(message`${commit(event)} was sent to ${target(event)}${attempt(event)}`),
  "job.accepted": (event) => message`${target(event)} accepted ${commit(event)}${attempt(event)}`,
  "job.progress": (event) => message`${target(event)} is applying ${commit(event)}${after(": ", progress(event))}`,
  "job.completed": (event) =>
    message`${target(event)} applied ${commit(event)}${after(": ", countsMessage(fieldsIn(event.data, "result")))}`,
  "job.failed": (event) => message`${target(event)} did not apply ${commit(event)}${after(": ", error(event))}`,
  "job.timeout": (event) =>
    message`The outcome of ${commit(event)} at ${target(event)} is unknown${after(": ", error(event))}`,
  "job.cancelled": (event) => capital(message`${commit(event)} was cancelled before ${target(event)} applied it`),
  "job.searchable": (event) => capital(message`${commit(event)} can be found by search at ${target(event)}`),
  "job.verified": (event) =>
    event.data["synced"] === false
      ? message`${target(event)} was compared after ${commit(event)}, and differs`
      : message`${target(event)} was compared after ${commit(event)}, and matches`,
  "target.reindexed": (event) => message`${actor(event)} rebuilt the search index of ${target(event)}`,
  "target.accepted": (event) =>
    message`${actor(event)} accepted ${textIn(event.data, "entityId") === "" ? message`a row` : message`${said(event, "entityType")} ${said(event, "entityId")}`} as it is live at ${target(event)}`,
  "target.reconciled": (event) => {
    const again = commitsIn(event, "sent");
    const recorded = [...commitsIn(event, "recorded"), ...commitsIn(event, "forgotten")];
    const what = allOf([
      ...(again.length === 0 ? [] : [message`it got ${allOf(again)} again`]),
      ...(recorded.length === 0 ? [] : [message`it had ${allOf(recorded)} already`]),
    ]);
    return message`${actor(event)} reconciled ${target(event)} with the bot${after(": ", what)}`;
  },
  "dead_letter.kept": (event) => {
    const kind = deadLetterKind(textIn(event.data, "queue"));
    const again = event.data["again"] === true ? " again" : "";
    return capital(
      message`${deadLetter(event)} (${kind}) could not be delivered${again}${after(": ", said(event, "cause"))}`,
    );
  },
  "dead_letter.retried": (event) => message`${actor(event)} retried ${deadLetter(event)}`,
  "dead_letter.discarded": (event) =>
    message`${actor(event)} discarded ${deadLetter(event)}${after(": ", said(event, "reason"))}`,
  "dead_letter.resolved": (event) => capital(message`${deadLetter(event)} was delivered`),
  "webhook.ignored": (event) => {
    const reported = textIn(event.data, "reported") || "something";
    const because = ignored(textIn(event.data, "because"));
    return message`${target(event)} reported ${reported} for ${commit(event)}${attempt(event)}, which was ignored: ${because}${after(". It said: ", error(event))}`;
  },
  "webhook.created": (event) => message`${actor(event)} created ${webhook(event)}`,
  "webhook.updated": (event) => message`${actor(event)} changed ${webhook(event)}`,
  "webhook.enabled": (event) => message`${actor(event)} enabled ${webhook(event)}`,
  "webhook.disabled": (event) => {
    switch (textIn(event.data, "reason")) {
      case "gone":
        return capital(message`${webhook(event)} was disabled: its receiver answered 410 Gone`);
      case "failing":
        return capital(
          message`${webhook(event)} was disabled: every delivery has failed for a long time${after(". The last one ", said(event, "error"))}`,
        );
      default:
        return message`${actor(event)} disabled ${webhook(event)}`;
    }
  },
  "webhook.rotated": (event) => message`${actor(event)} rotated the secret of ${webhook(event)}`,
  "webhook.deleted": (event) => message`${actor(event)} deleted ${webhook(event)}`,
  "webhook.replayed": (event) => {
    const delivery = numberIn(event.data, "delivery");
    const what = delivery === null ? "undelivered events" : `delivery ${delivery}`;
    return message`${actor(event)} replayed ${what} to ${webhook(event)}`;
  },
  "webhook.tested": (event) => message`${actor(event)} sent a test event to ${webhook(event)}`,
  "target.added": (event) => message`${actor(event)} added the target ${target(event)}`,
  "target.rotated": (event) => message`${actor(event)} rotated the secrets of ${target(event)}`,
  "target.moved": (event) =>
    message`${actor(event)} changed the order of the targets: ${target(event)} has another place`,
  "target.removed": (event) => message`${actor(event)} removed the target ${target(event)}`,
  "target.down": (event) =>
    message`${target(event)} does not answer, so pushes to it wait${after(": it ", said(event, "error"))}`,
  "target.back": (event) => message`${target(event)} answers again, and waiting pushes continue`,
};

const commitsIn = ({ data }: ApiEvent, name: string): Message[] => {
  const numbers = data[name];
  return Array.isArray(numbers)
    ? numbers.filter((each) => Number.isInteger(each)).map((each) => message`#${Number(each)}`)
    : [];
};

/** Who did it: a person, a person's token, a target, or CV Ops itself. */
export const actor = ({ actor: { kind, id, token } }: ApiEvent): Message => {
  switch (kind) {
    case "slack":
    case "access":
      return [person(id)];
    case "token":
      return message`${person(id)} (token ${quoted(token ?? "unknown", 80)})`;
    case "target":
      return message`${id}`;
    case "system":
      return ["CV Ops"];
  }
};

const numbered = (noun: string, number: number | null): Message => [
  number === null ? withArticle(noun) : `${noun} ${number}`,
];
/** Commits and pushes are written with a hash, as their cards are. */
const hashed = (noun: string, number: number | null): Message =>
  number === null ? [withArticle(noun)] : [`${noun} `, strong(`#${number}`)];

const commit = (event: ApiEvent): Message => hashed("commit", event.commit);
const push = (event: ApiEvent): Message => message`${hashed("push", event.push)} of ${commit(event)}`;
const change = (event: ApiEvent): Message => numbered("change", event.change);
const deadLetter = (event: ApiEvent): Message => numbered("dead letter", event.deadLetter);

const webhook = ({ data }: ApiEvent): Message => {
  const host = textIn(data, "host");
  return message`${numbered("webhook", numberIn(data, "number"))}${host === "" ? "" : message` at ${host}`}`;
};

const target = (event: ApiEvent): Message => message`${event.target ?? (textIn(event.data, "target") || "a target")}`;
const attempt = (event: ApiEvent): string =>
  event.attempt !== null && event.attempt > 1 ? ` (attempt ${event.attempt})` : "";

const said = ({ data }: ApiEvent, field: string): Message => quoted(textIn(data, field), 200);
const error = ({ data }: ApiEvent): Message => quoted(unstopped(errorIn(data)), 200);
const personIn = ({ data }: ApiEvent, field: string): Part | string => {
  const userId = textIn(data, field);
  return userId === "" ? "somebody" : person(userId);
};

const after = (separator: string, words: Message): Message => (words.length === 0 ? [] : [separator, ...words]);

/** "writing, 40 %" */
const progress = ({ data }: ApiEvent): Message => {
  const percent = numberIn(data, "percent");
  return commas([
    ...(textIn(data, "stage") === "" ? [] : [quoted(textIn(data, "stage"), 200)]),
    ...(percent === null ? [] : [`${Math.round(percent)} %`]),
  ]);
};

const settings = ({ data }: ApiEvent): Message => {
  const { mode, approvalsNeeded, channelId } = fieldsIn(data, "after");
  return commas([
    ...(typeof mode === "string" ? [message`${mode} mode`] : []),
    ...(typeof approvalsNeeded === "number" ? [message`${plural(approvalsNeeded, "approval")} needed`] : []),
    ...(typeof channelId === "string" ? [message`cards go to ${channel(channelId)}`] : []),
    ...(channelId === null ? ["cards go to the channel of the command"] : []),
  ]);
};

/** Whose doing it is that an approval does not count any more. */
const voidedBy = (event: ApiEvent): Message => {
  switch (textIn(event.data, "because")) {
    case "left":
      return ["whoever had approved it has left"];
    case "role":
      return message`${actor(event)} changed a role`;
    default:
      return message`${actor(event)} changed the settings`;
  }
};

/** Why a target's report changed nothing. */
const ignored = (because: string): string => {
  switch (because) {
    case "older_attempt":
      return "a later attempt has replaced that one";
    case "unknown_attempt":
      return "there was no such attempt";
    case "already_known":
      return "it was a duplicate";
    default:
      return "the outcome was recorded already";
  }
};
