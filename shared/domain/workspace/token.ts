/** What an API token may be used for. It acts for its owner, so it may never do more than they. */
import type { Scope } from "./roles.ts";

/** A token as people know it: its secret is not here, nor anywhere else. */
export interface ApiToken {
  id: string;
  number: number;
  name: string;
  scopes: readonly Scope[];
  /** Its owner, for whom it acts. */
  userId: string;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  revokedBy: string | null;
  /** To the hour. */
  lastUsedAt: string | null;
}

export type TokenState = "active" | "expired" | "revoked";

/** @param now ISO 8601 */
export const tokenState = (
  { revokedAt, expiresAt }: Pick<ApiToken, "revokedAt" | "expiresAt">,
  now: string,
): TokenState => (revokedAt !== null ? "revoked" : expiresAt <= now ? "expired" : "active");

/** `cvops_` and 32 random bytes in base64url: secret scanners find it by the prefix. */
export const tokenShape = /^cvops_[A-Za-z0-9_-]{43}$/;

/** In days. */
export const tokenLife = { min: 1, max: 365, usual: 90 } as const;
export const maxTokenName = 60;
/** Of one person, at a time. */
export const maxTokens = 50;
