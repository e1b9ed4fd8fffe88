/**
 * Encrypts what rows keep of secrets: AES-256-GCM under a versioned key. What a text is about is authenticated with it,
 * so a text that is copied into another row does not decrypt there.
 */

export interface Sealed {
  /** Of the key. */
  keyVersion: string;
  /** Base64 of the nonce and of what follows it. */
  text: string;
}

export interface Encryption {
  /** The version that encrypts. */
  current: string;
  /** The others, which decrypt only. */
  older: readonly string[];
  /** @param about what the text belongs to, such as `target T1 d1cv` */
  seal: (about: string, plain: string) => Promise<Sealed>;
  /** Throws an Error without any of the text when the key is missing, or the text is another row's. */
  open: (about: string, sealed: Sealed) => Promise<string>;
}

const algorithm = "AES-GCM";
/** NIST SP 800-38D: 96 bits, a random one for each text. */
const nonceBytes = 12;
const keyBytes = 32;
const versionShape = /^[A-Za-z0-9_-]{1,20}$/;

/** Node's types have no name for it. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const encoder = new TextEncoder();

const decodeBase64 = (text: unknown): Uint8Array<ArrayBuffer> | null => {
  if (typeof text !== "string") return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
};

const encodeBase64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

const shape = 'ENCRYPTION_KEYS must be JSON: {"current": "1", "keys": {"1": base64 of 32 bytes}}';

interface KeyTexts {
  current: string;
  keys: Record<string, Uint8Array<ArrayBuffer>>;
}

const parseKeys = (json: string): KeyTexts => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new Error(shape);
  }
  const { current, keys } = (parsed ?? {}) as { current?: unknown; keys?: unknown };
  if (typeof current !== "string" || typeof keys !== "object" || keys === null) throw new Error(shape);
  const raw = Object.entries(keys).map(([version, text]) => {
    const bytes = decodeBase64(text);
    if (!versionShape.test(version) || bytes?.length !== keyBytes) throw new Error(shape);
    return [version, bytes] as const;
  });
  if (!raw.some(([version]) => version === current)) throw new Error(shape);
  return { current, keys: Object.fromEntries(raw) };
};

/** Reads ENCRYPTION_KEYS. Throws when it is not as documented, without quoting any of it. */
export const createEncryption = (json: string): Encryption => {
  const { current, keys } = parseKeys(json);
  const imported = new Map<string, Promise<Key>>();
  const keyOf = (version: string): Promise<Key> => {
    const known = imported.get(version);
    if (known) return known;
    const raw = Object.hasOwn(keys, version) ? keys[version] : undefined;
    if (!raw) throw new Error(`ENCRYPTION_KEYS has no key ${version}, which a stored secret needs`);
    const key = crypto.subtle.importKey("raw", raw, algorithm, false, ["encrypt", "decrypt"]);
    imported.set(version, key);
    return key;
  };
  return {
    current,
    older: Object.keys(keys).filter((version) => version !== current),
    seal: async (about, plain) => {
      const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
      const additionalData = encoder.encode(about);
      const key = await keyOf(current);
      const sealed = await crypto.subtle.encrypt({ name: algorithm, iv, additionalData }, key, encoder.encode(plain));
      const all = new Uint8Array(nonceBytes + sealed.byteLength);
      all.set(iv);
      all.set(new Uint8Array(sealed), nonceBytes);
      return { keyVersion: current, text: encodeBase64(all) };
    },
    open: async (about, { keyVersion, text }) => {
      const key = await keyOf(keyVersion);
      const all = decodeBase64(text);
      const unreadable = new Error(`The secret of ${about} does not decrypt: it is another row's, or was changed`);
      if (!all || all.length <= nonceBytes) throw unreadable;
      const iv = all.slice(0, nonceBytes);
      const additionalData = encoder.encode(about);
      try {
        const plain = await crypto.subtle.decrypt({ name: algorithm, iv, additionalData }, key, all.slice(nonceBytes));
        return new TextDecoder().decode(plain);
      } catch (error) {
        throw Object.assign(unreadable, { cause: error });
      }
    },
  };
};
