import { distance } from "fastest-levenshtein";

/** The candidate that was probably meant, or null when none is near: at most a third of the characters differ. */
export const closest = (typed: string, candidates: readonly string[]): string | null => {
  const wanted = typed.toLowerCase();
  let best: { candidate: string; edits: number } | null = null;
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (!best || edits < best.edits) best = { candidate, edits };
  }
  if (!best) return null;
  const tolerated = Math.max(1, Math.floor(Math.max(wanted.length, best.candidate.length) / 3));
  return best.edits <= tolerated ? best.candidate : null;
};
