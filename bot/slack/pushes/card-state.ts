/** What the cards of a push show, already read: they know no database, no clock and no lookups. */
import type { Push } from "../../../shared/domain/pushes/push.ts";
import type { CommitDetails } from "../../../shared/use-cases/commits/load-commit.ts";

export interface PushCardState extends CommitDetails {
  push: Push;
  /** When it is drawn, milliseconds since the epoch. */
  nowMs: number;
  /** Where the portal is, such as https://cv-ops.example.com/app; null where nobody can sign in to it. */
  portal: string | null;
  /** Whoever belongs to several comes to the right one. */
  workspaceId: string;
}
