import type { Actor } from "../../shared/domain/workspace/actor.ts";

export interface Caller {
  workspaceId: string;
  actor: Actor;
  /** When the proof ends, ISO 8601. */
  expiresAt: string | null;
  /** The sign-in with Slack by which a person came; null for every other proof. */
  signInId: string | null;
}
