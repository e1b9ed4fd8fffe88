import type { Permission } from "../../domain/workspace/roles.ts";

/** What each permission allows, in words that follow "may". */
export const permissionMessages: Record<Permission, string> = {
  read: "view the workspace",
  ownTokens: "revoke their own API tokens",
  stage: "stage changes",
  commit: "commit",
  requestReview: "request a review",
  resolve: "resolve conflicts",
  dropOwn: "drop or reopen commits",
  tokens: "create API tokens",
  approve: "approve",
  reject: "reject",
  push: "push",
  retry: "retry a push",
  cancel: "cancel a push",
  verify: "compare the targets' stores",
  reindex: "rebuild a search index",
  changeOthers: "change what others have staged or committed",
  settings: "change settings",
  roles: "give roles",
  deadLetters: "manage dead letters",
  webhooks: "manage webhooks",
  targets: "manage targets",
};
