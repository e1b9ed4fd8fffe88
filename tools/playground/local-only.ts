/**
 * Whom the stack serves. It signs everybody in as anybody, so its own machine has all of it, and others what they need.
 * A foreign Host is DNS rebinding, a foreign Origin is cross-site request forgery.
 */
const localHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

export interface Exposed {
  /** Where Slack, targets and programs reach the bot: a tunnel's address. */
  PUBLIC_URL: string;
  /** Names under which the operator lets others have everything, separated by commas. */
  LOCAL_STACK_HOSTS: string;
}

/** The bot's own routes check signatures and tokens; everything else here acts for whoever is named. */
const isOfBot = (pathname: string): boolean => /^\/(?:slack|v2|docs)(?:\/|$)/.test(pathname);

/** A target reports about the seed by its service binding, under the name that `local-targets.ts` gives; it signs. */
const isReport = (host: string, pathname: string): boolean =>
  host === "playground.internal" && pathname === "/playground/sink";

const hostOf = (address: string): string =>
  URL.canParse(`http://${address}`) ? new URL(`http://${address}`).hostname : "";

export const hostsOf = (exposed: Exposed): { whole: string[]; bot: string } => ({
  whole: exposed.LOCAL_STACK_HOSTS.split(/[\s,]+/)
    .map(hostOf)
    .filter((host) => host !== ""),
  bot: URL.canParse(exposed.PUBLIC_URL) ? new URL(exposed.PUBLIC_URL).hostname : "",
});

/** Whether a request was sent to this machine, or to a named one, and not by another site's page. */
export const isServed = (request: Request, exposed: Exposed): boolean => {
  const url = new URL(request.url);
  const named = hostOf(request.headers.get("Host") ?? url.host);
  const { whole, bot } = hostsOf(exposed);
  const isWhole = (host: string): boolean => localHosts.has(host) || whole.includes(host);
  const mayReach = (host: string): boolean =>
    isWhole(host) || (host === bot && isOfBot(url.pathname)) || isReport(host, url.pathname);
  if (![named, url.hostname].every(mayReach)) return false;
  const origin = request.headers.get("Origin");
  return origin === null || origin === url.origin || (URL.canParse(origin) && whole.includes(new URL(origin).hostname));
};

/** What others can reach, for whoever starts the stack; empty where that is nothing. */
export const exposureOf = (exposed: Exposed): string[] => {
  const { whole, bot } = hostsOf(exposed);
  return [
    ...(bot === "" || localHosts.has(bot)
      ? []
      : [`${bot} reaches the bot (/slack, /v2, /docs), which checks signatures and tokens.`]),
    ...whole.map((host) => `${host} reaches EVERYTHING: whoever opens it acts as anybody, admins included.`),
  ];
};
