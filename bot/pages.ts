/** The bot's pages: the portal at /app, the API reference at /docs. This module adds headers to static assets. */
import type { Hono } from "hono";
import type { Deps } from "./env.ts";

/** No inline code and no foreign resource. 'self' does not cover WebSockets in every browser. */
const contentSecurityPolicy = (publicOrigin: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${publicOrigin.replace(/^http/, "ws")}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const yearSeconds = 31_536_000;

/** A name with a content hash is immutable. */
const isHashed = (pathname: string): boolean => /-[A-Za-z0-9_-]{8,}\.(?:js|css|woff2|svg|png)$/.test(pathname);

const serve = async ({ assets, publicOrigin }: Deps, request: Request, pathname: string): Promise<Response> => {
  const found = await assets.fetch(new Request(new URL(pathname, request.url), { headers: request.headers }));
  const headers = new Headers(found.headers);
  headers.set("Content-Security-Policy", contentSecurityPolicy(publicOrigin));
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  if (publicOrigin.startsWith("https:")) headers.set("Strict-Transport-Security", `max-age=${yearSeconds}`);
  headers.set("Cache-Control", isHashed(pathname) ? `public, max-age=${yearSeconds}, immutable` : "no-cache");
  return new Response(found.body, { status: found.status, headers });
};

/** A name with an extension is a file; every other path below /app is a page that the portal routes. */
const portalPath = (pathname: string): string => (/\.[a-z0-9]+$/i.test(pathname) ? pathname : "/app/");

export const mountPages = (app: Hono, deps: Deps): void => {
  app.get("/app", (c) => serve(deps, c.req.raw, "/app/"));
  app.get("/app/*", (c) => serve(deps, c.req.raw, portalPath(new URL(c.req.url).pathname)));
  app.get("/docs", (c) => serve(deps, c.req.raw, "/docs/"));
  app.get("/docs/problems", (c) => serve(deps, c.req.raw, "/docs/problems/"));
  app.get("/docs/*", (c) => serve(deps, c.req.raw, new URL(c.req.url).pathname));
  app.get("/v2/openapi.json", (c) => serve(deps, c.req.raw, "/docs/openapi.json"));
};
