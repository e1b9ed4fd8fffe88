/** Formats times. Pure: the caller passes the current time. */
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "just now", "5 min ago", "3 h ago", "2 days ago", then the date. */
export const timeAgo = (at: string, nowMs: number): string => {
  const ms = nowMs - Date.parse(at);
  if (ms < 45 * secondMs) return "just now";
  if (ms < hourMs) return `${Math.max(1, Math.round(ms / minuteMs))} min ago`;
  if (ms < dayMs) return `${Math.round(ms / hourMs)} h ago`;
  if (ms < 7 * dayMs) {
    const days = Math.round(ms / dayMs);
    return days === 1 ? "yesterday" : `${days} days ago`;
  }
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
};

/** "3 March 2031 at 09:00:05" */
export const fullTime = (at: string): string =>
  new Date(at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "medium" });

/** "12:03:20" */
export const exactClockTime = (ms: number): string => new Date(ms).toLocaleTimeString("en-GB");

/** "12:03" */
export const clockTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
