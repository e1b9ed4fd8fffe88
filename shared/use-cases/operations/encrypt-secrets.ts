/**
 * Brings secrets in rows under the current key: those that a variable still has, those that a changed variable has
 * filled, and those that an older key has encrypted. Continues with its next run until nothing is left.
 */
import type { Encryption } from "../../encryption.ts";
import { log } from "../../log.ts";
import { type Database, read } from "../../storage/database.ts";
import type { Databases } from "../../storage/databases.ts";
import {
  type TargetBinding,
  sealCredentials,
  targetsByKeyCountQuery,
  targetsByKeyQuery,
  targetsOfOtherDigestsQuery,
  unsealedTargetsQuery,
} from "../../storage/pushes/targets.ts";
import {
  type SlackInstallation,
  installationsByKeyCountQuery,
  installationsByKeyQuery,
  replaceTokens,
} from "../../storage/workspace/installations.ts";
import { aboutInstallation } from "../workspace/install-app.ts";
import {
  type StoredSecrets,
  oldSecretsQuery,
  sealSecrets,
  secretsByKeyCountQueries,
  secretsByKeyQuery,
  unsealedSecretsQuery,
} from "../../storage/webhooks/webhooks.ts";
import { currentOf, newSecret, oldOf, openSecret } from "../webhooks/webhook-secrets.ts";
import { writeQuietly } from "../../storage/write.ts";
import type { CredentialSource } from "../../targets/credential-source.ts";
import { nowOf } from "../context.ts";

export interface EncryptContext {
  db: Database;
  nowMs: () => number;
  encryption: Encryption;
  credentials: CredentialSource;
}

export interface Encrypted {
  /** Rows that have got the current key. */
  sealed: number;
  /** Rows that could not: the log says why. */
  failed: number;
}

/** @param max rows of each kind */
export const encryptSecrets = async (ctx: EncryptContext, max: number): Promise<Encrypted> => {
  const { db, encryption, credentials } = ctx;
  const digests = [...(await credentials.digests()).values()];
  const [installations, unsealed, older, old, ...found] = await read(
    db,
    installationsByKeyQuery(encryption.older, max),
    unsealedSecretsQuery(max),
    secretsByKeyQuery(encryption.older, max),
    oldSecretsQuery(encryption.older, max),
    unsealedTargetsQuery(max),
    targetsByKeyQuery(encryption.older, max),
    targetsOfOtherDigestsQuery(digests, max),
  );
  const targets = new Map(found.flat().map((target) => [`${target.workspaceId} ${target.name}`, target]));
  const webhooks = new Map([...unsealed, ...older, ...old].map((each) => [`${each.workspaceId} ${each.id}`, each]));
  const outcomes = await Promise.all([
    ...[...targets.values()].map((target) => encrypt(ctx, target)),
    ...installations.map((installation) => encryptTokens(ctx, installation)),
    ...[...webhooks.values()].map((webhook) => encryptWebhook(ctx, webhook)),
  ]);
  return {
    sealed: outcomes.filter((outcome) => outcome === "sealed").length,
    failed: outcomes.filter((outcome) => outcome === "failed").length,
  };
};

const encrypt = async (ctx: EncryptContext, target: TargetBinding): Promise<"sealed" | "failed" | "left"> => {
  const { db, credentials } = ctx;
  // A row that nothing fills is the doctor's to report; a variable that was taken away ends nothing.
  if (!credentials.has(target)) return "left";
  try {
    const plain = await credentials.of(target);
    const { keyVersion, text } = await credentials.seal(target, plain);
    const isOurs = target.sealedCredentials !== null && target.importedDigest === null;
    const digest = isOurs ? null : ((await credentials.digests()).get(target.credentials) ?? target.importedDigest);
    if (keyVersion === target.keyVersion && digest === target.importedDigest) return "left";
    const sealed = { sealedCredentials: text, keyVersion, importedDigest: digest };
    await writeQuietly(db, [sealCredentials(nowOf(ctx), target, sealed)]);
    return "sealed";
  } catch (error) {
    log("secrets.not_encrypted", { workspaceId: target.workspaceId, target: target.name, error: String(error) });
    return "failed";
  }
};

const encryptTokens = async (ctx: EncryptContext, installation: SlackInstallation): Promise<"sealed" | "failed"> => {
  const { workspaceId, sealedTokens, keyVersion: before, expiresAt } = installation;
  try {
    if (sealedTokens === null || before === null) throw new Error("It has no tokens");
    const about = aboutInstallation(workspaceId);
    const plain = await ctx.encryption.open(about, { keyVersion: before, text: sealedTokens });
    const { keyVersion, text } = await ctx.encryption.seal(about, plain);
    const tokens = { sealedTokens: text, keyVersion, expiresAt };
    await writeQuietly(ctx.db, [replaceTokens(installation, tokens, nowOf(ctx))]);
    return "sealed";
  } catch (error) {
    log("secrets.not_encrypted", { workspaceId, target: null, error: String(error) });
    return "failed";
  }
};

const encryptWebhook = async (
  { db, encryption, credentials }: EncryptContext,
  stored: StoredSecrets,
): Promise<"sealed" | "failed"> => {
  try {
    const sealedBy = async (one: Parameters<typeof openSecret>[2]) =>
      (await newSecret({ credentials }, stored, await openSecret(encryption, stored, one))).sealed;
    const old = oldOf(stored);
    const [current, before] = [await sealedBy(currentOf(stored)), old && (await sealedBy(old))];
    const sealed = {
      sealedSecret: current.text,
      keyVersion: current.keyVersion,
      sealedOldSecret: before?.text ?? null,
      oldKeyVersion: before?.keyVersion ?? null,
    };
    await writeQuietly(db, [sealSecrets(stored, sealed)]);
    return "sealed";
  } catch (error) {
    const { workspaceId, id: webhookId } = stored;
    log("secrets.not_encrypted", { workspaceId, target: null, webhookId, error: String(error) });
    return "failed";
  }
};

export interface KeyUse {
  keyVersion: string;
  rows: number;
  isCurrent: boolean;
}

/** How many rows need each key: an older one of none may leave ENCRYPTION_KEYS. */
export const keyUses = async ({
  databases,
  encryption,
}: Pick<EncryptContext, "encryption"> & { databases: Databases }): Promise<KeyUse[]> => {
  const queries = [targetsByKeyCountQuery(), installationsByKeyCountQuery(), ...secretsByKeyCountQueries()];
  const counted = (await Promise.all(queries.map((query) => databases.gather(query)))).flat();
  const rows = new Map<string, number>();
  for (const { keyVersion, count } of counted) rows.set(keyVersion, (rows.get(keyVersion) ?? 0) + count);
  const versions = new Set([encryption.current, ...encryption.older, ...rows.keys()]);
  return [...versions].map((keyVersion) => ({
    keyVersion,
    rows: rows.get(keyVersion) ?? 0,
    isCurrent: keyVersion === encryption.current,
  }));
};
