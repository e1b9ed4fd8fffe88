/**
 * Stands in for Cloudflare Access: whoever opens the portal chooses who to be, and from then on each of the browser's
 * requests to the bot carries a signed JWT, as Access adds one at the edge. What a browser itself sends under that name
 * is dropped.
 */
import { emailOf, findActor, people } from "./slack/workspace.ts";

const header = "Cf-Access-Jwt-Assertion";
const cookieName = "cv_ops_local_access";
const prefix = "/playground/access";
const lifeSeconds = 3600;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const encoded = (value: object): string => base64url(new TextEncoder().encode(JSON.stringify(value)));

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** As they are kept: private and public JWK. */
export interface AccessKeys {
  kid: string;
  privateKey: JsonWebKey;
  publicKey: JsonWebKey;
}

export const newAccessKeys = async (): Promise<AccessKeys> => {
  const modulus = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const pair = await crypto.subtle.generateKey({ ...algorithm, ...modulus }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("Not a pair of keys");
  const [privateKey, publicKey] = await Promise.all(
    [pair.privateKey, pair.publicKey].map((key) => crypto.subtle.exportKey("jwk", key) as Promise<JsonWebKey>),
  );
  if (!privateKey || !publicKey) throw new Error("Not a pair of keys");
  return { kid: crypto.randomUUID(), privateKey, publicKey };
};

const jwtOf = async (keys: AccessKeys, email: string, { issuer, audience }: AccessSettings): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: [audience], email, iat: now, exp: now + lifeSeconds, sub: email };
  const signed = `${encoded({ alg: "RS256", kid: keys.kid, typ: "JWT" })}.${encoded(claims)}`;
  const key = await crypto.subtle.importKey("jwk", keys.privateKey, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
};

export interface AccessSettings {
  issuer: string;
  audience: string;
}

const cookieOf = (request: Request): string | null => {
  const cookies = (request.headers.get("Cookie") ?? "").split(/;\s*/);
  return cookies.find((each) => each.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? null;
};

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Only a path of this very origin. */
const returnPath = (url: URL): string => {
  const to = url.searchParams.get("to") ?? "";
  return /^\/(?![/\\])/.test(to) ? to : "/app";
};

const signInPage = (url: URL): Response => {
  const to = encodeURIComponent(returnPath(url));
  const choices = people
    .filter(({ is_bot: isBot }) => !isBot)
    .map(
      ({ id, real_name: name, title }) =>
        `<li><a href="${prefix}/as?user=${id}&amp;to=${to}"><strong>${escape(name)}</strong> <span>${escape(title)}</span></a></li>`,
    );
  const style =
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}ul{list-style:none;padding:0}a{display:flex;justify-content:space-between;padding:.75rem 1rem;margin:.5rem 0;border:1px solid #8888;border-radius:8px;text-decoration:none;color:inherit}a:hover{border-color:#2f6f4f}";
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in to CV Ops</title><style>${style}</style></head><body><main><h1>Sign in to CV Ops</h1><p>On this machine you choose who to be. In production Cloudflare Access asks for it.</p><ul>${choices.join("")}</ul></main></body></html>`;
  return new Response(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
};

const redirect = (to: string, cookie: string): Response =>
  new Response(null, { status: 303, headers: { Location: to, "Set-Cookie": cookie } });

/** `/playground/access/…`: the keys, the choice of a person, and the end of it. */
export const serveAccess = (request: Request, keys: AccessKeys): Response => {
  const url = new URL(request.url);
  switch (url.pathname === logoutPath ? "/logout" : url.pathname.slice(prefix.length)) {
    case "/cdn-cgi/access/certs":
      return Response.json({ keys: [{ ...keys.publicKey, kid: keys.kid, alg: "RS256", use: "sig" }] });
    case "/as": {
      const person = findActor(url.searchParams.get("user") ?? "");
      if (!person) return signInPage(url);
      return redirect(returnPath(url), `${cookieName}=${person.id}; Path=/; HttpOnly; SameSite=Lax`);
    }
    case "/logout":
      return redirect(`${prefix}/login`, `${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);
    default:
      return signInPage(url);
  }
};

/** Where Access ends a session, on the host of the application. */
const logoutPath = "/cdn-cgi/access/logout";

export const isAccessPath = (pathname: string): boolean => pathname.startsWith(`${prefix}/`) || pathname === logoutPath;

/** What is behind Access: the portal, and the API for whoever brings no token. */
const isProtected = (pathname: string): boolean => /^\/(?:app|v2)(?:\/|$)/.test(pathname);

/** The request as Access lets it through; a redirect to sign in for a page without. */
export const throughAccess = async (
  request: Request,
  keys: () => Promise<AccessKeys>,
  settings: AccessSettings,
): Promise<Request | Response> => {
  const url = new URL(request.url);
  // Somebody else signs people in: what they say is for the bot to check.
  if (!settings.issuer.endsWith(prefix)) return request;
  const headers = new Headers(request.headers);
  headers.delete(header);
  const person = isProtected(url.pathname) ? findActor(cookieOf(request) ?? "") : null;
  if (person) headers.set(header, await jwtOf(await keys(), emailOf(person), settings));
  const isPage = url.pathname === "/app" || (url.pathname.startsWith("/app/") && !/\.\w+$/.test(url.pathname));
  if (!person && isPage) {
    return Response.redirect(
      new URL(`${prefix}/login?to=${encodeURIComponent(url.pathname + url.search)}`, url).href,
      303,
    );
  }
  return new Request(request, { headers });
};
