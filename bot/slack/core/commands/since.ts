/** Moments as people type them: some time ago, or a day. */

const unitMs: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const farthestMs = 100 * 366 * 86_400_000;

/** "12h", "7d", "2w" or "2026-11-01" as ISO 8601 in UTC; null for anything else. */
export const momentOf = (typed: string, nowMs: number): string | null => {
  const [, count, unit = ""] = /^(\d{1,5})([hdw])$/.exec(typed.toLowerCase()) ?? [];
  const ago = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (count !== undefined) return ago <= farthestMs ? new Date(nowMs - ago).toISOString() : null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return null;
  const day = new Date(`${typed}T00:00:00.000Z`);
  // A day that its month does not have moves into the next month.
  return Number.isNaN(day.getTime()) || !day.toISOString().startsWith(typed) ? null : day.toISOString();
};
