/** The page's files, built into dist/playground. */

const contentSecurityPolicy = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: https:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const prefix = "/playground/assets/";

/** Whether a path is the page, a permalink to a message in it, or one of its files. */
export const isPagePath = (pathname: string): boolean =>
  pathname === "/" || pathname.startsWith("/archives/") || pathname.startsWith(prefix);

export const servePage = async (
  assets: { fetch: (request: Request) => Promise<Response> },
  request: Request,
): Promise<Response> => {
  const url = new URL(request.url);
  const path = url.pathname.startsWith(prefix) ? `/${url.pathname.slice(prefix.length)}` : "/";
  const response = await assets.fetch(
    new Request(new URL(path, url), { method: request.method, headers: request.headers }),
  );
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", contentSecurityPolicy(url.host));
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cache-Control", "no-cache");
  return new Response(response.body, { status: response.status, headers });
};
