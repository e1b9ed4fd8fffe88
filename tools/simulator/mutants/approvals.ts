import type { Mutant } from "./mutant.ts";

const judgement = "shared/domain/commits/judgement.ts";
const storage = "shared/storage/commits/approvals.ts";

/** Bugs in how approvals are judged: in the domain and in the batch, which would each stop the other's. */
export const approvalMutants: readonly Mutant[] = [
  {
    name: "contributors approve what they have edited",
    patches: [
      {
        file: "shared/use-cases/reviews/decide-commit.ts",
        text: 'if (session.workspace.mode === "team" && commit.contributors.includes(ctx.actor.id)) {',
        replacement: 'if (session.workspace.mode === "team" && commit.createdBy === ctx.actor.id) {',
      },
      {
        file: judgement,
        text: 'if (mode === "solo" || !contributors.includes(decidedBy)) return null;',
        replacement: "if (decidedBy !== createdBy || !contributors.includes(createdBy)) return null;",
      },
      {
        file: storage,
        text: "OR a.decided_by NOT IN (SELECT value FROM json_each(${contributors}))))`;",
        replacement: "OR a.decided_by <> commits.created_by))`;",
      },
      {
        file: storage,
        text: "OR ${userId} NOT IN (SELECT value FROM json_each(${contributors})))`;",
        replacement: "OR ${userId} <> commits.created_by)`;",
      },
    ],
  },
  {
    name: "a push is judged by the stored review alone",
    patches: [
      {
        file: judgement,
        text: 'const review = isOpenQuestion(commit, targets) ? (isApproved ? "approved" : "in_review") : commit.review;',
        replacement: "const review = isOpenQuestion(commit, targets) ? commit.review : commit.review;",
      },
      {
        file: storage,
        text: "AND review IN ('in_review', 'approved') AND ${counted} >= ${needed}`",
        replacement: "AND review = 'approved'`",
      },
      { file: storage, text: "sql`${counted} < ${needed}`", replacement: "sql`0`" },
    ],
  },
  {
    name: "an approval that was withdrawn counts",
    patches: [
      { file: judgement, text: 'if (decision === "withdrawn") return "withdrawn";', replacement: "" },
      { file: storage, text: "AND a.decision = 'approved'\n", replacement: "AND a.decision <> 'rejected'\n" },
    ],
  },
  {
    name: "an approval counts by somebody who may not approve any more",
    patches: [
      { file: judgement, text: 'return "not_approver";', replacement: "return null;" },
      {
        file: storage,
        text: "JOIN members m ON m.workspace_id = a.workspace_id AND m.user_id = a.decided_by AND m.role ${approves}",
        replacement: "",
      },
    ],
  },
];
