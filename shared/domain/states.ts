/**
 * Every state machine of the system as a table: state → the states it may move to. Guards, the SQL trigger's
 * `state_edges`, buttons, docs and tests read it. A state without successors is final.
 */
export const states = {
  change: {
    staged: ["committed", "discarded"],
    committed: ["staged", "discarded"],
    discarded: [],
  },
  review: {
    draft: ["in_review", "dropped", "reopened"],
    in_review: ["approved", "rejected", "dropped", "reopened"],
    /** Back to review: not enough approvals count any more, or it has other content. */
    approved: ["in_review", "dropped", "reopened"],
    rejected: ["dropped", "reopened"],
    /** Its changes were discarded. */
    dropped: [],
    /** Its changes went back to staged. */
    reopened: [],
  },
  commit_target: {
    pending: ["in_flight"],
    in_flight: ["pending", "applied", "failed"],
    failed: ["in_flight", "applied", "pending"],
    applied: [],
  },
  push: {
    running: ["completed", "failed", "cancelled"],
    failed: ["running", "completed", "cancelled"],
    completed: [],
    /** People took back what no target had applied yet. */
    cancelled: [],
  },
  job: {
    pending: ["processing", "completed", "failed", "timeout", "cancelled"],
    processing: ["completed", "failed", "timeout", "cancelled"],
    /** Outcome unknown: only a completion, the target's answer or a retry after asking leads out. */
    timeout: ["completed", "failed", "cancelled", "pending"],
    failed: ["pending", "completed"],
    completed: [],
    cancelled: [],
  },
  /** A circuit breaker. Open: pushes wait. Half open: one of them is tried. */
  target_health: {
    closed: ["open"],
    open: ["half_open", "closed"],
    half_open: ["open", "closed"],
  },
  dead_letter: {
    kept: ["retried", "discarded"],
    /** Sent again by a person; one that fails again comes back. */
    retried: ["kept", "resolved", "discarded"],
    resolved: [],
    discarded: [],
  },
  /** Of the operators: each alert is raised once and cleared once. */
  alert: {
    quiet: ["raised"],
    raised: ["quiet"],
  },
  webhook: {
    active: ["disabled"],
    disabled: ["active"],
  },
  /** Of one event to one webhook. */
  delivery: {
    pending: ["delivered", "failed"],
    /** Given up; people may replay it, and an attempt that was under way may have arrived. */
    failed: ["pending", "delivered"],
    delivered: ["pending"],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

export type Machine = keyof typeof states;
export type StateOf<M extends Machine> = keyof (typeof states)[M] & string;

export type ReviewState = StateOf<"review">;
export type CommitTargetState = StateOf<"commit_target">;
export type PushState = StateOf<"push">;
export type JobState = StateOf<"job">;
export type DeadLetterState = StateOf<"dead_letter">;
export type DeliveryState = StateOf<"delivery">;
export type TargetHealthState = StateOf<"target_health">;

/** Whether the table has the edge. Staying in a state is not an edge. */
export const canMove = <M extends Machine>(machine: M, from: StateOf<M>, to: StateOf<M>): boolean => {
  const successors: Record<string, readonly string[]> = states[machine];
  return successors[from]?.includes(to) ?? false;
};

/** The states from which `to` can be reached in one move. */
export const sourcesOf = <M extends Machine>(machine: M, to: StateOf<M>): StateOf<M>[] =>
  stateNames(machine).filter((from) => canMove(machine, from, to));

export const stateNames = <M extends Machine>(machine: M): StateOf<M>[] => Object.keys(states[machine]) as StateOf<M>[];

/** All edges as `[machine, from, to]`, as `state_edges` holds them. */
export const allEdges = (): [Machine, string, string][] =>
  (Object.keys(states) as Machine[]).flatMap((machine) =>
    Object.entries<readonly string[]>(states[machine]).flatMap(([from, successors]) =>
      successors.map((to): [Machine, string, string] => [machine, from, to]),
    ),
  );

/** The states that nothing leads out of. */
export const finalStates = <M extends Machine>(machine: M): StateOf<M>[] => {
  const edges: Record<string, readonly string[]> = states[machine];
  return stateNames(machine).filter((state) => edges[state]?.length === 0);
};

/*
 * Sets of states that have a name; SQL is made of them as well (`inStates` of shared/storage/sql.ts). An index on open
 * jobs lists its states in this order.
 */
/** The outcome is open: the job waits, is on its way, or its target is silent. */
export const openJobStates = ["pending", "processing", "timeout"] as const satisfies readonly JobState[];
/** The job waits or is on its way. */
export const activeJobStates = ["pending", "processing"] as const satisfies readonly JobState[];
/** The target has refused the job or is silent: a person may retry it. */
export const stoppedJobStates = ["failed", "timeout"] as const satisfies readonly JobState[];
/** There is an outcome; a failed job may still turn out to be applied. */
export const endedJobStates = ["completed", "failed", "cancelled"] as const satisfies readonly JobState[];
/** For good. */
export const settledJobStates = finalStates("job");
/** The target has the commit, or may get it any moment. */
export const startedTargetStates = ["in_flight", "applied"] as const satisfies readonly CommitTargetState[];
/** The commit exists no more for whoever reviews and pushes. */
export const closedReviewStates = finalStates("review");
/** It waits for a decision, or for what becomes of sending it again. */
export const openDeadLetterStates = ["kept", "retried"] as const satisfies readonly DeadLetterState[];

const stateIn =
  <S extends string>(set: readonly NoInfer<S>[]) =>
  ({ state }: { state: S }): boolean =>
    set.includes(state);

export const isOpenJob = stateIn<JobState>(openJobStates);
export const isActiveJob = stateIn<JobState>(activeJobStates);
export const isStoppedJob = stateIn<JobState>(stoppedJobStates);
export const isSettledJob = stateIn<JobState>(settledJobStates);
export const isStartedTarget = stateIn<CommitTargetState>(startedTargetStates);
export const isClosedCommit = ({ review }: { review: ReviewState }): boolean => closedReviewStates.includes(review);
