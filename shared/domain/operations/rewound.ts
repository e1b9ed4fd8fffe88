/** Whether a database was put back in time: each rewinds alone, so one side lacks what the other has done since. */
import type { Finding } from "./checks.ts";

/** A job that ended as applied, as the bot has it. */
export interface CompletedJob {
  id: string;
  commitNumber: number;
  completedAt: string;
}

/** A job that ended as applied, as the target lists it. */
interface ListedJob {
  jobId: string;
  appliedAt: string;
  commit: { number: number } | null;
}

/** What both sides say of one target, newest first. */
export interface JobsOfTarget<Listed extends ListedJob> {
  ours: readonly CompletedJob[];
  theirs: readonly Listed[];
  /** The target has no older ones. */
  isWhole: boolean;
  /** Which of theirs stand here, as whatever. */
  stored: readonly string[];
}

interface Lost<Listed> {
  /** What the target lacks, newest first. */
  byTarget: CompletedJob[];
  /** What the bot lacks, newest first. */
  byBot: Listed[];
}

/** What is older than the last that the target lists may be there all the same. */
export const lostJobs = <Listed extends ListedJob>({
  ours,
  theirs,
  isWhole,
  stored,
}: JobsOfTarget<Listed>): Lost<Listed> => {
  const there = new Set(theirs.map(({ jobId }) => jobId));
  const here = new Set(stored);
  const listedFrom = isWhole ? "" : (theirs.at(-1)?.appliedAt ?? "");
  return {
    byTarget: ours.filter(({ id, completedAt }) => !there.has(id) && completedAt > listedFrom),
    // Commits are counted from 1: a job of number 0 loaded the portfolio, and was never here.
    byBot: theirs.filter(({ jobId, commit }) => !here.has(jobId) && commit?.number !== 0),
  };
};

const numbered = (numbers: readonly (number | null)[]): string => {
  const named = [...new Set(numbers.flatMap((number) => (number === null ? [] : [`#${number}`])))];
  return named.length === 0 ? "" : `: ${named.slice(0, 10).join(", ")}${named.length > 10 ? " and more" : ""}`;
};

const jobs = (count: number): string => `${count} job${count === 1 ? "" : "s"}`;

/** @param lost null where the target does not say what it has applied */
export const rewoundFindings = (about: string, lost: Lost<{ commit: { number: number } | null }> | null): Finding[] => {
  if (lost === null) {
    const detail = "it does not list its jobs";
    return [
      { check: "target_has_jobs", about, ok: null, detail },
      { check: "bot_has_jobs", about, ok: null, detail },
    ];
  }
  const { byTarget, byBot } = lost;
  const atTarget = `it lacks ${jobs(byTarget.length)}${numbered(byTarget.map(({ commitNumber }) => commitNumber))}`;
  const here = `the bot lacks ${jobs(byBot.length)}${numbered(byBot.map(({ commit }) => commit?.number ?? null))}`;
  return [
    { check: "target_has_jobs", about, ok: byTarget.length === 0, detail: byTarget.length === 0 ? null : atTarget },
    { check: "bot_has_jobs", about, ok: byBot.length === 0, detail: byBot.length === 0 ? null : here },
  ];
};
