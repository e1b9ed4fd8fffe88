/** Which differences the last writer of a row repairs when it is pushed again, judged as a push judges it. */
import { type AppliedChange, type Difference, keyOf } from "../../domain/commits/history.ts";
import { lastWriterOf, operationsAgain, repairs } from "../../domain/commits/push-again.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import { isOpenJob } from "../../domain/states.ts";
import { isOversized, requestBytes } from "../../domain/pushes/request-size.ts";
import type { Refusal } from "../../contract/refusals.ts";
import { type Result, fail, ok } from "../../result.ts";
import { type Operations, maxRequestBytes } from "../../targets/protocol.ts";
import { type LoadedCommit, loadCommit } from "../commits/load-commit.ts";
import type { UseCaseContext } from "../context.ts";
import { checkNotSuperseded } from "../pushes/start-push.ts";
import type { Compared } from "./compare-targets.ts";

export type NotAgain = Refusal<
  "not_approved" | "superseded" | "newer_on_its_way" | "push_too_large" | "push_in_progress" | "push_again_not_possible"
>;

/** What is sent when the commit is pushed again for one row that differs at a target, or why that is refused. */
export const prepareAgain = (
  commit: LoadedCommit,
  own: readonly Difference[],
  { answered }: Pick<Compared, "answered">,
  applied: readonly AppliedChange[],
): Result<Operations, NotAgain> => {
  const [first] = own;
  const { number } = commit.commit;
  const target = first?.target ?? "";
  const approved = checkStillApproved(commit);
  if (!approved.ok) return approved;
  const current = checkNotSuperseded(commit, [target]);
  if (!current.ok) return current;
  const operations = netEffect(commit.changes, target);
  const size = { target, bytes: requestBytes(operations) };
  if (isOversized(size)) {
    return fail({ code: "push_too_large", number, oversized: [size], maxBytes: maxRequestBytes, canReopen: false });
  }
  const running = commit.jobs.find((job) => isOpenJob(job) && job.target === target);
  if (running) return fail({ code: "push_in_progress", number, target, state: running.state });
  const live = answered.find((each) => each.target === target)?.live ?? new Map();
  const again = operationsAgain({ target, commitNumber: number, operations, applied, live });
  if (again && repairs(again, own)) return ok(again);
  return fail({
    code: "push_again_not_possible",
    target,
    entityType: first?.entityType ?? "",
    entityId: first?.entityId ?? "",
    number,
  });
};

/** An applied commit keeps its review; its approvals are judged all the same when it is to be pushed again. */
const checkStillApproved = ({ commit, judgement }: LoadedCommit): Result<null, Refusal<"not_approved">> => {
  const { isApproved, missing, voided } = judgement;
  if (isApproved && (commit.review === "approved" || commit.review === "in_review")) return ok(null);
  return fail({
    code: "not_approved",
    number: commit.number,
    review: commit.review,
    missing,
    reviewers: [],
    voided: voided.map(({ approval, because }) => ({ userId: approval.decidedBy, because })),
    isApplied: true,
  });
};

/** Of other rows it is said when they are asked for one by one. */
const maxCommits = 20;

/** @returns which commit to offer for a difference, if one */
export const offerPushes = async (
  ctx: UseCaseContext,
  compared: Compared,
  applied: readonly AppliedChange[],
): Promise<(difference: Difference) => number | null> => {
  const rows = Map.groupBy(compared.differences, rowOf);
  const numbers = new Set([...rows.values()].flatMap((own) => lastWriterOf(own) ?? []));
  const commits = await Promise.all(
    [...numbers].slice(0, maxCommits).map((number) => loadCommit({ ...ctx, idempotencyKey: null }, number, "push")),
  );
  const byNumber = new Map(
    commits.flatMap((each) => (each.ok ? [[each.value.commit.number, each.value] as const] : [])),
  );
  const offered = new Map(
    [...rows].flatMap(([key, own]) => {
      const number = lastWriterOf(own);
      const commit = number === null ? undefined : byNumber.get(number);
      return commit && prepareAgain(commit, own, compared, applied).ok ? [[key, commit.commit.number] as const] : [];
    }),
  );
  return (difference) => offered.get(rowOf(difference)) ?? null;
};

const rowOf = (difference: Difference): string => `${difference.target} ${keyOf(difference)}`;
