import type { Scheduler } from "../scheduler.ts";

/** Advances virtual time until the work is done. Throws when no event is left that could finish the work. */
export const drain = async <T>(scheduler: Scheduler, work: Promise<T>): Promise<T> => {
  const progress = { isDone: false };
  const watched = work.finally(() => {
    progress.isDone = true;
  });
  // The caller awaits the promise and receives a failure.
  watched.catch(() => {});
  while (!progress.isDone && (await scheduler.step()));
  return watched;
};
