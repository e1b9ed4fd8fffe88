/** What the cards show, already read: they know no database, no clock and no lookups. */
import type { Change } from "../../../shared/domain/staging/change.ts";
import type { Commit, CommitTarget } from "../../../shared/domain/commits/commit.ts";
import type { Push } from "../../../shared/domain/pushes/push.ts";
import type { CommitDetails } from "../../../shared/use-cases/commits/load-commit.ts";
import type { Mode } from "../../../shared/storage/workspace/workspaces.ts";

export interface CommitCardState extends CommitDetails {
  mode: Mode;
  approvalsNeeded: number;
  /** Who may approve. */
  reviewers: string[];
}

export interface PushCardState extends CommitDetails {
  push: Push;
  /** When it is drawn, milliseconds since the epoch. */
  nowMs: number;
  /** Where the portal is, such as https://cv-ops.example.com/app; null where nobody can sign in to it. */
  portal: string | null;
  /** Whoever belongs to several comes to the right one. */
  workspaceId: string;
}

export interface ChangeCardState {
  change: Change;
  /** Null while it is not committed. */
  commit: Commit | null;
  targets: CommitTarget[];
}
