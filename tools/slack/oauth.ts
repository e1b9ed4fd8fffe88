/**
 * Slack's OAuth (docs.slack.dev, "Installing with OAuth", "oauth.v2.access" and "Using token rotation"): codes are good
 * once and for ten minutes, the address has to be the one that was asked with, and a refresh token is good once.
 */
type Answer = Record<string, unknown> & { ok: boolean };

export interface OAuthApp {
  clientId: string;
  clientSecret: string;
  appId: string;
  redirectUrls: readonly string[];
  /** Tokens end after twelve hours, and come with a token that refreshes them. */
  rotatesTokens: boolean;
}

/** What somebody has agreed to. */
export interface Grant {
  team: { id: string; name: string } | null;
  enterprise: { id: string; name: string } | null;
  userId: string;
  scope: string;
  redirectUri: string;
}

const codeLifetimeMs = 10 * 60_000;
const tokenSeconds = 43_200;

const refuse = (error: string): Answer => ({ ok: false, error });

const basicOf = (request: Request): [id: string, secret: string] | null => {
  const [, encoded = ""] = /^Basic (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (encoded === "") return null;
  const [id = "", ...secret] = atob(encoded).split(":");
  return [id, secret.join(":")];
};

export class OAuthServer {
  readonly #app: OAuthApp;
  readonly #nowMs: () => number;
  readonly #codes = new Map<string, { grant: Grant; untilMs: number }>();
  readonly #refreshTokens = new Map<string, Grant>();
  #issued = 0;

  constructor(app: OAuthApp, nowMs: () => number) {
    this.#app = app;
    this.#nowMs = nowMs;
  }

  /** @returns where the browser goes after somebody has agreed, or the error that Slack shows instead */
  authorize(url: URL, grant: Omit<Grant, "scope" | "redirectUri">): { location: string } | { error: string } {
    const asked = url.searchParams;
    if (asked.get("client_id") !== this.#app.clientId) return { error: "invalid_client_id" };
    const redirectUri = asked.get("redirect_uri") ?? this.#app.redirectUrls[0] ?? "";
    if (!this.#app.redirectUrls.includes(redirectUri)) return { error: "bad_redirect_uri" };
    const scope = asked.get("scope") ?? "";
    if (scope === "") return { error: "invalid_scope" };
    const code = `${(this.#issued += 1)}.${crypto.randomUUID()}`;
    this.#codes.set(code, { grant: { ...grant, scope, redirectUri }, untilMs: this.#nowMs() + codeLifetimeMs });
    return { location: this.#redirect(redirectUri, asked, { code }) };
  }

  /** @returns where the browser goes after somebody has refused */
  deny(url: URL): string {
    const redirectUri = url.searchParams.get("redirect_uri") ?? this.#app.redirectUrls[0] ?? "";
    return this.#redirect(redirectUri, url.searchParams, { error: "access_denied" });
  }

  #redirect(redirectUri: string, asked: URLSearchParams, added: Record<string, string>): string {
    const location = new URL(redirectUri);
    for (const [name, value] of Object.entries(added)) location.searchParams.set(name, value);
    location.searchParams.set("state", asked.get("state") ?? "");
    return location.href;
  }

  /** `oauth.v2.access`. */
  async access(request: Request): Promise<Answer> {
    const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()));
    const [id, secret] = basicOf(request) ?? [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
    if (id !== this.#app.clientId) return refuse("invalid_client_id");
    if (secret !== this.#app.clientSecret) return refuse("bad_client_secret");
    return form.get("grant_type") === "refresh_token" ? this.#refresh(form) : this.#exchange(form);
  }

  #exchange(form: URLSearchParams): Answer {
    const code = form.get("code") ?? "";
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (!found || found.untilMs <= this.#nowMs()) return refuse("invalid_code");
    if (form.get("redirect_uri") !== found.grant.redirectUri) return refuse("bad_redirect_uri");
    const { team, enterprise, userId, scope } = found.grant;
    return {
      ok: true,
      app_id: this.#app.appId,
      authed_user: { id: userId },
      scope,
      token_type: "bot",
      bot_user_id: "U0CVOPSBOT",
      team,
      enterprise,
      is_enterprise_install: team === null,
      ...this.#tokens(found.grant),
    };
  }

  #refresh(form: URLSearchParams): Answer {
    const refreshToken = form.get("refresh_token") ?? "";
    const grant = this.#refreshTokens.get(refreshToken);
    this.#refreshTokens.delete(refreshToken);
    if (!grant) return refuse("invalid_refresh_token");
    const { team, enterprise, scope } = grant;
    return {
      ok: true,
      app_id: this.#app.appId,
      scope,
      token_type: "bot",
      bot_user_id: "U0CVOPSBOT",
      team,
      enterprise,
      is_enterprise_install: team === null,
      ...this.#tokens(grant),
    };
  }

  #tokens(grant: Grant): Record<string, unknown> {
    this.#issued += 1;
    const place = (grant.team ?? grant.enterprise)?.id ?? "";
    if (!this.#app.rotatesTokens) return { access_token: `xoxb-${place}-${this.#issued}` };
    const refreshToken = `xoxe-1-${place}-${this.#issued}`;
    this.#refreshTokens.set(refreshToken, grant);
    return {
      access_token: `xoxe.xoxb-${place}-${this.#issued}`,
      refresh_token: refreshToken,
      expires_in: tokenSeconds,
    };
  }
}
