/** A person who is signed in at the portal with Slack: for how long, and to which page they return. */
import * as z from "zod/mini";
import { time } from "../time.ts";

export const signInSchema = z.object({
  /** Names it in live connections. */
  id: z.string(),
  workspaceId: z.string(),
  userId: z.string(),
  createdAt: time,
  expiresAt: time,
});
export type SignIn = z.infer<typeof signInSchema>;

/** What a browser has begun, until Slack sends it back. */
export const signInAttemptSchema = z.object({
  nonce: z.string(),
  returnTo: z.string(),
});
export type SignInAttempt = z.infer<typeof signInAttemptSchema>;

export const signInPath = "/slack/sign-in";
/** Where Slack sends people back to: the app's manifest names it. */
export const signInCallbackPath = `${signInPath}/callback`;

const hourMs = 60 * 60_000;

/** How long a person has at Slack's pages. */
export const attemptLifeMs = 10 * 60_000;
/** Without use it ends after this long. */
export const idleLifeMs = 12 * hourMs;
/** It ends after this long in any case. */
export const wholeLifeMs = 7 * 24 * hourMs;
/** A use that adds less is not written. */
const worthMs = hourMs;

const iso = (ms: number): string => new Date(ms).toISOString();

/** When a sign-in that began at `createdMs` and is used at `nowMs` ends, ISO 8601. */
export const signInEnd = (createdMs: number, nowMs: number): string =>
  iso(Math.min(nowMs + idleLifeMs, createdMs + wholeLifeMs));

/** The end that a use at `nowMs` gives it; null while that is hardly later. */
export const extendedEnd = ({ createdAt, expiresAt }: SignIn, nowMs: number): string | null => {
  const end = signInEnd(Date.parse(createdAt), nowMs);
  return Date.parse(end) - Date.parse(expiresAt) >= worthMs ? end : null;
};

/** The portal's pages: any other address leads to its first page. @param origin of the portal */
export const returnPath = (typed: string | null, origin: string): string => {
  const first = "/app";
  if (typed === null || !/^\/app(?:[/?]|$)/.test(typed) || !URL.canParse(typed, origin)) return first;
  const url = new URL(typed, origin);
  return url.origin === origin && /^\/app(?:\/|$)/.test(url.pathname) ? url.pathname + url.search : first;
};

/** Why Slack's word was not enough. */
export const signInRefusals = ["declined", "expired", "not_valid", "not_installed", "left"] as const;
export type SignInRefusal = (typeof signInRefusals)[number];
