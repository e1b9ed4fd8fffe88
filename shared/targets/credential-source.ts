/** The credentials of targets: encrypted in their rows, and in TARGET_CREDENTIALS for what no row has yet. */
import { sha256Hex } from "../digest.ts";
import type { Encryption, Sealed } from "../encryption.ts";
import type { TargetBinding } from "../storage/pushes/targets.ts";
import { type CredentialsByName, type TargetCredentials, storedCredentials } from "./credentials.ts";

type Owner = Pick<TargetBinding, "workspaceId" | "name">;

/** Where the credentials of targets come from. */
export interface CredentialSource {
  /** Throws when there are none, or they do not decrypt: that is for the operator. */
  of: (target: TargetBinding) => Promise<TargetCredentials>;
  /** Whether there are any, which needs no key. */
  has: (target: TargetBinding) => boolean;
  seal: (target: Owner, credentials: TargetCredentials) => Promise<Sealed>;
  /** Any other secret of a row, such as that of a webhook. */
  sealSecret: Encryption["seal"];
  /** SHA-256 of the variable's entries by name: a row that was filled by another one is filled again. */
  digests: () => Promise<ReadonlyMap<string, string>>;
}

/** A row copied to another workspace or target does not decrypt. */
const aboutOf = ({ workspaceId, name }: Owner): string => `target ${workspaceId} ${name}`;

export const createCredentialSource = (encryption: Encryption, configured: CredentialsByName): CredentialSource => {
  let digested: Promise<ReadonlyMap<string, string>> | null = null;
  const digests = () =>
    (digested ??= Promise.all(
      Object.entries(configured).map(async ([name, entry]) => [name, await sha256Hex(JSON.stringify(entry))] as const),
    ).then((entries) => new Map(entries)));
  const entryOf = ({ credentials: name }: TargetBinding): TargetCredentials | null =>
    (Object.hasOwn(configured, name) ? configured[name] : null) ?? null;
  /** A variable that has changed since it filled the row counts; what people have set does not change by a variable. */
  const isOutdated = async ({ credentials: name, importedDigest }: TargetBinding): Promise<boolean> => {
    const digest = importedDigest === null ? undefined : (await digests()).get(name);
    return digest !== undefined && digest !== importedDigest;
  };
  return {
    digests,
    sealSecret: encryption.seal,
    has: (target) => target.sealedCredentials !== null || entryOf(target) !== null,
    seal: (target, entry) => encryption.seal(aboutOf(target), JSON.stringify(entry)),
    of: async (target) => {
      const { sealedCredentials: text, keyVersion } = target;
      if (text === null || keyVersion === null || (await isOutdated(target))) {
        const entry = entryOf(target);
        if (!entry) throw new Error(noCredentials(target));
        return entry;
      }
      return storedCredentials(await encryption.open(aboutOf(target), { keyVersion, text }));
    },
  };
};

export const noCredentials = ({ name, credentials: entry }: TargetBinding): string =>
  `TARGET_CREDENTIALS has no entry "${entry}" for target ${name}`;
