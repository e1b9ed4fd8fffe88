/** "3.2 s", "2 min 5 s", "3 h 4 min"; rounded before it is split, so that 59.96 s is a minute. */
export const duration = (ms: number): string => {
  const tenths = Math.max(0, Math.round(ms / 100));
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(tenths / 10);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** "+0.05 s", "+2 min 5 s" */
export const offset = (ms: number): string =>
  Math.abs(ms) < 60_000 ? `${ms < 0 ? "-" : "+"}${(Math.abs(ms) / 1000).toFixed(2)} s` : `+${duration(ms)}`;
