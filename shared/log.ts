import { jsonLine } from "./json.ts";

/**
 * What must not be in a log, from any caller: an error may repeat what it was given, and a card's subject may be a
 * person. The ids of people are Slack's (docs.slack.dev, "Mentioning users"): U or W, capitals and digits.
 */
const hidden: [pattern: RegExp, instead: string][] = [
  [/\b(?:xox[a-z]-|xapp-|whsec_|cvops_)[\w+/=-]+/g, "(secret)"],
  [/[^\s@<>"\\/]+@[^\s@<>":;,)\\/]+/g, "(address)"],
  [/\b[UW](?=[A-Z0-9]*\d)[A-Z0-9]{5,}\b/g, "(person)"],
];

/** One JSON line per event. Never pass secrets, bodies, or what people wrote: `hidden` is the last resort. */
export const log = (event: string, fields: Record<string, unknown> = {}): void => {
  const line = jsonLine({ event, ...fields });
  console.log(hidden.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line));
};
