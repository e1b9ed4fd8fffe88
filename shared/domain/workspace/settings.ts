import * as z from "zod/mini";

export const modes = ["team", "solo"] as const;
export type Mode = (typeof modes)[number];

/** What admins choose about a workspace. */
export const settingsSchema = z.object({
  mode: z.enum(modes),
  approvalsNeeded: z.int(),
  /** Slack channel in which cards are posted; null: where the command was typed. */
  channelId: z.nullable(z.string()),
});
export type Settings = z.infer<typeof settingsSchema>;

export const approvalsRange = { min: 1, max: 5 } as const;
