/** Words on their way to Slack. Everything that a person or a target wrote passes through `escape`. */
import { visible } from "../../../shared/domain/unseen.ts";
import { clip, clipLine } from "../../../shared/messages/message.ts";

/** The three characters that Slack's mrkdwn gives a meaning (docs.slack.dev, "Escaping text"). */
export const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Cuts mrkdwn to `max` characters: never in the middle of `&amp;` or `<…>`, which would show as rubbish. */
export const clipMarkup = (markdown: string, max: number): string => {
  const shown = visible(markdown);
  return shown.length <= max
    ? shown
    : `${clip(shown, max)
        .slice(0, -1)
        .replace(/(<[^<>]*|&[a-z]*)$/, "")}…`;
};

/** Somebody's words inside mrkdwn: on one line, without meaning, at most `max` characters of theirs. */
export const quoted = (text: string, max = 300): string => escape(clipLine(text, max));

export const mention = (userId: string): string => (/^[UW][A-Z0-9]+$/.test(userId) ? `<@${userId}>` : quoted(userId));

export const channelLink = (channelId: string): string =>
  /^[CDG][A-Z0-9]+$/.test(channelId) ? `<#${channelId}>` : quoted(channelId, 40);

const alternatives = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** "<@A>, <@B> or <@C>" */
export const anyOf = (userIds: readonly string[]): string => alternatives.format(userIds.map(mention)) || "nobody yet";

/** A moment in the reader's own time zone, with UTC for those who cannot see it so. Anything else is shown as it is. */
export const moment = (iso: string): string => {
  const atMs = Date.parse(iso);
  if (Number.isNaN(atMs)) return quoted(iso, 40);
  const utc = new Date(atMs).toISOString().slice(0, 16).replace("T", " ");
  return `<!date^${Math.floor(atMs / 1000)}^{date_short_pretty} {time}|${utc} UTC>`;
};
