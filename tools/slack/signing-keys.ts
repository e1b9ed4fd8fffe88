/** A pair of keys with which somebody signs JWTs: as Slack and Cloudflare Access do, by RS256. */

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Of an RSA key (RFC 7517, RFC 7518). */
interface JsonWebKey {
  kty: string;
  n?: string;
  e?: string;
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}

/** As they are kept: private and public JWK. */
export interface SigningKeys {
  kid: string;
  privateKey: JsonWebKey;
  publicKey: JsonWebKey;
}

export const newSigningKeys = async (): Promise<SigningKeys> => {
  const modulus = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await crypto.subtle.generateKey({ ...algorithm, ...modulus }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("Not a pair of keys");
  const [privateKey, publicKey] = await Promise.all(
    [pair.privateKey, pair.publicKey].map((key) => crypto.subtle.exportKey("jwk", key) as Promise<JsonWebKey>),
  );
  if (!privateKey || !publicKey) throw new Error("Not a pair of keys");
  return { kid: crypto.randomUUID(), privateKey, publicKey };
};

/** A JSON Web Key Set. */
export const keySetOf = (keys: readonly SigningKeys[]) => ({
  keys: keys.map(({ kid, publicKey }) => ({ ...publicKey, kid, alg: "RS256", use: "sig" })),
});

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const encoded = (value: object): string => base64url(new TextEncoder().encode(JSON.stringify(value)));

export const signedJwt = async (keys: SigningKeys, claims: object): Promise<string> => {
  const signed = `${encoded({ alg: "RS256", kid: keys.kid, typ: "JWT" })}.${encoded(claims)}`;
  const key = await crypto.subtle.importKey("jwk", keys.privateKey, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
};
