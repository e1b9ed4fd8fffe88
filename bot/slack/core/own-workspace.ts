/**
 * SLACK_BOT_TOKEN is of one workspace. Slack names it (`auth.test`); a payload says only where it comes from. A token
 * never changes its workspace, so one answer is enough.
 */
import * as z from "zod/mini";
import { sha256Hex } from "../../../shared/digest.ts";
import { jsonIn } from "../../../shared/json.ts";
import { log } from "../../../shared/log.ts";
import { within } from "../../../shared/within.ts";
import type { CacheStore } from "./row-cache.ts";
import { slackClient } from "./web-client.ts";

/** Slack waits 3 s for the answer to a payload, of which this is the beginning. */
const patienceMs = 2000;

const answer = z.object({
  team_id: z.string().check(z.minLength(1)),
  /** Of the workspace, where it belongs to an Enterprise Grid organisation. */
  enterprise_id: z.optional(z.nullable(z.string())),
});

/** What a token belongs to. */
export interface OwnWorkspace {
  id: string;
  organisation: string | null;
}

const stored = z.object({ id: z.string(), organisation: z.nullable(z.string()) });

interface Installed {
  botToken: string;
  apiUrl: string;
}

/** By token, as long as this isolate lives. Only answers: a promise belongs to the request that has made it. */
const learnt = new Map<string, OwnWorkspace>();

/** For tests, whose workspaces share a token. */
export const forgetOwnWorkspaces = (): void => learnt.clear();

/** What this isolate has learnt, without asking anybody. */
export const learntWorkspace = (botToken: string): OwnWorkspace | null => learnt.get(botToken) ?? null;

export const ownWorkspacePrefix = "own-installation:";

const learn = async (installed: Installed, store: CacheStore): Promise<OwnWorkspace> => {
  const { botToken, apiUrl } = installed;
  const key = `${ownWorkspacePrefix}${await sha256Hex(`${apiUrl} ${botToken}`)}`;
  const known = stored.safeParse(jsonIn((await store.get(key, "text")) ?? ""));
  if (known.success) return known.data;
  const { team_id: id, enterprise_id } = answer.parse(await slackClient(botToken, { apiUrl }).auth.test());
  const own = { id, organisation: enterprise_id || null };
  await store
    .put(key, JSON.stringify(own))
    .catch((error: unknown) => log("slack.own_workspace_not_stored", { error: String(error) }));
  log("slack.own_workspace", { workspaceId: id });
  return own;
};

/** Null while Slack has not said it. An answer that is late or lost is asked for again with the next payload. */
export const ownWorkspace = async (installed: Installed, store: CacheStore): Promise<OwnWorkspace | null> => {
  const { botToken } = installed;
  const known = learnt.get(botToken);
  if (known !== undefined) return known;
  try {
    const late = () => new Error(`Slack gave no answer within ${patienceMs} ms`);
    const own = await within(patienceMs, learn(installed, store), late);
    learnt.set(botToken, own);
    return own;
  } catch (error) {
    log("slack.own_workspace_unknown", { error: String(error) });
    return null;
  }
};
