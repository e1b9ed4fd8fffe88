/** Slack's part of Sign in with Slack, in memory: its page, its codes and its keys, which it may rotate. */
import {
  type Grant,
  type OpenIdApp,
  answerToken,
  backTo,
  codeLifetimeMs,
  readAuthorize,
} from "../../../tools/slack/openid.ts";
import { type SigningKeys, keySetOf, newSigningKeys, signedJwt } from "../../../tools/slack/signing-keys.ts";
import { type Answer, readCall, refuse } from "../../../tools/slack/web-api/method.ts";

export interface FakeOpenIdOptions {
  app: OpenIdApp;
  /** Such as `https://slack.com`: each test has its own, because keys are cached by address. */
  issuer: string;
  nowMs: () => number;
}

export class FakeOpenId {
  readonly #options: FakeOpenIdOptions;
  readonly #grants = new Map<string, Grant & { teamId: string }>();
  #keys: SigningKeys[] = [];
  /** How often its keys were asked for. */
  keyFetches = 0;
  down = false;
  /** Claims that its next identity tokens have instead. */
  claims: Record<string, unknown> = {};
  /** Signs with it instead of the newest of its own. */
  forgedBy: SigningKeys | null = null;

  constructor(options: FakeOpenIdOptions) {
    this.#options = options;
  }

  /** From now on it signs with another key, which it publishes. */
  async rotate(): Promise<void> {
    this.#keys.unshift(await newSigningKeys());
  }

  /** Somebody agrees at Slack's page. @returns where Slack sends them; an error where the page refuses */
  agree(page: string, person: { teamId: string; userId: string } | null): string {
    const asked = readAuthorize(this.#options.app, new URL(page).searchParams);
    if ("error" in asked) throw new Error(`Slack's page says ${asked.error}`);
    if (person === null) return backTo(asked, null);
    const code = crypto.randomUUID();
    this.#grants.set(code, { ...asked, ...person, expiresMs: this.#options.nowMs() + codeLifetimeMs });
    return backTo(asked, code);
  }

  /** Null for a request of something else. */
  async answer(request: Request): Promise<Response | null> {
    const { issuer } = this.#options;
    if (request.url === `${issuer}/openid/connect/keys`) {
      this.keyFetches += 1;
      return this.down ? new Response("down", { status: 502 }) : Response.json(keySetOf(this.#keys));
    }
    if (request.url !== `${issuer}/api/openid.connect.token`) return null;
    if (this.down) return new Response("down", { status: 503 });
    const call = await readCall(request);
    return Response.json("error" in call ? refuse(call.error) : await this.#token(call.args));
  }

  async #token(args: Record<string, unknown>): Promise<Answer> {
    const { app, issuer, nowMs } = this.#options;
    if (this.#keys.length === 0) await this.rotate();
    const [keys] = this.#keys;
    if (!keys) throw new Error("no key");
    let teamId = "";
    const takeGrant = (code: string): Grant | null => {
      const found = this.#grants.get(code) ?? null;
      this.#grants.delete(code);
      teamId = found?.teamId ?? "";
      return found;
    };
    const answer = await answerToken({ app, issuer, teamId: () => teamId, keys, nowMs: nowMs(), takeGrant }, args);
    if (!answer.ok || (Object.keys(this.claims).length === 0 && this.forgedBy === null)) return answer;
    const [, payload = ""] = String(answer["id_token"]).split(".");
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as object;
    return { ...answer, id_token: await signedJwt(this.forgedBy ?? keys, { ...claims, ...this.claims }) };
  }
}
