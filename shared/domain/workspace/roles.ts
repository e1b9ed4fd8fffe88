/** Each role may do what the one before it may. */
export const roles = ["viewer", "editor", "approver", "admin"] as const;
export type Role = (typeof roles)[number];

/** The least role for each permission. */
export const permissions = {
  read: "viewer",
  stage: "editor",
  commit: "editor",
  requestReview: "editor",
  dropOwn: "editor",
  tokens: "editor",
  approve: "approver",
  reject: "approver",
  push: "approver",
  retry: "approver",
  cancel: "approver",
  verify: "approver",
  reindex: "approver",
  changeOthers: "admin",
  settings: "admin",
  roles: "admin",
  deadLetters: "admin",
  webhooks: "admin",
} as const satisfies Record<string, Role>;
export type Permission = keyof typeof permissions;

export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export const may = (role: Role, permission: Permission): boolean => includes(role, permissions[permission]);
