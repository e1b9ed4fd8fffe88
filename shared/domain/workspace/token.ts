/** What an API token may be used for. It acts for its owner, so it may never do more than they. */
import type { Permission } from "./roles.ts";

/** The permissions of each scope. */
export const scopes = {
  read: ["read"],
  stage: ["stage", "commit", "requestReview", "dropOwn"],
  review: ["approve", "reject"],
  push: ["push", "retry", "cancel", "verify", "reindex"],
  admin: ["tokens", "changeOthers", "settings", "roles", "deadLetters", "webhooks"],
} as const satisfies Record<string, readonly Permission[]>;
export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];

/** The one scope that a permission belongs to. */
export const scopeOf = (permission: Permission): Scope =>
  scopeNames.find((scope) => (scopes[scope] as readonly Permission[]).includes(permission)) ?? "admin";

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
