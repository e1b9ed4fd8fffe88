/** Applies an event to cached data without a request. Pure. */
import { applyEvent } from "../../sdk/index.ts";
import type { LiveEvent } from "../../sdk/index.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { ApiCommitCard, ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";

export const pushAfter = (push: ApiPush, event: LiveEvent): ApiPush =>
  event.push === push.number && event.jobId !== null ? applyEvent(push, event) : push;

/** Of a page, or of a list. */
export const commitAfter = <T extends Pick<ApiCommitDetail, "number" | "pushes">>(commit: T, event: LiveEvent): T =>
  event.commit === commit.number ? { ...commit, pushes: commit.pushes.map((push) => pushAfter(push, event)) } : commit;

/** The commits of each list. */
export const workAfter = (work: ReplyOf<"listActionItems">, event: LiveEvent): ReplyOf<"listActionItems"> => {
  const items = <T extends { commit: ApiCommitCard | null }>(all: readonly T[]): T[] =>
    all.map((item) => ({ ...item, commit: item.commit && commitAfter(item.commit, event) }));
  return {
    ...work,
    actionItems: items(work.actionItems),
    onTheWay: items(work.onTheWay),
    waiting: items(work.waiting),
    finished: work.finished.map((commit) => commitAfter(commit, event)),
  };
};

/** Oldest first. */
export const historyAfter = (events: readonly ApiEvent[], event: LiveEvent): ApiEvent[] =>
  (events.at(-1)?.id ?? 0) >= event.id ? [...events] : [...events, event];

const maxActivity = 100;

/** Newest first, without the progress of jobs, as on the server. */
export const activityAfter = (events: readonly ApiEvent[], event: LiveEvent): ApiEvent[] =>
  event.type === "job.progress" || (events[0]?.id ?? 0) >= event.id
    ? [...events]
    : [event, ...events].slice(0, maxActivity);

/** Merges a page that was read with events that arrived since. Newest first. */
export const activityWith = (events: readonly ApiEvent[], read: readonly ApiEvent[]): ApiEvent[] => {
  const [newest] = read;
  const oldest = read.at(-1);
  if (!newest || !oldest) return [...events];
  const newer = events.filter(({ id }) => id > newest.id);
  const older = events.filter(({ id }) => id < oldest.id);
  return [...newer, ...read, ...older].slice(0, maxActivity);
};
