import type { Mutant } from "./mutant.ts";

const judgement = "shared/domain/commits/judgement.ts";
const storage = "shared/storage/commits/approvals.ts";

/** Bugs in how approvals are judged: in the domain and in the batch, which would each stop the other's. */
export const approvalMutants: readonly Mutant[] = [
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
