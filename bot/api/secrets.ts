/** Secrets are in the first answer to a request alone. */
import * as z from "zod/mini";
import { tokenSecretShown, webhookSecretShown } from "../../shared/messages/en/secrets.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import type { SavedReply } from "../../shared/storage/api-replies.ts";
import { requestOf } from "./requests.ts";

/** How whoever lost the secret of a webhook gets another. */
export const secretHint = (number: number): string => plainText(webhookSecretShown(number), { step: requestOf });

/** The same of a token, which is made anew. */
export const tokenHint = (number: number): string => plainText(tokenSecretShown(number), { step: requestOf });

const secretive = z.looseObject({ number: z.int(), meta: z.looseObject({ secret: z.string() }) });

/** A reply as it may be kept. */
export const withoutSecret = (reply: SavedReply): SavedReply => {
  const { success, data } = secretive.safeParse(reply.body);
  if (!success) return reply;
  const hint = "scopes" in data ? tokenHint(data.number) : secretHint(data.number);
  return { ...reply, body: { ...data, meta: { ...data.meta, secret: null, hint } } };
};
