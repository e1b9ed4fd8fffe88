/** The events that the app subscribes to, for the manifest too. None needs a scope that reads conversations. */
export const events = ["app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "user_change"] as const;
