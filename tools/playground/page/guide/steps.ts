/** The first five minutes: what has happened already, read from what the person's Slack shows. */
import type { ClientState, Message } from "../../client-protocol.ts";

export const stepIds = [
  "stage",
  "look",
  "commit",
  "become",
  "approve",
  "push",
  "watch",
  "portfolio",
  "home",
  "fault",
  "retry",
  "conflict",
] as const;
export type StepId = (typeof stepIds)[number];

export const stepTitles: Record<StepId, string> = {
  stage: "Stage",
  look: "Look",
  commit: "Commit",
  become: "Reviewer",
  approve: "Approve",
  push: "Push",
  watch: "Watch",
  portfolio: "Portfolio",
  home: "Home",
  fault: "Break",
  retry: "Retry",
  conflict: "Conflict",
};

/** Where the person is. */
export interface Whereabouts {
  at: string;
  thread: string | null;
}

const textOf = ({ text, blocks }: Message): string => `${text}\n${JSON.stringify(blocks)}`;

const isPushCard = ({ text, thread_ts: threadTs }: Message): boolean =>
  /^Push #\d+ of /.test(text) && threadTs === null;

/** A push that failed is shown so on its card until it is tried again. */
const hasFailed = (message: Message): boolean => isPushCard(message) && / Failed at /.test(message.text);

/** The number of the push that a card is about. */
const pushOf = ({ text }: Message): string => /^Push #(\d+)/.exec(text)?.[1] ?? "";

export interface Progress {
  done: ReadonlySet<StepId>;
  /** Numbers of pushes that have failed: one of them that is applied later was retried. */
  failed: ReadonlySet<string>;
}

export const noProgress: Progress = { done: new Set(), failed: new Set() };

const reviewers = new Set(["approver", "admin"]);

const stepsSeen = (state: ClientState, { at, thread }: Whereabouts, failed: ReadonlySet<string>): StepId[] => {
  const own = state.messages.filter((message) => message.user === botOf(state) && !message.deleted);
  const says = (pattern: RegExp): boolean => own.some((message) => pattern.test(textOf(message)));
  const pushes = own.filter(isPushCard);
  const committed = says(/Commit #\d+/);
  const approved = says(/Approved by/);
  const seen: Record<StepId, boolean> = {
    stage: committed || says(/Staged as change \d+/),
    look: says(/staged changes? of yours|Your staged change/i),
    commit: committed,
    become: approved || (committed && reviewers.has(state.me.title)),
    approve: approved,
    push: pushes.length > 0,
    watch: thread !== null && pushes.some(({ ts }) => ts === thread),
    portfolio: at === "portfolio" && pushes.length > 0,
    home: at === "home" && Boolean(state.home),
    fault: (state.faults ?? []).length > 0,
    conflict: says(/Resolved \d+ conflict/),
    retry: pushes.some((message) => failed.has(pushOf(message)) && / Applied to /.test(message.text)),
  };
  return stepIds.filter((id) => seen[id]);
};

const botOf = (state: ClientState): string | undefined => state.people.find(({ title }) => title === "app")?.id;

/** What has happened by now. Nothing that has happened is taken back; the same object when nothing is new. */
export const progressAfter = (before: Progress, state: ClientState, place: Whereabouts): Progress => {
  const failing = state.messages.filter(hasFailed).map(pushOf);
  const failed = new Set([...before.failed, ...failing]);
  const done = new Set([...before.done, ...stepsSeen(state, place, failed)]);
  return done.size === before.done.size && failed.size === before.failed.size ? before : { done, failed };
};

/** The first step that is left; null when all are done. */
export const nextStep = ({ done }: Progress): StepId | null => stepIds.find((id) => !done.has(id)) ?? null;

/** What distinguishes one life of the workspace from the next: a reset posts the first message anew. */
export const lifeOf = ({ messages }: ClientState): string => messages[0]?.ts ?? "";
