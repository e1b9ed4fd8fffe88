/** What the app asks of each workspace: the manifest and doctor read it. */
export const botScopes = ["app_mentions:read", "chat:write", "commands", "users:read", "users:read.email"] as const;

/** What it asks of a person who signs in at the portal: who they are. */
export const signInScopes = ["openid", "profile"] as const;
