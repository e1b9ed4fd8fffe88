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

type Ctx = Pick<UseCaseContext, "databases" | "nowMs">;

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
  await writeQuietly(ctx.databases.first, [
    insertAttempt({ hash, browser: ofBrowser, nonce, returnTo, expiresAt: inMs(ctx, attemptLifeMs) }),
  ]);
};

/** What this browser has begun with this state: once. */
export const takeSignInAttempt = async (ctx: Ctx, state: string, browser: string): Promise<SignInAttempt | null> => {
  const [hash, ofBrowser] = await Promise.all([sha256Hex(state), sha256Hex(browser)]);
  const taking = takeAttempt(hash, ofBrowser, nowOf(ctx));
  const written = await writeQuietly(ctx.databases.first, [taking]);
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
  ctx: Ctx & Pick<UseCaseContext, "newId">,
  { workspaceId, userId, name }: SignedInPerson,
  secret: string,
  before: string | null,
): Promise<void> => {
  const now = nowOf(ctx);
  const at = { workspaceId, now };
  const expiresAt = signInEnd(ctx.nowMs(), ctx.nowMs());
  // It may have been of a workspace in another database.
  const earlier = before === null ? null : await findSignIn(ctx, before);
  if (earlier !== null) await writeQuietly(earlier.db, [deleteSignIn(earlier.hash)]);
  await writeQuietly(ctx.databases.of(workspaceId), [
    insertSignIn({ id: ctx.newId(), workspaceId, userId, createdAt: now, expiresAt }, await sha256Hex(secret)),
    ...(name === null ? [] : [upsertPerson(at, { userId, name })]),
  ]);
};

/** A cookie does not say its workspace. */
const findSignIn = async (ctx: Ctx, secret: string) => {
  const hash = await sha256Hex(secret);
  const found = await ctx.databases.find(signInQuery(hash, nowOf(ctx)));
  return found === null ? null : { hash, db: found.db, signIn: found.value };
};

/** Who has this cookie; null where nobody has it any more. A use gives it a later end. */
export const signedIn = async (
  ctx: Ctx,
  secret: string,
): Promise<{ signIn: SignIn; extend: (() => Promise<unknown>) | null } | null> => {
  const found = await findSignIn(ctx, secret);
  if (found === null) return null;
  const { hash, db, signIn } = found;
  const end = extendedEnd(signIn, ctx.nowMs());
  return { signIn, extend: end === null ? null : () => writeQuietly(db, [extendSignIn(hash, end)]) };
};

/** Ends the one of this cookie, or all of its person. Null where it has ended already. */
export const signOut = async (
  ctx: Ctx,
  secret: string,
  isEverywhere: boolean,
): Promise<{ signIn: SignIn; ended: string[] } | null> => {
  const found = await findSignIn(ctx, secret);
  if (found === null) return null;
  const { hash, db, signIn } = found;
  if (!isEverywhere) {
    await writeQuietly(db, [deleteSignIn(hash)]);
    return { signIn, ended: [signIn.id] };
  }
  const deleting = deleteSignInsOf(signIn.workspaceId, signIn.userId);
  const written = await writeQuietly(db, [deleting]);
  return { signIn, ended: written.written ? written.results.of(deleting) : [] };
};
