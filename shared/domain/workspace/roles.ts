/** Each role may do what the one before it may. */
export const roles = ["viewer", "editor", "approver", "admin"] as const;
export type Role = (typeof roles)[number];

/** What an API token may be made for. */
export const scopeNames = ["read", "stage", "review", "push", "admin"] as const;
export type Scope = (typeof scopeNames)[number];

/** For each permission the least role, and the one scope that a token needs. */
export const permissions = {
  read: { role: "viewer", scope: "read" },
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
} as const satisfies Record<string, { role: Role; scope: Scope }>;
export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as Permission[];

export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export const may = (role: Role, permission: Permission): boolean => includes(role, permissions[permission].role);

/** Whether the role may do anything within the scope. */
export const mayUse = (role: Role, scope: Scope): boolean =>
  permissionNames.some((permission) => permissions[permission].scope === scope && may(role, permission));
