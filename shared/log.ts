import { AsyncLocalStorage } from "node:async_hooks";
import { newTraceId } from "./ids.ts";
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

const running = new AsyncLocalStorage<{ traceId: string | null }>();

/**
 * Runs what belongs to one trace: lines that name none get this one, also those of work and timers that it starts.
 * @param traceId null where nothing has brought one: then it is made when it is first asked for
 */
export const inTrace = <T>(traceId: string | null, run: () => T): T => running.run({ traceId }, run);

/** That of the code that runs; a new one outside of `inTrace`. */
export const currentTraceId = (): string => {
  const trace = running.getStore() ?? { traceId: null };
  return (trace.traceId ??= newTraceId());
};

/** One JSON line per event. Never pass secrets, bodies, or what people wrote: `hidden` is the last resort. */
export const log = (event: string, fields: Record<string, unknown> = {}): void => {
  const isTraced = (fields["traceId"] ?? null) !== null || running.getStore() === undefined;
  const line = jsonLine({ event, ...fields, ...(isTraced ? {} : { traceId: currentTraceId() }) });
  console.log(hidden.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line));
};
