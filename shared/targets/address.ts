/**
 * Which addresses we call over the network: one rule for targets, for callbacks and for whatever else people may name.
 * It reads what is written and resolves no name; redirects are refused where the call is made.
 */
import { type Result, fail, ok } from "../result.ts";

export interface AddressPolicy {
  /** `host`, or `host:port` where that is not the scheme's own port; in lower case. Nothing else is called. */
  allowedHosts: readonly string[];
  /** Those that stand for a service binding: never looked up, so they may be names of no public network. */
  boundHosts?: readonly string[];
  /** The local stack may use plain http and `localhost`. */
  isLocal: boolean;
  /** Any public host may be called, on its scheme's own port; `localhost` on any, where that may be used. */
  anyPublicHost?: boolean;
}

/** What each rule wants, as the end of a sentence about an address. */
export const addressRules = {
  spelling: "must be spelt plainly: https://host/path in ASCII, the host of letters and digits, hyphens and dots",
  scheme: "must be https; plain http is for the local stack alone",
  credentials: "must hold no user name or password",
  fragment: "must have no fragment (#…)",
  ip_literal: "must name its host; an IP address is refused in every spelling",
  private_name: "must name a host of the public network, not localhost, a single word, .internal, .local or the like",
  public_port: "must use the port of its scheme, 443 for https",
  port: "must use a port that is listed for its host",
  not_listed: "must have a host that is on the list of those that may be called",
} as const;
export type AddressRule = keyof typeof addressRules;

export interface AddressRefused {
  code: "url_not_allowed";
  rule: AddressRule;
  message: string;
}

const maxLength = 2048;
const maxHostLength = 253;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A last label like this makes the whole host an IPv4 address (url.spec.whatwg.org, "ends in a number"). */
const number = /^(\d+|0x[0-9a-f]*)$/;
/** Names of a private network or of the machine itself (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal). */
const privateSuffixes = new Set(
  "localhost local localdomain internal intranet private corp home lan arpa onion alt invalid".split(" "),
);

export const checkAddress = (text: string, policy: AddressPolicy): Result<URL, AddressRefused> => {
  const read = readAddress(text);
  if (typeof read === "string") return refused(read);
  const { url, host } = read;
  const rule = schemeRule(url, policy) ?? nameRule(host, policy) ?? listRule(url, host, policy);
  return rule ? refused(rule) : ok(url);
};

const refused = (rule: AddressRule): { ok: false; reason: AddressRefused } =>
  fail({ code: "url_not_allowed", rule, message: addressRules[rule] });

/** What is written has to be what a URL parser makes of it: parsers repair a lot, each in its own way. */
const readAddress = (text: string): AddressRule | { url: URL; host: string } => {
  if (text.length > maxLength || /[^\x21-\x7e]|\\/.test(text)) return "spelling";
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme === undefined) return /^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(text) ? "scheme" : "spelling";
  if (!/^https?$/i.test(scheme)) return "scheme";
  const [authority = ""] = rest.split(/[/?#]/, 1);
  if (authority.includes("@")) return "credentials";
  if (rest.includes("#")) return "fragment";
  if (/^\[|^[^.]*:.*:/.test(authority)) return "ip_literal";
  const [, written, port] = /^([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/i.exec(authority) ?? [];
  const host = written?.toLowerCase();
  if (host === undefined || host.length > maxHostLength) return "spelling";
  const labels = host.split(".");
  if (number.test(labels.at(-1) || (labels.at(-2) ?? ""))) return "ip_literal";
  if (!labels.every((each) => label.test(each)) || !URL.canParse(text)) return "spelling";
  const url = new URL(text);
  const ownPort = url.protocol === "https:" ? "443" : "80";
  return url.hostname === host && url.port === (port === ownPort ? "" : (port ?? "")) ? { url, host } : "spelling";
};

const schemeRule = ({ protocol }: URL, { isLocal }: AddressPolicy): AddressRule | null =>
  protocol === "https:" || isLocal ? null : "scheme";

const nameRule = (host: string, { isLocal, boundHosts = [] }: AddressPolicy): AddressRule | null => {
  if (boundHosts.includes(host) || (isLocal && host === "localhost")) return null;
  const labels = host.split(".");
  return labels.length < 2 || privateSuffixes.has(labels.at(-1) ?? "") ? "private_name" : null;
};

const listRule = (url: URL, host: string, { allowedHosts, anyPublicHost }: AddressPolicy): AddressRule | null => {
  if (allowedHosts.includes(url.host)) return null;
  if (anyPublicHost) return url.port === "" || host === "localhost" ? null : "public_port";
  return allowedHosts.some((allowed) => allowed.split(":")[0] === host) ? "port" : "not_listed";
};

/** The host of an address as a list of hosts names it; null when it has none. */
export const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : "") || null;
