/** The events that the app subscribes to, for the manifest too. None needs a scope that reads conversations. */
export const events = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "team_access_revoked",
  "tokens_revoked",
  "user_change",
] as const;
