import type { Scheduler } from "./scheduler.ts";

/** Lets time pass until the work is done. Throws when nothing is left that could finish it. */
export const drain = async <T>(scheduler: Scheduler, work: Promise<T>): Promise<T> => {
  const progress = { isDone: false };
  const watched = work.finally(() => {
    progress.isDone = true;
  });
  // Whoever waits for the result hears of a failure.
  watched.catch(() => {});
  while (!progress.isDone && (await scheduler.step()));
  return watched;
};
