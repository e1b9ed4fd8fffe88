/** Slack's directory: who somebody is by their e-mail address, and what people are called. */
import type { WebClient } from "@slack/web-api";
import * as z from "zod/mini";
import { log } from "../../../shared/log.ts";
import { read } from "../../../shared/storage/database.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import {
  type Addressee,
  type Connected,
  type Person,
  connectedQuery,
  peopleQuery,
  upsertAddress,
  upsertPerson,
} from "../../../shared/storage/workspace/people.ts";
import { setWorkspaceName } from "../../../shared/storage/workspace/workspaces.ts";
import type { Deps } from "../../env.ts";
import { failureOf } from "./slack-error.ts";
import { slackClient } from "./web-client.ts";

export type DirectoryDeps = Pick<Deps, "databases" | "nowMs" | "slack" | "installation">;

/** How long Slack's word for who somebody is holds, and that they are nobody. */
const somebodyFreshMs = 60 * 60_000;
const nobodyFreshMs = 60_000;
const nameFreshMs = 24 * 60 * 60_000;
/** Slack is asked for each by itself; the others get their names with a later request. */
const maxLookups = 20;
/** As many workspaces are looked through for somebody. */
const maxWorkspaces = 50;

export const userAnswer = z.object({
  user: z.object({
    id: z.string(),
    deleted: z.optional(z.boolean()),
    is_bot: z.optional(z.boolean()),
    real_name: z.optional(z.string()),
    name: z.optional(z.string()),
  }),
});
type User = z.infer<typeof userAnswer>["user"];

export const nameOf = ({ id, name, real_name: realName }: User): string => realName || name || id;

export const clientOf = async (
  { slack, installation }: DirectoryDeps,
  workspaceId: string,
): Promise<WebClient | null> => {
  const installed = await installation(workspaceId);
  return installed ? slackClient(installed.botToken, slack) : null;
};

/** Null when nobody has the address, or nobody who may sign in. Throws while Slack does not answer. */
export const lookUp = async (client: WebClient, email: string): Promise<User | null> => {
  try {
    const { user } = userAnswer.parse(await client.users.lookupByEmail({ email }));
    return user.deleted || user.is_bot ? null : user;
  } catch (error) {
    if (failureOf(error).error === "users_not_found") return null;
    throw error;
  }
};

export interface Membership {
  workspaceId: string;
  /** What Slack calls it; null while that is unknown. */
  name: string | null;
  userId: string;
}

export interface Memberships {
  all: Membership[];
  /** Whether Slack has answered for each workspace that might have been one more. */
  isWhole: boolean;
}

/**
 * Where whoever has the address belongs; asks Slack once an hour for each workspace. All of them are looked at, so that
 * nobody learns of one to which they do not belong, not even by the time that it takes.
 * @param named the one that is asked for, if any: it is looked at in any case
 */
export const membershipsOf = async (deps: DirectoryDeps, email: string, named: string | null): Promise<Memberships> => {
  const connected = firstOf(await deps.databases.gather(connectedQuery(email, named, maxWorkspaces)), named);
  const isKnown = named !== null && connected.some((each) => each.workspaceId === named && isMember(each, deps));
  const found = await Promise.all(
    connected.map(async ({ workspaceId, name, addressee }) => ({
      workspaceId,
      name,
      // Who asks for a workspace of theirs does not wait for Slack's word about the others.
      userId: isKnown ? (addressee?.userId ?? null) : await userIdOf(deps, workspaceId, email, addressee),
    })),
  );
  return {
    all: found.flatMap(({ userId, ...workspace }) =>
      userId === null || userId === "unavailable" ? [] : [{ ...workspace, userId }],
    ),
    isWhole: found.every(({ userId }) => userId !== "unavailable"),
  };
};

/** Those of all databases, in the order of the query. */
const firstOf = (connected: readonly Connected[], named: string | null): Connected[] => {
  const isOther = ({ workspaceId }: Connected): number => Number(workspaceId !== named);
  const byId = (a: Connected, b: Connected): number => (a.workspaceId < b.workspaceId ? -1 : 1);
  return connected.toSorted((a, b) => isOther(a) - isOther(b) || byId(a, b)).slice(0, maxWorkspaces);
};

const isFresh = ({ userId, checkedAt }: Addressee, { nowMs }: DirectoryDeps): boolean =>
  nowMs() - Date.parse(checkedAt) < (userId === null ? nobodyFreshMs : somebodyFreshMs);

const isMember = ({ addressee }: Connected, deps: DirectoryDeps): boolean =>
  addressee !== null && addressee.userId !== null && isFresh(addressee, deps);

const userIdOf = async (
  deps: DirectoryDeps,
  workspaceId: string,
  email: string,
  stored: Addressee | null,
): Promise<string | null> => {
  if (stored && isFresh(stored, deps)) return stored.userId;
  const client = await clientOf(deps, workspaceId);
  if (!client) return null;
  const { databases, nowMs } = deps;
  try {
    const user = await lookUp(client, email);
    const now = new Date(nowMs()).toISOString();
    await writeQuietly(databases.of(workspaceId), [
      upsertAddress(workspaceId, email, { userId: user?.id ?? null, checkedAt: now }),
      ...(user ? [upsertPerson({ workspaceId, now }, { userId: user.id, name: nameOf(user) })] : []),
    ]);
    return user?.id ?? null;
  } catch (error) {
    log("directory.failed", { workspaceId, error: String(error) });
    // What Slack said last holds while it says nothing.
    return stored?.userId ?? "unavailable";
  }
};

/** Null where Slack says that they have left, or that there is nobody of this id. */
export const personIn = async (
  deps: DirectoryDeps,
  workspaceId: string,
  userId: string,
): Promise<Person | null | "unavailable"> => {
  const client = await clientOf(deps, workspaceId);
  if (!client) return null;
  try {
    const { user } = userAnswer.parse(await client.users.info({ user: userId }));
    return user.deleted || user.is_bot ? null : { userId: user.id, name: nameOf(user) };
  } catch (error) {
    if (failureOf(error).error === "user_not_found") return null;
    log("directory.failed", { workspaceId, error: String(error) });
    return "unavailable";
  }
};

const teamAnswer = z.object({ team: z.string() });

/** Those whose name nobody has asked for yet get it from Slack; one that does not answer stays without. */
export const withNames = (deps: DirectoryDeps, all: readonly Membership[]): Promise<Membership[]> =>
  Promise.all(
    all.map(async (membership) => {
      const { workspaceId, name } = membership;
      const client = name === null ? await clientOf(deps, workspaceId) : null;
      if (!client) return membership;
      try {
        const { team } = teamAnswer.parse(await client.auth.test());
        await writeQuietly(deps.databases.of(workspaceId), [setWorkspaceName(workspaceId, team)]);
        return { ...membership, name: team };
      } catch (error) {
        log("directory.failed", { workspaceId, error: String(error) });
        return membership;
      }
    }),
  );

/** What people are called, as far as Slack has said; asks Slack once a day, for a few at a time. */
export const namesOf = async (
  deps: DirectoryDeps,
  workspaceId: string,
  userIds: readonly string[],
): Promise<Person[]> => {
  const { databases, nowMs } = deps;
  const db = databases.of(workspaceId);
  const [stored] = await read(db, peopleQuery(workspaceId, userIds, new Date(nowMs() - nameFreshMs).toISOString()));
  const missing = userIds.filter((id) => !stored.some(({ userId }) => userId === id)).slice(0, maxLookups);
  const client = missing.length > 0 ? await clientOf(deps, workspaceId) : null;
  if (!client) return stored;
  const asked = await Promise.allSettled(
    missing.map(async (user) => userAnswer.parse(await client.users.info({ user }))),
  );
  const found = asked.flatMap((each): Person[] =>
    each.status === "fulfilled" ? [{ userId: each.value.user.id, name: nameOf(each.value.user) }] : [],
  );
  for (const each of asked) {
    if (each.status === "rejected") log("directory.failed", { workspaceId, error: String(each.reason) });
  }
  const now = new Date(nowMs()).toISOString();
  if (found.length > 0) {
    await writeQuietly(
      db,
      found.map((person) => upsertPerson({ workspaceId, now }, person)),
    );
  }
  return [...stored, ...found];
};
