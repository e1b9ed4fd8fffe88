/** What an API token may be used for. It acts for its owner, so it may never do more than they. */
import type { Permission } from "./roles.ts";

/** The permissions of each scope. */
export const scopes = {
  read: ["read"],
  stage: ["stage", "commit", "requestReview", "dropOwn"],
  review: ["approve", "reject"],
  push: ["push", "retry", "cancel", "verify", "reindex"],
  admin: ["changeOthers", "settings", "roles", "deadLetters"],
} as const satisfies Record<string, readonly Permission[]>;
export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];

/** The one scope that a permission belongs to. */
export const scopeOf = (permission: Permission): Scope =>
  scopeNames.find((scope) => (scopes[scope] as readonly Permission[]).includes(permission)) ?? "admin";
