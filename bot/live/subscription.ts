/** Which events a client still has to get, computed from event ids. */
import type { ApiEvent } from "../../shared/contract/event.ts";
import type { Subject } from "../../shared/contract/live.ts";

export interface Subscription {
  subject: Subject;
  /** Its first event comes after this id. */
  from: number;
  /** Served up to this id. */
  at: number;
}

export const isSame = (left: Subject, right: Subject): boolean => keyOf(left) === keyOf(right);

const keyOf = (subject: Subject): string => {
  if ("jobId" in subject) return `job ${subject.jobId}`;
  return "commit" in subject ? `commit ${subject.commit}` : "workspace";
};

export const isAbout = (subject: Subject, event: Pick<ApiEvent, "jobId" | "commit">): boolean => {
  if ("jobId" in subject) return event.jobId === subject.jobId;
  return "commit" in subject ? event.commit === subject.commit : true;
};

/** The next delivery: events after `after` up to `upTo` for these subscriptions. */
export interface Turn {
  behind: Subscription[];
  after: number;
  upTo: number;
}

/**
 * The subscriptions that are farthest behind come first, until they reach the next ones; from there they go on
 * together. So events of subscriptions with one start come in the order of their ids.
 */
export const nextTurn = (subscriptions: readonly Subscription[], head: number): Turn | null => {
  const after = Math.min(...subscriptions.map(({ at }) => at));
  if (after >= head) return null;
  const behind = subscriptions.filter(({ at }) => at === after);
  const upTo = Math.min(head, ...subscriptions.map(({ at }) => at).filter((at) => at > after));
  return { behind, after, upTo };
};

/** Whether an event of the turn is undelivered: a subscription of the turn matches, and no other has delivered it. */
export const isUndelivered = (
  event: Pick<ApiEvent, "id" | "jobId" | "commit">,
  { behind }: Pick<Turn, "behind">,
  all: readonly Subscription[],
): boolean =>
  behind.some((each) => event.id > each.at && isAbout(each.subject, event)) &&
  !all.some((each) => each.from < event.id && event.id <= each.at && isAbout(each.subject, event));
