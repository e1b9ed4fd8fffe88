/** What Slack would make of a message or view beyond showing its words: read as strictly as its documentation allows. */
import { mrkdwnOf } from "../support/bot/texts.ts";

/** Whom and what we may name. */
export interface Ours {
  people: readonly string[];
  channels: readonly string[];
}

/** A moment as `moment` writes it. */
const ownDate = /^!date\^-?\d{1,12}\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC$/;

/** The page of a push, as its card leads to it: the address holds nothing but a number, and the words are ours. */
const ownLink = /^https:\/\/cv-ops\.example\.com\/app\/pushes\/\d{1,9}\?workspace=T[A-Z0-9]{2,20}\|Open in the portal$/;

const isOurs = (inside: string, { people, channels }: Ours): boolean =>
  ownDate.test(inside) ||
  ownLink.test(inside) ||
  people.some((id) => inside === `@${id}`) ||
  channels.some((id) => inside === `#${id}`);

/** `<…>` is a mention, link or command, whatever stands in it; a quote begins a line; everything else is escaped once. */
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

/** Parts of rich text that are not words. */
const inRichText = (value: unknown, { people }: Ours): string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => inRichText(each, { people, channels: [] }));
  if (typeof value !== "object" || value === null) return [];
  const { type, elements, user_id: userId } = value as { type?: unknown; elements?: unknown; user_id?: unknown };
  if (elements !== undefined) return inRichText(elements, { people, channels: [] });
  if (inert.has(String(type)) || (type === "user" && people.includes(String(userId)))) return [];
  return [`a part of rich text of the type ${String(type)}`];
};

/** Links that are no words, and options by which Slack looks for names in plain words. */
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
