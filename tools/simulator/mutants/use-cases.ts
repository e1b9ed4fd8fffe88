import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in the use cases. */
export const useCaseMutants: readonly Mutant[] = [
  {
    name: "a push needs no approval",
    patches: [
      { file: "shared/use-cases/pushes/start-push.ts", text: "if (!check.ok) return check;", replacement: "" },
      {
        file: "shared/storage/commits/approvals.ts",
        text: "AND review IN ('in_review', 'approved') AND ${counted} >= ${needed}`",
        replacement: "`",
      },
    ],
  },
  mutant(
    "a push does not ask again for the approval when it writes",
    "shared/use-cases/pushes/write-push.ts",
    "      assertApproved(workspaceId, commit),\n",
    "",
  ),
  mutant(
    "a push does not detect a conflicting push",
    "shared/use-cases/pushes/write-push.ts",
    "isAgain ? [] : [assertNoneApplied(workspaceId, commit.id, targets), cancelWaitingJobs(at, commit.id)],",
    "isAgain ? [] : [cancelWaitingJobs(at, commit.id)],",
  ),
  mutant(
    "a push sends nothing",
    "shared/use-cases/pushes/write-push.ts",
    "      insertPushMessage(at, ctx.newId(), { jobId: first.id, attempt: 1, traceId }),\n",
    "",
  ),
  mutant(
    "a commit takes changes that it does not move",
    "shared/storage/staging/changes.ts",
    "UPDATE staged_changes SET state = 'committed', commit_id",
    "UPDATE staged_changes SET commit_id",
  ),
  mutant(
    "dropping a commit leaves its changes",
    "shared/use-cases/commits/close-commit.ts",
    "      mustChange(move(at, commit.id), ids.length),\n",
    "",
  ),
  mutant(
    "reopening forgets which commit the changes were in, and leaves them there",
    "shared/storage/staging/changes.ts",
    "UPDATE staged_changes SET state = 'staged', commit_id = NULL, updated_at",
    "UPDATE staged_changes SET state = 'staged', updated_at",
  ),
  {
    name: "a commit on its way can be dropped",
    // Removing the check alone has no effect: the transaction has its own guards.
    patches: [
      {
        file: "shared/use-cases/commits/close-commit.ts",
        text: "if (hasStarted(targets) || underWay) return",
        replacement: "if (false as boolean) return",
      },
      {
        file: "shared/use-cases/commits/close-commit.ts",
        text: "      assertNoRunningJob(workspaceId, commit.id),\n",
        replacement: "",
      },
      {
        file: "shared/use-cases/commits/close-commit.ts",
        text: "        targets.map(({ target }) => target),\n",
        replacement: "        [],\n",
      },
    ],
  },
  mutant(
    "a cancel does not wait for the target's answer",
    "shared/use-cases/pushes/cancel-push.ts",
    'if (!answer.ok) return { job, state: "unknown" };',
    'if (!answer.ok) return { job, state: "cancelled" };',
  ),
  mutant(
    "a change is staged without an event",
    "shared/use-cases/session.ts",
    "    ...events.map((event) => insertEvent(at, event, ctx.actor, ctx.traceId)),\n",
    "    ...events.slice(0, -1).map((event) => insertEvent(at, event, ctx.actor, ctx.traceId)),\n",
  ),
];
