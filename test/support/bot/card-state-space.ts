/** The states that can occur, as products of the state tables. */
import { statusOf } from "../shared/commit-status.ts";
import type { PushCardState } from "../../../bot/slack/pushes/card-state.ts";
import type { CommitCardState } from "../../../bot/slack/commits/card-state.ts";
import { type CommitTargetState, stateNames } from "../../../shared/domain/states.ts";
import { modes } from "../../../shared/domain/workspace/settings.ts";
import type { ChangeCardState } from "../../../bot/slack/staging/change-card.ts";
import {
  approvalOf,
  changeOf,
  changeState,
  commitOf,
  commitState,
  jobOf,
  pushOf,
  pushState,
  targetOf,
  verified,
} from "./card-states.ts";

const changes = [
  changeOf(),
  changeOf({
    id: "change-2",
    number: 2,
    action: "CREATE",
    entityId: "rust-1",
    payload: { name: "Rust", category: "Backend" },
    base: { d1cv: { seen: "absent" } },
  }),
  changeOf({
    id: "change-3",
    number: 3,
    action: "DELETE",
    entityId: "jquery-1",
    payload: {},
    base: { d1cv: { seen: "unknown" } },
  }),
];

/** Reviews × where each of two targets stands × modes × decisions so far. */
export const commitStates = (): CommitCardState[] =>
  stateNames("review").flatMap((review) =>
    modes.flatMap((mode) =>
      targetStates(review === "approved").flatMap((targets) =>
        [1, 2].flatMap((approvalsNeeded) =>
          [[], ["U0PRIYA01"], ["U0PRIYA01", "U0CARLA01"]].map((reviewers) => {
            const failed = targets.find(({ state }) => state === "failed");
            const approvals =
              review === "approved"
                ? [approvalOf()]
                : review === "rejected"
                  ? [approvalOf({ decision: "rejected" })]
                  : [];
            const commit = commitOf({
              review,
              status: statusOf(targets),
              errorTarget: failed?.target ?? null,
              errorMessage: failed ? "answered 503" : null,
            });
            return commitState({ commit, targets, mode, approvals, approvalsNeeded, reviewers, changes });
          }),
        ),
      ),
    ),
  );

const targetStates = (hasPushes: boolean) => {
  const states: CommitTargetState[] = hasPushes ? stateNames("commit_target") : ["pending"];
  return [
    ...states.map((state) => [targetOf("d1cv", state)]),
    ...states.flatMap((first) => states.map((second) => [targetOf("d1cv", first), targetOf("ai-agent", second)])),
  ];
};

/** Where one job can stand, with and without what is learnt later, at its first and third attempt. */
const jobsAt = (target: string) =>
  [1, 3].flatMap((attempt) => [
    ...stateNames("job").map((state) => jobOf(target, state, { attempt })),
    jobOf(target, "pending", { attempt, dispatchedAt: "2031-03-03T09:01:10.000Z" }),
    jobOf(target, "processing", { attempt, stage: null }),
    jobOf(target, "processing", { attempt, stage: "accepted", percent: 0 }),
    jobOf(target, "processing", { attempt, stage: "indexing", percent: 80 }),
    jobOf(target, "failed", { attempt, stage: "writing" }),
    jobOf(target, "failed", { attempt, stage: "indexing" }),
    jobOf(target, "timeout", { attempt, stage: "accepted" }),
    { ...verified(jobOf(target, "completed", { attempt })), verifiedAt: null, synced: null },
    jobOf(target, "processing", { attempt, stage: "a stage of their own", percent: 33.333 }),
    jobOf(target, "failed", { attempt, errorCode: "conflict", errorMessage: null }),
    verified(jobOf(target, "completed", { attempt })),
    verified(jobOf(target, "completed", { attempt }), false),
    jobOf(target, "completed", { attempt, result: null, completedAt: null, dispatchedAt: null }),
  ]);

export const jobStates = (): PushCardState[] => [
  ...jobsAt("d1cv").map((job) => pushState([job])),
  ...jobsAt("d1cv")
    .filter(({ attempt }) => attempt === 1)
    .flatMap((first) => jobsAt("ai-agent").map((second) => pushState([first, second]))),
];

/** Pushes that people have cancelled, whatever their jobs say. */
export const cancelledStates = (): PushCardState[] =>
  jobsAt("d1cv")
    .flatMap((first) => [[first], [first, jobOf("ai-agent", "cancelled")]])
    .map((jobs) => pushState(jobs, { push: pushOf({ state: "cancelled", finishedAt: "2031-03-03T09:01:15.000Z" }) }));

/** States of a change × its commit's reviews × where that stands at two targets. */
export const changeStates = (): ChangeCardState[] => [
  ...stateNames("change").map((state) =>
    changeState({ change: changeOf({ state, commitId: null }), commit: null, targets: [] }),
  ),
  ...stateNames("review").flatMap((review) =>
    targetStates(review === "approved").map((targets) =>
      changeState({ commit: commitOf({ review, status: statusOf(targets) }), targets }),
    ),
  ),
];
