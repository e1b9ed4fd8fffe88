import type { Permission } from "./roles.ts";

/** What each permission allows, in words that follow "may". */
export const permissionWords: Record<Permission, string> = {
  read: "look at everything",
  stage: "stage changes",
  commit: "commit",
  requestReview: "ask for review",
  dropOwn: "drop or reopen commits",
  tokens: "make and revoke API tokens",
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
  deadLetters: "look after dead letters",
  webhooks: "look after webhooks",
};
