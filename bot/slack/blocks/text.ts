/** Words on their way to Slack. Everything that a person or a target wrote passes through `literal` or `code`. */
import { visible } from "../../../shared/domain/unseen.ts";
import { clip, clipLine } from "../../../shared/messages/message.ts";

/** The three characters that Slack's mrkdwn gives a meaning (docs.slack.dev, "Escaping text"). */
export const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export const unescape = (text: string): string =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/**
 * What mrkdwn formats: marks that may open or close, and codes of emoji. A mark inside of a word, or between two
 * spaces, does neither.
 */
const formatted = /`|(?<![\p{L}\p{N}])(?<!\s(?=.\s))[*_~]|(?<!\s)[*_~](?![\p{L}\p{N}])|:[a-z0-9_+'-]+:/u;
/** What a fallback text cannot hold, because it is read neither for entities nor past another bar. */
const outsideFallback = /([&<>|\n]+)/;

/**
 * mrkdwn has no escape for its marks; a space without width even makes them work inside of words. What Slack never
 * formats is the fallback text of a date whose format it cannot read (docs.slack.dev, "Date formatting"; jsx-slack,
 * "About escape and exact mode").
 */
const unread = (text: string): string => `<!date^00000000^{_}|${text}>`;

/** Of mrkdwn: what `literal` has made, and code. For `split`: it is what stands at odd places. */
export const literals = /(<!date\^00000000\^[^>]*>|`[^`]*`)/;

const withoutMarks = (text: string): string => {
  const first = text.search(formatted);
  if (first === -1) return text;
  const last = Array.from(text.matchAll(new RegExp(formatted, "gu"))).at(-1);
  const end = last ? last.index + last[0].length : text.length;
  return `${text.slice(0, first)}${unread(text.slice(first, end))}${text.slice(end)}`;
};

/** A text inside mrkdwn that shows as it is, whatever is in it. */
export const literal = (text: string): string =>
  formatted.test(text)
    ? text
        .split(outsideFallback)
        .map((part, index) => (index % 2 === 1 ? escape(part) : withoutMarks(part)))
        .join("")
    : escape(text);

/** Cuts mrkdwn to `max` characters: never in the middle of `&amp;` or `<…>`, which would show as rubbish. */
export const clipMarkup = (markdown: string, max: number): string => {
  // A line of somebody's that begins so would be a quotation; nothing but an invisible character prevents it.
  const shown = visible(markdown).replace(/^&gt;/gm, "\u00ad&gt;");
  return shown.length <= max
    ? shown
    : `${clip(shown, max)
        .slice(0, -1)
        .replace(/(<[^<>]*|&[a-z]*)$/, "")}…`;
};

/** Somebody's words inside mrkdwn: on one line, without meaning, at most `max` characters of theirs. */
export const quoted = (text: string, max = 300): string => literal(clipLine(text, max));

/** What is typed, or an id. In code nothing but a backtick has a meaning; a text that has one is no code. */
export const inCode = (text: string): string => (text.includes("`") ? literal(text) : `\`${escape(text)}\``);

/** The same on one line, at most `max` characters. */
export const code = (text: string, max = 300): string => inCode(clipLine(text, max));

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
