import { type JWK, SignJWT, exportJWK, generateKeyPair } from "jose";
import { vi } from "vitest";
import { clock } from "./clock.ts";

export const audience = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";

/** Access at the HTTP boundary: its keys, which it rotates, and the sign-ins that it gives out. */
export class AccessTeam {
  readonly issuer: string;
  readonly keys: { kid: string; privateKey: CryptoKey; jwk: JWK }[] = [];
  fetches = 0;
  down = false;

  constructor(name: string) {
    this.issuer = `https://${name}.cloudflareaccess.com`;
  }

  async addKey(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    this.keys.unshift({ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } });
  }

  serve(): Response {
    this.fetches += 1;
    if (this.down) return new Response("down", { status: 502 });
    return Response.json({ keys: this.keys.map(({ jwk }) => jwk) });
  }

  async signIn(email: string, claims: Record<string, unknown> = {}, lifeSeconds = 3600): Promise<string> {
    const [key] = this.keys;
    if (!key) throw new Error("no key");
    const now = Math.floor(clock.nowMs() / 1000);
    return new SignJWT({ iss: this.issuer, aud: [audience], email, iat: now, exp: now + lifeSeconds, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: key.kid })
      .sign(key.privateKey);
  }

  /** Its address answers; everything else is asked for as before. */
  standIn(): void {
    const toOthers = globalThis.fetch;
    vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
      const { href } = new URL(input instanceof Request ? input.url : String(input));
      return href === `${this.issuer}/cdn-cgi/access/certs` ? Promise.resolve(this.serve()) : toOthers(input, init);
    });
  }
}
