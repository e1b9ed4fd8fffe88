/** Sign-ins that are not what they claim, sent over HTTP to the running stack: each is refused with a clear error. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emailOf, people } from "../../tools/playground/slack/workspace.ts";
import { type StoryStack, startStory } from "./stack.ts";

const audience = "cv-ops-story";
const pair = await generateKeyPair("RS256", { extractable: true });
const stranger = await generateKeyPair("RS256");
let keys: Server;
let issuer: string;
let stack: StoryStack;

beforeAll(async () => {
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "story", alg: "RS256", use: "sig" };
  keys = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, "127.0.0.1");
  await once(keys, "listening");
  issuer = `http://127.0.0.1:${(keys.address() as AddressInfo).port}`;
  stack = await startStory(() => ({ ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: audience }));
});
afterAll(async () => {
  await stack.remove();
  keys.close();
});

const [person] = people;
const email = person ? emailOf(person) : "";
const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: issuer,
  aud: [audience],
  email,
  iat: seconds() - 60,
  exp: seconds() + 600,
  ...more,
});
const signed = (more: object = {}, key = pair.privateKey) =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: "RS256", kid: "story" }).sign(key);

/** Confuses a verifier that takes the public key for a shared secret. */
const withPublicKeyAsSecret = async (): Promise<string> => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", kid: "story", typ: "JWT" })}.${part(claims())}`;
  const secret = await exportSPKI(pair.publicKey);
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};

const ask = async (jwt: string) => {
  const response = await fetch(`${stack.url}/v2/me`, { headers: { "Cf-Access-Jwt-Assertion": jwt } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("a sign-in over HTTP", () => {
  it("a sign-in over HTTP that is signed for this application is taken", async () => {
    expect(await ask(await signed())).toMatchObject({ status: 200, body: { userId: person?.id } });
  });

  it.each<[string, () => Promise<string> | string, RegExp]>([
    ["for another audience", () => signed({ aud: ["another"] }), /not valid here/],
    ["of another issuer", () => signed({ iss: "https://evil.cloudflareaccess.com" }), /not valid here/],
    ["that has expired", () => signed({ iat: seconds() - 7200, exp: seconds() - 3600 }), /has ended/],
    ["with the algorithm none", () => new UnsecuredJWT(claims()).encode(), /not valid here/],
    ["with HS256 and the public key", withPublicKeyAsSecret, /not valid here/],
    ["signed by somebody else", () => signed({}, stranger.privateKey), /not valid here/],
  ])("a sign-in over HTTP %s gets 401 with a clear error", async (_name, jwt, detail) => {
    expect(await ask(await jwt())).toMatchObject({
      status: 401,
      body: { code: "unauthorized", detail: expect.stringMatching(detail) },
    });
  });
});
