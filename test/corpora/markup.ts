/** Finds markup in a message or view that Slack would not show as plain text, read strictly. */
import { parseMrkdwn } from "../../tools/playground/page/text/mrkdwn.ts";
import { mrkdwnOf } from "../support/bot/texts.ts";

/** The mentions that a message may contain. */
export interface Ours {
  people: readonly string[];
  channels: readonly string[];
}

/** A date as `moment` formats it. */
const ownDate = /^!date\^-?\d{1,12}\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC$/;

/** What `literal` makes of marks: a date whose format Slack cannot read shows its fallback as it is. */
const ownMarks = /^!date\^00000000\^\{_\}\|[^<>&|\n]+$/;

/** A link to a push, as on its card: the address varies only by a number, and the text is fixed. */
const ownLink = /^https:\/\/cv-ops\.example\.com\/app\/pushes\/\d{1,9}\?workspace=T[A-Z0-9]{2,20}\|Open in the portal$/;

const isOurs = (inside: string, { people, channels }: Ours): boolean =>
  ownDate.test(inside) ||
  ownMarks.test(inside) ||
  ownLink.test(inside) ||
  people.some((id) => inside === `@${id}`) ||
  channels.some((id) => inside === `#${id}`);

/** `<…>` is a mention, link or command; a quote begins a line; every other special character is escaped once. */
const inMrkdwn = (markdown: string, ours: Ours): string[] => {
  const problems: string[] = [];
  const rest = markdown.replace(/<([^<>]*)>/g, (whole, inside: string) => {
    if (!isOurs(inside, ours)) problems.push(`${whole} has a meaning`);
    return "";
  });
  if (rest.includes("<")) problems.push(`an open bracket in ${rest}`);
  if (/[^\n>]>/.test(rest)) problems.push(`a closing bracket in ${rest}`);
  if (/&(?!(amp|lt|gt);)/.test(rest)) problems.push(`an ampersand that is not escaped in ${rest}`);
  return problems;
};

const inert = new Set(["text", "emoji"]);

/** Rich text elements other than plain text. */
const inRichText = (value: unknown, { people }: Ours): string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => inRichText(each, { people, channels: [] }));
  if (typeof value !== "object" || value === null) return [];
  const { type, elements, user_id: userId } = value as { type?: unknown; elements?: unknown; user_id?: unknown };
  if (elements !== undefined) return inRichText(elements, { people, channels: [] });
  if (inert.has(String(type)) || (type === "user" && people.includes(String(userId)))) return [];
  return [`a part of rich text of the type ${String(type)}`];
};

/** What people see of mrkdwn, read as strictly as the local Slack reads it. */
const shownOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(shownOf).join("");
  if (typeof value !== "object" || value === null) return "";
  const { type, text, children, items, fallback, name } = value as Record<string, unknown>;
  if (type === "emoji") return `(emoji ${String(name)})`;
  if (type === "date") return String(fallback);
  const own = typeof text === "string" ? text : "";
  return `${own}${shownOf(children)}${shownOf(items)}${type === "paragraph" || type === "code" ? "\n" : ""}`;
};

/** The core of a text without the marks around it: wherever people see the core, they see its marks too. */
export const lostMarks = (value: unknown, { core, text }: { core: RegExp; text: string }): string[] =>
  mrkdwnOf(value).flatMap((markdown) => {
    const shown = shownOf(parseMrkdwn(markdown));
    const cut = Array.from(text, (_, index) => `${text.slice(0, index + 1)}…`);
    const rest = [text, text.replaceAll("_", " "), ...cut.toReversed()].reduce(
      (left, whole) => left.replaceAll(whole, ""),
      shown,
    );
    return core.test(rest) ? [`${markdown} is shown as ${shown}`] : [];
  });

/** Links outside plain text, and options that let Slack resolve names in plain text. */
const active = new Set(["url", "image_url", "thumb_url", "link_names", "parse", "attachments", "unfurl_links"]);

const inStructure = (value: unknown, ours: Ours): string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => inStructure(each, ours));
  if (typeof value !== "object" || value === null) return [];
  const own = Object.keys(value).filter((key) => active.has(key));
  const rich = "type" in value && value.type === "rich_text" ? inRichText(value, ours) : [];
  return [
    ...own.map((key) => `the property ${key}`),
    ...rich,
    ...Object.values(value).flatMap((each) => inStructure(each, ours)),
  ];
};

export const markupProblems = (value: unknown, ours: Ours): string[] => [
  ...mrkdwnOf(value).flatMap((markdown) => inMrkdwn(markdown, ours)),
  ...inStructure(value, ours),
];
