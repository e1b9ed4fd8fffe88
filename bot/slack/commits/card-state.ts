/** What the card of a commit shows, already read: it knows no database, no clock and no lookups. */
import type { CommitDetails } from "../../../shared/use-cases/commits/load-commit.ts";
import type { Mode } from "../../../shared/domain/workspace/settings.ts";

export interface CommitCardState extends CommitDetails {
  mode: Mode;
}
