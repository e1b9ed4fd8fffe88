/**
 * A person signs in at the portal with Slack. Whoever begins is nobody yet, and Slack's word is the permission; what
 * somebody may do is asked for by each use case, when they do it.
 */
import { sha256Hex } from "../../digest.ts";
import {
  type SignIn,
  type SignInAttempt,
  attemptLifeMs,
  extendedEnd,
  signInEnd,
} from "../../domain/workspace/sign-in.ts";
import { read } from "../../storage/database.ts";
import { upsertPerson } from "../../storage/workspace/people.ts";
import {
  deleteSignIn,
  deleteSignInsOf,
  extendSignIn,
  insertAttempt,
  insertSignIn,
  signInQuery,
  takeAttempt,
} from "../../storage/workspace/sign-ins.ts";
import { writeQuietly } from "../../storage/write.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";

type Ctx = Pick<UseCaseContext, "db" | "nowMs">;

export interface BegunSignIn {
  /** What Slack gives back. */
  state: string;
  nonce: string;
  /** The cookie of the browser that begins. */
  browser: string;
  returnTo: string;
}

/** Good for ten minutes, in the same browser, and once. */
export const beginSignIn = async (ctx: Ctx, { state, nonce, browser, returnTo }: BegunSignIn): Promise<void> => {
  const [hash, ofBrowser] = await Promise.all([sha256Hex(state), sha256Hex(browser)]);
  await writeQuietly(ctx.db, [
    insertAttempt({ hash, browser: ofBrowser, nonce, returnTo, expiresAt: inMs(ctx, attemptLifeMs) }),
  ]);
};

/** What this browser has begun with this state: once. */
export const takeSignInAttempt = async (ctx: Ctx, state: string, browser: string): Promise<SignInAttempt | null> => {
  const [hash, ofBrowser] = await Promise.all([sha256Hex(state), sha256Hex(browser)]);
  const taking = takeAttempt(hash, ofBrowser, nowOf(ctx));
  const written = await writeQuietly(ctx.db, [taking]);
  return written.written ? written.results.of(taking) : null;
};

export interface SignedInPerson {
  workspaceId: string;
  userId: string;
  /** What Slack calls them; null where it does not say. */
  name: string | null;
}

/** @param secret a new one, of the browser's cookie; @param before what the browser had until now */
export const signIn = async (
  ctx: Pick<UseCaseContext, "db" | "nowMs" | "newId">,
  { workspaceId, userId, name }: SignedInPerson,
  secret: string,
  before: string | null,
): Promise<void> => {
  const now = nowOf(ctx);
  const at = { workspaceId, now };
  const expiresAt = signInEnd(ctx.nowMs(), ctx.nowMs());
  await writeQuietly(ctx.db, [
    ...(before === null ? [] : [deleteSignIn(await sha256Hex(before))]),
    insertSignIn({ id: ctx.newId(), workspaceId, userId, createdAt: now, expiresAt }, await sha256Hex(secret)),
    ...(name === null ? [] : [upsertPerson(at, { userId, name })]),
  ]);
};

/** Who has this cookie; null where nobody has it any more. A use gives it a later end. */
export const signedIn = async (
  ctx: Ctx,
  secret: string,
): Promise<{ signIn: SignIn; extend: (() => Promise<unknown>) | null } | null> => {
  const hash = await sha256Hex(secret);
  const [found] = await read(ctx.db, signInQuery(hash, nowOf(ctx)));
  if (found === null) return null;
  const end = extendedEnd(found, ctx.nowMs());
  return { signIn: found, extend: end === null ? null : () => writeQuietly(ctx.db, [extendSignIn(hash, end)]) };
};

/** Ends the one of this cookie, or all of its person. Null where it has ended already. */
export const signOut = async (
  ctx: Ctx,
  secret: string,
  isEverywhere: boolean,
): Promise<{ signIn: SignIn; ended: string[] } | null> => {
  const hash = await sha256Hex(secret);
  const [found] = await read(ctx.db, signInQuery(hash, nowOf(ctx)));
  if (found === null) return null;
  if (!isEverywhere) {
    await writeQuietly(ctx.db, [deleteSignIn(hash)]);
    return { signIn: found, ended: [found.id] };
  }
  const deleting = deleteSignInsOf(found.workspaceId, found.userId);
  const written = await writeQuietly(ctx.db, [deleting]);
  return { signIn: found, ended: written.written ? written.results.of(deleting) : [] };
};
