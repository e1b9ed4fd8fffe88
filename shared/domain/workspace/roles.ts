/** Each role may do what the one before it may. */
export const roles = ["viewer", "editor", "approver", "admin"] as const;
export type Role = (typeof roles)[number];

/** What an API token may be made for. */
export const scopeNames = ["read", "stage", "review", "push", "admin"] as const;
export type Scope = (typeof scopeNames)[number];

/** The least role for which a token with the scope does something that another scope does not do. */
const scopeRoles: Record<Scope, Role> = {
  read: "viewer",
  stage: "editor",
  review: "approver",
  push: "approver",
  admin: "admin",
};

/** For each permission the least role, and the one scope that a token needs. */
export const permissions = {
  read: { role: "viewer", scope: "read" },
  /** To end them: whoever has lost a role may still do that. */
  ownTokens: { role: "viewer", scope: "admin" },
  stage: { role: "editor", scope: "stage" },
  commit: { role: "editor", scope: "stage" },
  requestReview: { role: "editor", scope: "stage" },
  resolve: { role: "editor", scope: "stage" },
  dropOwn: { role: "editor", scope: "stage" },
  tokens: { role: "editor", scope: "admin" },
  approve: { role: "approver", scope: "review" },
  reject: { role: "approver", scope: "review" },
  push: { role: "approver", scope: "push" },
  retry: { role: "approver", scope: "push" },
  cancel: { role: "approver", scope: "push" },
  verify: { role: "approver", scope: "push" },
  reindex: { role: "approver", scope: "push" },
  changeOthers: { role: "admin", scope: "admin" },
  settings: { role: "admin", scope: "admin" },
  roles: { role: "admin", scope: "admin" },
  deadLetters: { role: "admin", scope: "admin" },
  webhooks: { role: "admin", scope: "admin" },
  targets: { role: "admin", scope: "admin" },
} as const satisfies Record<string, { role: Role; scope: Scope }>;
export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as Permission[];

export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export const may = (role: Role, permission: Permission): boolean => includes(role, permissions[permission].role);

/** The scopes that somebody with the role may give to a token of theirs. */
export const scopesOf = (role: Role): Scope[] => scopeNames.filter((scope) => includes(role, scopeRoles[scope]));
