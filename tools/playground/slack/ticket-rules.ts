/** How long and how often an interaction's ids can be used (docs.slack.dev, "Handling user interaction"). */
export const triggerLifetimeMs = 3000;
export const responseUrlLifetimeMs = 30 * 60_000;
export const responseUrlUses = 5;
