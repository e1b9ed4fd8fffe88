const localHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request may act for a person: it was sent to this machine by name, and not by another site's page.
 * A foreign Host is DNS rebinding, a foreign Origin is cross-site request forgery.
 */
export const isLocalRequest = (request: Request): boolean => {
  const url = new URL(request.url);
  const origin = request.headers.get("Origin");
  const host = request.headers.get("Host") ?? url.host;
  const named = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
  return localHosts.has(named) && localHosts.has(url.hostname) && (origin === null || origin === url.origin);
};
