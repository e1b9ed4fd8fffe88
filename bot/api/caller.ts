import type { Actor } from "../../shared/domain/workspace/actor.ts";

/** Who has proved to be who they are. */
export interface Caller {
  workspaceId: string;
  actor: Actor;
  /** When the proof ends, ISO 8601. */
  expiresAt: string | null;
}
