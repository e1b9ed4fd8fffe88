/**
 * Stands in for Cloudflare Access: whoever opens the portal chooses who to be, and from then on each of the browser's
 * requests to the bot carries a signed JWT, as Access adds one at the edge. What a browser itself sends under that name
 * is dropped.
 */
import { type SigningKeys, keySetOf, signedJwt } from "../slack/signing-keys.ts";
import { choicePage } from "./choice-page.ts";
import { emailOf, findActor, people } from "./slack/workspace.ts";

const header = "Cf-Access-Jwt-Assertion";
const cookieName = "cv_ops_local_access";
const prefix = "/playground/access";
const lifeSeconds = 3600;

const jwtOf = async (keys: SigningKeys, email: string, { issuer, audience }: AccessSettings): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  return signedJwt(keys, { iss: issuer, aud: [audience], email, iat: now, exp: now + lifeSeconds, sub: email });
};

export interface AccessSettings {
  issuer: string;
  audience: string;
}

const cookieOf = (request: Request): string | null => {
  const cookies = (request.headers.get("Cookie") ?? "").split(/;\s*/);
  return cookies.find((each) => each.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? null;
};

/** Only a path of this very origin. */
const returnPath = (url: URL): string => {
  const to = url.searchParams.get("to") ?? "";
  return /^\/(?![/\\])/.test(to) ? to : "/app";
};

const signInPage = (url: URL): Response => {
  const to = encodeURIComponent(returnPath(url));
  return choicePage({
    title: "Sign in to CV Ops",
    lead: "On this machine you choose who to be. In production Cloudflare Access asks for it.",
    items: people
      .filter(({ is_bot: isBot }) => !isBot)
      .map(({ id, real_name: name, title }) => ({ name, note: title, href: `${prefix}/as?user=${id}&to=${to}` })),
  });
};

const redirect = (to: string, cookie: string): Response =>
  new Response(null, { status: 303, headers: { Location: to, "Set-Cookie": cookie } });

/** `/playground/access/…`: the keys, the choice of a person, and the end of it. */
export const serveAccess = (request: Request, keys: SigningKeys): Response => {
  const url = new URL(request.url);
  switch (url.pathname === logoutPath ? "/logout" : url.pathname.slice(prefix.length)) {
    case "/cdn-cgi/access/certs":
      return Response.json(keySetOf([keys]));
    case "/as": {
      const person = findActor(url.searchParams.get("user") ?? "");
      if (!person) return signInPage(url);
      return redirect(returnPath(url), `${cookieName}=${person.id}; Path=/; HttpOnly; SameSite=Lax`);
    }
    case "/logout":
    case "/cdn-cgi/access/logout":
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
  keys: () => Promise<SigningKeys>,
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
