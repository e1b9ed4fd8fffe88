/**
 * Slack's OAuth (docs.slack.dev, "Installing with OAuth", "oauth.v2.access", "oauth.v2.exchange" and "Using token
 * rotation"): what its page refuses, codes that are good once and for ten minutes, refresh tokens that are good once,
 * and tokens that end. The caller keeps them.
 */
import { stringOf } from "./json.ts";
import { isScope } from "./scopes.ts";
import { type Answer, type Arguments, refuse } from "./web-api/method.ts";

export interface OAuthApp {
  clientId: string;
  clientSecret: string;
  appId: string;
  redirectUrls: readonly string[];
  /** Tokens end after twelve hours, and come with a token that refreshes them. */
  rotatesTokens: boolean;
}

/** What an app asks for, once it is found in order. */
export interface AskedFor {
  redirectUri: string;
  state: string;
  /** Comma-separated, of the app's bot. */
  scope: string;
  userScope: string;
  /** Where alone it may be installed; null where the person who agrees chooses. */
  team: string | null;
}

/** What somebody has agreed to. */
export interface Grant extends AskedFor {
  /** Null where it is installed for a whole organisation. */
  place: { id: string; name: string } | null;
  enterprise: { id: string; name: string } | null;
  userId: string;
}

export type SecretKind = "code" | "refresh" | "bot" | "user";

export interface Secret {
  kind: SecretKind;
  grant: Grant;
  /** Null: it does not end by itself. */
  untilMs: number | null;
  /** Why it is good no longer, in Slack's words; null while it is. */
  ended: string | null;
}

export interface SecretStore {
  find: (text: string) => Secret | null;
  put: (text: string, secret: Secret) => void;
  end: (text: string, because: string) => void;
  /** Whatever an installation still has. */
  endAll: (placeId: string, because: string) => void;
  /** Of one installation, the newest last. */
  botTokens: (placeId: string) => string[];
}

const codeLifetimeMs = 10 * 60_000;
const tokenSeconds = 43_200;
/** With the third, Slack revokes the first. */
const maxActiveTokens = 2;

const scopesIn = (text: string): string[] => text.split(/[\s,]+/).filter((scope) => scope !== "");

const isRegistered = ({ redirectUrls }: OAuthApp, redirectUri: string): boolean =>
  redirectUrls.some((registered) => redirectUri === registered || redirectUri.startsWith(`${registered}/`));

/** The error that Slack's page shows, and does not send back: the address may be anybody's. */
export const readAuthorize = (app: OAuthApp, query: URLSearchParams): AskedFor | { error: string } => {
  if (query.get("client_id") !== app.clientId) return { error: "invalid_client_id" };
  const redirectUri = query.get("redirect_uri") ?? app.redirectUrls[0] ?? "";
  if (!isRegistered(app, redirectUri)) return { error: "bad_redirect_uri" };
  const [scope = [], userScope = []] = [query.get("scope"), query.get("user_scope")].map((text) =>
    scopesIn(text ?? ""),
  );
  if (scope.length + userScope.length === 0) return { error: "invalid_scope" };
  if (![...scope, ...userScope].every(isScope)) return { error: "invalid_scope" };
  return {
    redirectUri,
    state: query.get("state") ?? "",
    scope: scope.join(","),
    userScope: userScope.join(","),
    team: query.get("team"),
  };
};

/** Where Slack sends the browser back to: with a code, or without where somebody has declined. */
export const backTo = ({ redirectUri, state }: AskedFor, code: string | null): string => {
  const url = new URL(redirectUri);
  if (code === null) url.searchParams.set("error", "access_denied");
  else url.searchParams.set("code", code);
  url.searchParams.set("state", state);
  return url.href;
};

const basicOf = (authorization: string | null): [id: string, secret: string] | null => {
  const [, encoded = ""] = /^Basic (.+)$/i.exec(authorization ?? "") ?? [];
  if (encoded === "") return null;
  try {
    const [id = "", ...secret] = atob(encoded).split(":");
    return [id, secret.join(":")];
  } catch {
    return null;
  }
};

/** In memory, for tests. */
export const secretsInMemory = (): SecretStore => {
  const secrets = new Map<string, Secret>();
  const end = (text: string, because: string): void => {
    const found = secrets.get(text);
    if (found?.ended === null) secrets.set(text, { ...found, ended: because });
  };
  return {
    find: (text) => secrets.get(text) ?? null,
    put: (text, secret) => void secrets.set(text, secret),
    end,
    endAll: (placeId, because) => {
      for (const [text, { grant }] of secrets) if (installedAt(grant).id === placeId) end(text, because);
    },
    botTokens: (placeId) =>
      [...secrets].flatMap(([text, { kind, grant, ended }]) =>
        kind === "bot" && ended === null && installedAt(grant).id === placeId ? [text] : [],
      ),
  };
};

/** The workspace or the organisation that has the app. */
export const installedAt = ({ place, enterprise }: Grant): { id: string; name: string } =>
  place ?? enterprise ?? { id: "", name: "" };

export class OAuthServer {
  readonly #app: OAuthApp;
  readonly #nowMs: () => number;
  readonly #secrets: SecretStore;

  constructor(app: OAuthApp, nowMs: () => number, secrets: SecretStore = secretsInMemory()) {
    this.#app = app;
    this.#nowMs = nowMs;
    this.#secrets = secrets;
  }

  /** @returns where the browser goes after somebody has agreed, or the error that Slack shows instead */
  authorize(
    url: URL,
    who: { team: Grant["place"]; enterprise: Grant["enterprise"]; userId: string },
  ): { location: string } | { error: string } {
    const asked = readAuthorize(this.#app, url.searchParams);
    if ("error" in asked) return asked;
    const { team: place, enterprise, userId } = who;
    const grant: Grant = { ...asked, place, enterprise, userId };
    const code = `${installedAt(grant).id}.${crypto.randomUUID()}`;
    this.#secrets.put(code, { kind: "code", grant, untilMs: this.#nowMs() + codeLifetimeMs, ended: null });
    return { location: backTo(asked, code) };
  }

  /** @returns where the browser goes after somebody has refused */
  deny(url: URL): string {
    const asked = readAuthorize(this.#app, url.searchParams);
    if ("error" in asked) throw new Error(asked.error);
    return backTo(asked, null);
  }

  /**
   * `oauth.v2.access` and `oauth.v2.exchange`.
   * @param authorization the header, which may have the app's credentials
   */
  answer(method: string, args: Arguments, authorization: string | null): Answer {
    const [id, secret] = basicOf(authorization) ?? [stringOf(args["client_id"]), stringOf(args["client_secret"])];
    if (id !== this.#app.clientId) return refuse("invalid_client_id");
    if (secret !== this.#app.clientSecret) return refuse("bad_client_secret");
    if (method === "oauth.v2.exchange") return this.#rotate(stringOf(args["token"]));
    switch (stringOf(args["grant_type"])) {
      case "":
      case "authorization_code":
        return this.#exchange(args);
      case "refresh_token":
        return this.#refresh(stringOf(args["refresh_token"]));
      default:
        return refuse("invalid_grant_type");
    }
  }

  /** The newest token of an installation that Slack still takes; null where there is none. */
  tokenOf(placeId: string): string | null {
    return this.#secrets.botTokens(placeId).at(-1) ?? null;
  }

  /** The workspace or organisation for which a token was issued; null where none was. */
  placeOf(token: string): string | null {
    const found = this.#secrets.find(token);
    return found?.kind === "bot" ? installedAt(found.grant).id : null;
  }

  /** The app is uninstalled: none of its tokens is good any more. */
  uninstall(placeId: string): void {
    this.#secrets.endAll(placeId, "account_inactive");
  }

  /** What Slack says of a token that it does not take; null where it takes it. */
  refusalOf(token: string): string | null {
    const found = this.#secrets.find(token);
    if (!found || (found.kind !== "bot" && found.kind !== "user")) return "invalid_auth";
    if (found.ended !== null) return found.ended;
    return found.untilMs !== null && found.untilMs <= this.#nowMs() ? "token_expired" : null;
  }

  /** Takes what is good once, if it is still good. */
  #take(text: string, kind: SecretKind): Grant | null {
    const found = this.#secrets.find(text);
    if (!found || found.kind !== kind || found.ended !== null) return null;
    this.#secrets.end(text, "used");
    return found.untilMs !== null && found.untilMs <= this.#nowMs() ? null : found.grant;
  }

  #exchange(args: Arguments): Answer {
    const grant = this.#take(stringOf(args["code"]), "code");
    if (!grant) return refuse("invalid_code");
    if (stringOf(args["redirect_uri"]) !== grant.redirectUri) return refuse("bad_redirect_uri");
    const { userId, userScope } = grant;
    const ofUser = userScope === "" ? {} : { scope: userScope, token_type: "user", ...this.#issue(grant, "user") };
    return { ...this.#installation(grant), authed_user: { id: userId, ...ofUser }, ...this.#issue(grant, "bot") };
  }

  #refresh(refreshToken: string): Answer {
    const grant = this.#take(refreshToken, "refresh");
    if (!grant) return refuse("invalid_refresh_token");
    return { ...this.#installation(grant), ...this.#issue(grant, "bot") };
  }

  /** A token that does not end becomes one that does. */
  #rotate(token: string): Answer {
    const found = this.#secrets.find(token);
    if (!this.#app.rotatesTokens) return refuse("token_rotation_not_enabled");
    if (!found || found.kind !== "bot" || found.untilMs !== null) return refuse("invalid_token");
    if (found.ended === "token_revoked") return refuse("token_already_exchanged");
    if (found.ended !== null) return refuse("authorization_not_found");
    this.#secrets.end(token, "token_revoked");
    return { ...this.#installation(found.grant), ...this.#issue(found.grant, "bot") };
  }

  #installation({ place, enterprise, scope }: Grant): Answer {
    return {
      ok: true,
      app_id: this.#app.appId,
      scope,
      token_type: "bot",
      bot_user_id: "U0CVOPSBOT",
      team: place,
      enterprise,
      is_enterprise_install: place === null,
    };
  }

  #issue(grant: Grant, kind: "bot" | "user"): Record<string, unknown> {
    const { id } = installedAt(grant);
    const letter = kind === "bot" ? "b" : "p";
    const name = crypto.randomUUID();
    const active = kind === "bot" ? this.#secrets.botTokens(id) : [];
    if (!this.#app.rotatesTokens) {
      // Installing an app that is installed gives the same token.
      const same = active.at(-1);
      if (same) return { access_token: same };
      const token = `xox${letter}-${id}-${name}`;
      this.#secrets.put(token, { kind, grant, untilMs: null, ended: null });
      return { access_token: token };
    }
    for (const old of active.slice(0, Math.max(0, active.length + 1 - maxActiveTokens)))
      this.#secrets.end(old, "token_revoked");
    const [token, refreshToken] = [`xoxe.xox${letter}-${id}-${name}`, `xoxe-1-${id}-${crypto.randomUUID()}`];
    this.#secrets.put(token, { kind, grant, untilMs: this.#nowMs() + tokenSeconds * 1000, ended: null });
    this.#secrets.put(refreshToken, { kind: "refresh", grant, untilMs: null, ended: null });
    return { access_token: token, refresh_token: refreshToken, expires_in: tokenSeconds };
  }
}
