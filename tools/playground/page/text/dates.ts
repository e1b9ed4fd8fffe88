/** Slack's date tokens. Source: docs.slack.dev/messaging/formatting-message-text#date-formatting. */

export interface DateReader {
  /** IANA zone of the person who reads. */
  zone: string;
  nowMs: number;
  hour12: boolean;
}

const dayMs = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs about a thousand times what using it does. */
const formatter = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
};

const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
const ordinals = new Intl.PluralRules("en-US", { type: "ordinal" });
const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

/** "November 23rd, 2026", with the parts that `options` ask for. */
const longDate = (timeMs: number, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
  formatter("en-US", { timeZone, month: "long", day: "numeric", ...options })
    .formatToParts(timeMs)
    .map(({ type, value }) => (type === "day" ? `${value}${suffixes[ordinals.select(Number(value))] ?? "th"}` : value))
    .join("");

/** "2026-11-23" in the reader's zone: Sweden writes days as ISO 8601 does. */
const isoDay = (timeMs: number, timeZone: string): string => formatter("sv-SE", { timeZone }).format(timeMs);

const relativeDay = (timeMs: number, { zone, nowMs }: DateReader): string | null => {
  const days = (Date.parse(isoDay(timeMs, zone)) - Date.parse(isoDay(nowMs, zone))) / dayMs;
  return Math.abs(days) <= 1 ? relative.format(days, "day") : null;
};

const timeOf = (timeMs: number, reader: DateReader, withSeconds: boolean): string =>
  formatter(reader.hour12 ? "en-US" : "en-GB", {
    timeZone: reader.zone,
    hour: reader.hour12 ? "numeric" : "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
    hour12: reader.hour12,
  })
    .format(timeMs)
    .replace("\u202f", " ");

const ago = (timeMs: number, nowMs: number): string => {
  const seconds = Math.round((timeMs - nowMs) / 1000);
  const [size, unit]: [number, Intl.RelativeTimeFormatUnit] =
    Math.abs(seconds) < 60
      ? [1, "second"]
      : Math.abs(seconds) < 3600
        ? [60, "minute"]
        : Math.abs(seconds) < 86_400
          ? [3600, "hour"]
          : [86_400, "day"];
  return relative.format(Math.trunc(seconds / size), unit);
};

const tokens: Record<string, (timeMs: number, timeZone: string) => string> = {
  date_num: isoDay,
  date_slash: (timeMs, timeZone) => formatter("en-US", { timeZone }).format(timeMs),
  date: (timeMs, timeZone) => longDate(timeMs, timeZone, { year: "numeric" }),
  date_short: (timeMs, timeZone) => formatter("en-US", { timeZone, dateStyle: "medium" }).format(timeMs),
  date_long: (timeMs, timeZone) => longDate(timeMs, timeZone, { year: "numeric", weekday: "long" }),
  date_long_full: (timeMs, timeZone) => longDate(timeMs, timeZone, { year: "numeric", weekday: "long" }),
  day_divider: (timeMs, timeZone) => longDate(timeMs, timeZone, { weekday: "long" }),
};

const tokenText = (token: string, timeMs: number, reader: DateReader): string | null => {
  if (token === "time") return timeOf(timeMs, reader, false);
  if (token === "time_secs") return timeOf(timeMs, reader, true);
  if (token === "ago") return ago(timeMs, reader.nowMs);
  const near = token.endsWith("_pretty") ? relativeDay(timeMs, reader) : null;
  return near ?? tokens[token.replace(/_pretty$/, "")]?.(timeMs, reader.zone) ?? null;
};

/** The format with its tokens filled in; null for an unknown token or a time out of range (the fallback is shown). */
export const formatSlackDate = (timestampSeconds: number, format: string, reader: DateReader): string | null => {
  const timeMs = timestampSeconds * 1000;
  if (!Number.isFinite(timeMs) || Math.abs(timeMs) > 8.64e15) return null;
  const names = [...format.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const texts = new Map(names.map((token) => [token, tokenText(token, timeMs, reader)]));
  if (names.length === 0 || [...texts.values()].includes(null)) return null;
  const filled = format.replace(/\{(\w+)\}/g, (_, token: string) => texts.get(token) ?? "");
  return format.startsWith("{") ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
};

/** Milliseconds of a Slack `ts`. */
export const tsToMs = (ts: string): number => Number(ts) * 1000;

export const clockTime = (ts: string, reader: DateReader): string =>
  formatSlackDate(Number(ts), "{time}", reader) ?? "";

/** "Today", "Yesterday" or "Monday, November 23rd": the line between two days. */
export const dayLabel = (ts: string, reader: DateReader): string => {
  const near = relativeDay(tsToMs(ts), reader);
  if (near) return near.charAt(0).toUpperCase() + near.slice(1);
  return formatSlackDate(Number(ts), "{day_divider}", reader) ?? "";
};

export const isSameDay = (oneTs: string, otherTs: string, zone: string): boolean =>
  isoDay(tsToMs(oneTs), zone) === isoDay(tsToMs(otherTs), zone);
