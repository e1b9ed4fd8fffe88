/** The signing secrets of webhooks: encrypted in their rows, opened only to sign. */
import type { Encryption } from "../../encryption.ts";
import { log } from "../../log.ts";
import type { NewSecret, StoredSecrets } from "../../storage/webhooks/webhooks.ts";
import type { CredentialSource } from "../../targets/credential-source.ts";

type Owner = Pick<StoredSecrets, "workspaceId" | "id">;

/** A secret that is copied to another webhook does not decrypt there. */
export const aboutWebhook = ({ workspaceId, id }: Owner): string => `webhook ${workspaceId} ${id}`;

export const newSecret = async (
  { credentials }: { credentials: Pick<CredentialSource, "sealSecret"> },
  owner: Owner,
  plain: string,
): Promise<NewSecret> => ({ plain, sealed: await credentials.sealSecret(aboutWebhook(owner), plain) });

interface Stored {
  text: string | null;
  keyVersion: string | null;
  /** As it is; a later release leaves it empty. */
  plain: string | null;
}

/** Throws when there is none, or it does not decrypt and does not stand beside that as it is. */
export const openSecret = async (encryption: Encryption, owner: Owner, stored: Stored): Promise<string> => {
  const { text, keyVersion, plain } = stored;
  try {
    if (text !== null && keyVersion !== null) return await encryption.open(aboutWebhook(owner), { keyVersion, text });
  } catch (error) {
    log("secrets.not_opened", { workspaceId: owner.workspaceId, webhookId: owner.id, error: String(error) });
    if (!plain) throw error;
  }
  if (!plain) throw new Error(`The webhook ${owner.id} has no secret`);
  return plain;
};

export const currentOf = ({ sealedSecret: text, keyVersion, secret: plain }: StoredSecrets): Stored => ({
  text,
  keyVersion,
  plain,
});

/** The secret before; null where there is none. */
export const oldOf = ({ sealedOldSecret: text, oldKeyVersion: keyVersion, oldSecret: plain }: StoredSecrets) =>
  text === null && plain === null ? null : { text, keyVersion, plain };

/** What signs: the secret of now first, then the one before, while that counts. @param now ISO 8601 */
export const signingSecrets = async (encryption: Encryption, stored: StoredSecrets, now: string): Promise<string[]> => {
  const counts = stored.oldSecretUntil !== null && stored.oldSecretUntil > now;
  const old = counts ? oldOf(stored) : null;
  return Promise.all([currentOf(stored), ...(old ? [old] : [])].map((each) => openSecret(encryption, stored, each)));
};
