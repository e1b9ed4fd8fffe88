/** What the cards show, already read: they know no database, no clock and no lookups. */
import type { Push } from "../../../shared/domain/push.ts";
import type { CommitDetails } from "../../../shared/verbs/load-commit.ts";
import type { Mode } from "../../../shared/storage/workspaces.ts";

export interface CommitCardState extends CommitDetails {
  mode: Mode;
  approvalsNeeded: number;
  /** Who may approve. */
  reviewers: string[];
}

export interface PushCardState extends CommitDetails {
  push: Push;
}
