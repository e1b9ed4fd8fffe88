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
  {
    name: "an approval of an older content counts",
    patches: [
      { file: judgement, text: 'if (commitHash !== hash) return "other_content";', replacement: "" },
      { file: storage, text: " AND a.commit_hash = commits.hash\n", replacement: "\n" },
    ],
  },
  {
    name: "an approval of one's own counts once a workspace has left solo mode",
    patches: [
      {
        file: judgement,
        text: 'return decidedBy === createdBy ? "own" : "contributor";',
        replacement: 'return decidedBy === createdBy ? null : "contributor";',
      },
      {
        file: storage,
        text: '      OR NOT ${hasInput(verbatim("a.decided_by"))}))`;',
        replacement: '      OR a.decided_by = commits.created_by OR NOT ${hasInput(verbatim("a.decided_by"))}))`;',
      },
    ],
  },
  {
    name: "who edits a change is no contributor",
    patches: [
      {
        file: "shared/domain/commits/contributors.ts",
        text: "  ...new Set([...contributors, userId]),",
        replacement: '  ...new Set(userId === "" ? [...contributors, userId] : contributors),',
      },
    ],
  },
  {
    name: "contributors approve",
    patches: [
      {
        file: judgement,
        text: 'return decidedBy === createdBy ? "own" : "contributor";',
        replacement: 'return decidedBy === createdBy ? "own" : null;',
      },
      {
        file: storage,
        text: '      OR NOT ${hasInput(verbatim("a.decided_by"))}))`;',
        replacement: "      OR a.decided_by <> commits.created_by))`;",
      },
      {
        file: storage,
        text: "AND (w.mode = 'solo' OR NOT ${hasInput(sql`${userId}`)})`;",
        replacement: "AND (w.mode = 'solo' OR ${userId} <> commits.created_by)`;",
      },
      {
        file: "shared/use-cases/reviews/decide-commit.ts",
        text: 'if (session.workspace.mode === "team" && commit.contributors.includes(ctx.actor.id)) {',
        replacement: 'if (session.workspace.mode === "team" && commit.createdBy === ctx.actor.id) {',
      },
    ],
  },
];
