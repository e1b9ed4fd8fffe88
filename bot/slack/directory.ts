/** Slack's directory: who somebody is by their e-mail address. */
import { WebClient } from "@slack/web-api";
import * as z from "zod/mini";
import { failureOf } from "./slack-failure.ts";
import { webClientOptions } from "./web-client.ts";

export interface DirectoryEntry {
  userId: string;
  name: string;
}

const found = z.object({
  user: z.object({
    id: z.string(),
    deleted: z.optional(z.boolean()),
    is_bot: z.optional(z.boolean()),
    real_name: z.optional(z.string()),
    name: z.optional(z.string()),
  }),
});

/** Null when nobody has the address, or no person who may still sign in. Throws while Slack does not answer. */
export const findByEmail = async (
  { apiUrl, botToken }: { apiUrl: string; botToken: string },
  email: string,
): Promise<DirectoryEntry | null> => {
  try {
    const { user } = found.parse(
      await new WebClient(botToken, webClientOptions(apiUrl)).users.lookupByEmail({ email }),
    );
    if (user.deleted || user.is_bot) return null;
    return { userId: user.id, name: user.real_name || user.name || user.id };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "gone" || failure.error === "users_not_found") return null;
    throw error;
  }
};
