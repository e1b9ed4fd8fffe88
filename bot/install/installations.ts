/** Tokens of workspaces that have installed the app: remembered for a minute, and refreshed before they end. */
import * as z from "zod/mini";
import type { Encryption } from "../../shared/encryption.ts";
import { log } from "../../shared/log.ts";
import { read } from "../../shared/storage/database.ts";
import type { Databases } from "../../shared/storage/databases.ts";
import { noteOrganisation } from "../../shared/storage/directory.ts";
import { changed } from "../../shared/storage/changed.ts";
import {
  type SlackInstallation,
  claimRefresh,
  endingInstallationsQuery,
  insertInstalledWorkspace,
  installationQuery,
  replaceTokens,
} from "../../shared/storage/workspace/installations.ts";
import { writeQuietly } from "../../shared/storage/write.ts";
import { type SlackTokens, aboutInstallation } from "../../shared/use-cases/workspace/install-app.ts";
import { type OAuthClient, refreshTokens } from "./oauth.ts";

/** Slack refuses a token that has ended or was revoked, whatever is remembered here. */
const freshMs = 60_000;
const absentMs = 10_000;
/** As many workspaces as one isolate remembers. */
const maxRemembered = 1000;
/** Slack's tokens live twelve hours (docs.slack.dev, "Using token rotation"). */
const refreshBeforeMs = 2 * 60 * 60_000;
const leaseMs = 60_000;
/** One that ends so soon is refreshed by the request that needs it. */
const usableMs = 30_000;

const tokensSchema = z.object({ botToken: z.string(), refreshToken: z.nullable(z.string()) });

/** `uninstalled`: it had the app, and Slack has taken the tokens away. */
export type Installed = { botToken: string } | "uninstalled" | null;

export interface Installations {
  of: (workspaceId: string, organisationId?: string | null) => Promise<Installed>;
  /** After what changes it in this isolate; the others learn it within a minute. An organisation's is everybody's. */
  forget: (workspaceId: string) => void;
  /** Slack says that a token has ended. @returns the one that follows it; null where there is none */
  renew: (endedToken: string, workspaceId?: string) => Promise<string | null>;
  /** @returns how many have new tokens */
  refreshEnding: (max: number) => Promise<number>;
}

interface Options {
  /** Installations are in the first, whichever their workspaces are in. */
  databases: Databases;
  nowMs: () => number;
  encryption: Encryption;
  apiUrl: string;
  /** Null where nobody can install the app, and no token can be refreshed. */
  client: OAuthClient | null;
}

const openTokens = async (
  { encryption }: Options,
  { workspaceId, sealedTokens, keyVersion }: SlackInstallation,
): Promise<SlackTokens | null> => {
  if (sealedTokens === null || keyVersion === null) return null;
  const text = await encryption.open(aboutInstallation(workspaceId), { keyVersion, text: sealedTokens });
  return tokensSchema.parse(JSON.parse(text));
};

const isToken = (installed: Installed): installed is { botToken: string } =>
  installed !== null && installed !== "uninstalled";

/** One refreshes at a time: Slack takes a refresh token once. Null where somebody else does. */
const refreshed = async (options: Options, installation: SlackInstallation): Promise<SlackTokens | null> => {
  const { nowMs, encryption, client } = options;
  const db = options.databases.first;
  const now = new Date(nowMs()).toISOString();
  const tokens = await openTokens(options, installation);
  if (!client || tokens?.refreshToken == null) return null;
  const until = new Date(nowMs() + leaseMs).toISOString();
  if (!(await changed(db, claimRefresh(installation, now, until)))) return null;
  const { workspaceId } = installation;
  const answer = await refreshTokens(client, options.apiUrl, tokens.refreshToken);
  if (!answer.ok) {
    log("installation.not_refreshed", { workspaceId, error: answer.reason.code });
    return null;
  }
  const { botToken, refreshToken, expiresInSeconds } = answer.value;
  const next = { botToken, refreshToken: refreshToken ?? tokens.refreshToken };
  const { keyVersion, text } = await encryption.seal(aboutInstallation(workspaceId), JSON.stringify(next));
  const expiresAt = expiresInSeconds === null ? null : new Date(nowMs() + expiresInSeconds * 1000).toISOString();
  await writeQuietly(db, [replaceTokens(installation, { sealedTokens: text, keyVersion, expiresAt }, now)]);
  log("installation.refreshed", { workspaceId });
  return next;
};

export const createInstallations = (options: Options): Installations => {
  const { databases, nowMs, client } = options;
  const db = databases.first;
  const remembered = new Map<string, { installed: Installed; untilMs: number }>();

  const tokensOf = (found: SlackInstallation) => openTokens(options, found);
  const refresh = (found: SlackInstallation) => refreshed(options, found);

  const look = async (workspaceId: string, organisationId: string | null): Promise<Installed> => {
    const [found] = await read(db, installationQuery(workspaceId, organisationId));
    if (!found) return null;
    const { expiresAt, installedBy } = found;
    const isEnding = expiresAt !== null && Date.parse(expiresAt) - nowMs() < usableMs;
    const tokens = (isEnding ? await refresh(found) : null) ?? (await tokensOf(found));
    if (!tokens) return "uninstalled";
    if (organisationId !== null && found.workspaceId === organisationId && workspaceId !== organisationId) {
      const at = { workspaceId, now: new Date(nowMs()).toISOString() };
      const linked = insertInstalledWorkspace(at, { name: null, installedBy, organisationId });
      await writeQuietly(databases.of(workspaceId), [linked]);
      await writeQuietly(db, [noteOrganisation(workspaceId, organisationId)]);
    }
    return { botToken: tokens.botToken };
  };

  return {
    of: async (workspaceId, organisationId = null) => {
      const known = remembered.get(workspaceId);
      if (known && known.untilMs > nowMs()) return known.installed;
      const installed = await look(workspaceId, organisationId);
      if (remembered.size >= maxRemembered) remembered.clear();
      // Nobody waits for a minute after they have installed it.
      const forMs = installed === null ? absentMs : freshMs;
      if (installed !== "uninstalled") remembered.set(workspaceId, { installed, untilMs: nowMs() + forMs });
      return installed;
    },
    forget: (workspaceId) => {
      if (workspaceId.startsWith("E")) remembered.clear();
      else remembered.delete(workspaceId);
    },
    renew: async (endedToken, named) => {
      const whose = [...remembered].find(
        ([, each]) => isToken(each.installed) && each.installed.botToken === endedToken,
      );
      const workspaceId = whose?.[0] ?? named;
      const [found] = workspaceId === undefined ? [null] : await read(db, installationQuery(workspaceId, null));
      if (!found || workspaceId === undefined) return null;
      remembered.delete(workspaceId);
      // Somebody may have refreshed it already, and does so at the moment where this gives nothing.
      const stored = await tokensOf(found);
      if (stored && stored.botToken !== endedToken) return stored.botToken;
      return (await refresh(found))?.botToken ?? null;
    },
    refreshEnding: async (max) => {
      const before = new Date(nowMs() + refreshBeforeMs).toISOString();
      const [ending] = client ? await read(db, endingInstallationsQuery(before, max)) : [[]];
      let refreshed = 0;
      for (const installation of ending) {
        try {
          if (await refresh(installation)) refreshed += 1;
          remembered.delete(installation.workspaceId);
        } catch (error) {
          log("installation.not_refreshed", { workspaceId: installation.workspaceId, error: String(error) });
        }
      }
      return refreshed;
    },
  };
};
