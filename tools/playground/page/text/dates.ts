/** Slack's date tokens. Source: docs.slack.dev/messaging/formatting-message-text#date-formatting. */

export interface DateReader {
  /** IANA zone of the person who reads. */
  zone: string;
  nowMs: number;
  hour12: boolean;
}

const dayMs = 86_400_000;

interface DateParts {
  year: string;
  month: string;
  monthName: string;
  day: string;
  weekday: string;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs about a thousand times what using it does. */
const formatter = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
};

const partsOf = (timeMs: number, zone: string): DateParts => {
  const read = (options: Intl.DateTimeFormatOptions): string =>
    formatter("en-US", { timeZone: zone, ...options }).format(timeMs);
  return {
    year: read({ year: "numeric" }),
    month: read({ month: "2-digit" }),
    monthName: read({ month: "long" }),
    day: read({ day: "numeric" }),
    weekday: read({ weekday: "long" }),
  };
};

const ordinal = (day: string): string => {
  const number = Number(day);
  if (number >= 11 && number <= 13) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][number % 10] ?? "th"}`;
};

/** The calendar day in the reader's zone as a number that counts days. */
const dayNumber = (timeMs: number, zone: string): number => {
  const { year, month, day } = partsOf(timeMs, zone);
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / dayMs;
};

const relativeDay = (timeMs: number, reader: DateReader): string | null => {
  const distance = dayNumber(timeMs, reader.zone) - dayNumber(reader.nowMs, reader.zone);
  return { "0": "today", "-1": "yesterday", "1": "tomorrow" }[String(distance)] ?? null;
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
  return new Intl.RelativeTimeFormat("en-US", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
};

const tokenText = (token: string, timeMs: number, reader: DateReader): string | null => {
  const { year, month, monthName, day, weekday } = partsOf(timeMs, reader.zone);
  const absolute: Record<string, string> = {
    date_num: `${year}-${month}-${day.padStart(2, "0")}`,
    date_slash: `${Number(month)}/${day}/${year}`,
    date: `${monthName} ${ordinal(day)}, ${year}`,
    date_short: `${monthName.slice(0, 3)} ${day}, ${year}`,
    date_long: `${weekday}, ${monthName} ${ordinal(day)}, ${year}`,
    date_long_full: `${weekday}, ${monthName} ${ordinal(day)}, ${year}`,
  };
  if (token.endsWith("_pretty"))
    return relativeDay(timeMs, reader) ?? absolute[token.slice(0, -"_pretty".length)] ?? null;
  if (token === "day_divider") return `${weekday}, ${monthName} ${ordinal(day)}`;
  if (token === "time") return timeOf(timeMs, reader, false);
  if (token === "time_secs") return timeOf(timeMs, reader, true);
  if (token === "ago") return ago(timeMs, reader.nowMs);
  return absolute[token] ?? null;
};

/** The format with its tokens filled in, or null when a token is unknown or the time is out of range (Slack shows the fallback). */
export const formatSlackDate = (timestampSeconds: number, format: string, reader: DateReader): string | null => {
  const timeMs = timestampSeconds * 1000;
  if (!Number.isFinite(timeMs) || Math.abs(timeMs) > 8.64e15) return null;
  const tokens = [...format.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const texts = new Map(tokens.map((token) => [token, tokenText(token, timeMs, reader)]));
  if (tokens.length === 0 || [...texts.values()].includes(null)) return null;
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
  dayNumber(tsToMs(oneTs), zone) === dayNumber(tsToMs(otherTs), zone);
