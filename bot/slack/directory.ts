/** Slack's directory: who somebody is by their e-mail address, and what people are called. */
import { WebClient } from "@slack/web-api";
import * as z from "zod/mini";
import { log } from "../../shared/log.ts";
import { read, write } from "../../shared/storage/database.ts";
import {
  type Addressee,
  type Person,
  addressQuery,
  peopleQuery,
  upsertAddress,
  upsertPerson,
} from "../../shared/storage/people.ts";
import type { Deps } from "../env.ts";
import { failureOf } from "./slack-failure.ts";
import { webClientOptions } from "./web-client.ts";

type DirectoryDeps = Pick<Deps, "db" | "nowMs" | "slack" | "installation">;

/** How long Slack's word for who somebody is holds, and that they are nobody. */
const somebodyFreshMs = 60 * 60_000;
const nobodyFreshMs = 60_000;
const nameFreshMs = 24 * 60 * 60_000;
/** Slack is asked for each by itself; the others get their names with a later request. */
const mostLookups = 20;

const answer = z.object({
  user: z.object({
    id: z.string(),
    deleted: z.optional(z.boolean()),
    is_bot: z.optional(z.boolean()),
    real_name: z.optional(z.string()),
    name: z.optional(z.string()),
  }),
});
type User = z.infer<typeof answer>["user"];

const nameOf = ({ id, name, real_name: realName }: User): string => realName || name || id;

const clientOf = ({ slack, installation }: DirectoryDeps, workspaceId: string): WebClient | null => {
  const installed = installation(workspaceId);
  return installed ? new WebClient(installed.botToken, webClientOptions(slack.apiUrl)) : null;
};

/** Null when nobody has the address, or nobody who may sign in. Throws while Slack does not answer. */
const lookUp = async (client: WebClient, email: string): Promise<User | null> => {
  try {
    const { user } = answer.parse(await client.users.lookupByEmail({ email }));
    return user.deleted || user.is_bot ? null : user;
  } catch (error) {
    if (failureOf(error).error === "users_not_found") return null;
    throw error;
  }
};

/** The user id of whoever has the address, null when nobody has; asks Slack once an hour. */
export const findByEmail = async (
  deps: DirectoryDeps,
  workspaceId: string,
  email: string,
): Promise<{ userId: string | null } | "unavailable"> => {
  const { db, nowMs } = deps;
  const [known] = await read(db, addressQuery(db, workspaceId, email));
  const ageMs = known ? nowMs() - Date.parse(known.checkedAt) : Number.POSITIVE_INFINITY;
  if (known && ageMs < (known.userId === null ? nobodyFreshMs : somebodyFreshMs)) return known;
  const client = clientOf(deps, workspaceId);
  if (!client) return { userId: null };
  try {
    const user = await lookUp(client, email);
    const now = new Date(nowMs()).toISOString();
    const found: Addressee = { userId: user?.id ?? null, checkedAt: now };
    await write(db, [
      upsertAddress(db, workspaceId, email, found),
      ...(user ? [upsertPerson(db, workspaceId, { userId: user.id, name: nameOf(user) }, now)] : []),
    ]);
    return found;
  } catch (error) {
    log("directory.failed", { workspaceId, error: String(error) });
    // What Slack said last holds while it says nothing.
    return known?.userId ? known : "unavailable";
  }
};

/** What people are called, as far as it is known; asks Slack once a day, for a few at a time. */
export const namesOf = async (
  deps: DirectoryDeps,
  workspaceId: string,
  userIds: readonly string[],
): Promise<Person[]> => {
  const { db, nowMs } = deps;
  const [known] = await read(db, peopleQuery(db, workspaceId, userIds, new Date(nowMs() - nameFreshMs).toISOString()));
  const missing = userIds.filter((id) => !known.some(({ userId }) => userId === id)).slice(0, mostLookups);
  const client = missing.length > 0 ? clientOf(deps, workspaceId) : null;
  if (!client) return known;
  const asked = await Promise.allSettled(missing.map(async (user) => answer.parse(await client.users.info({ user }))));
  const found = asked.flatMap((each): Person[] =>
    each.status === "fulfilled" ? [{ userId: each.value.user.id, name: nameOf(each.value.user) }] : [],
  );
  for (const each of asked) {
    if (each.status === "rejected") log("directory.failed", { workspaceId, error: String(each.reason) });
  }
  const now = new Date(nowMs()).toISOString();
  if (found.length > 0) {
    await write(
      db,
      found.map((person) => upsertPerson(db, workspaceId, person, now)),
    );
  }
  return [...known, ...found];
};
