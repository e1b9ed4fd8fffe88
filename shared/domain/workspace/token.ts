/** What an API token may be used for. It acts for its owner, so it may never do more than they. */
import * as z from "zod/mini";
import { time } from "../time.ts";
import { scopeNames } from "./roles.ts";

/** A token as people know it: its secret is not here, nor anywhere else. */
export const tokenSchema = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  scopes: z.array(z.enum(scopeNames)),
  /** Its owner, for whom it acts. */
  userId: z.string(),
  createdAt: time,
  expiresAt: time,
  revokedAt: z.nullable(time),
  revokedBy: z.nullable(z.string()),
  /** To the hour. */
  lastUsedAt: z.nullable(time),
});
export type ApiToken = z.infer<typeof tokenSchema>;

export const tokenStates = ["active", "expired", "revoked"] as const;
export type TokenState = (typeof tokenStates)[number];

/** @param now ISO 8601 */
export const tokenState = (
  { revokedAt, expiresAt }: Pick<ApiToken, "revokedAt" | "expiresAt">,
  now: string,
): TokenState => (revokedAt !== null ? "revoked" : expiresAt <= now ? "expired" : "active");

/** `cvops_` and 32 random bytes in base64url: secret scanners find it by the prefix. */
export const tokenShape = /^cvops_[A-Za-z0-9_-]{43}$/;

/** In days. */
export const tokenLife = { min: 1, max: 365, usual: 90 } as const;
export const maxTokenName = 60;
/** Of one person, at a time. */
export const maxTokens = 50;
