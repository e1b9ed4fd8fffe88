import * as z from "zod/mini";
import type { NamedSecret } from "../../shared/signing.ts";
import { type AddressPolicy, hostOf } from "../../shared/targets/address.ts";
import type { TargetEnv } from "./target.ts";

const token = z.string().check(z.minLength(8));

const credentials = z.record(
  // The maximum length of a namespace in Vectorize.
  z.string().check(z.minLength(1), z.maxLength(64)),
  z.object({
    /** `whsec_` secrets of signed requests; two during a rotation. */
    request: z.array(z.string()).check(z.minLength(1), z.maxLength(4)),
    /** The first one signs outgoing webhooks. */
    webhook: z.array(z.string()).check(z.minLength(1), z.maxLength(4)),
    /** Bearer tokens of reads; two during a rotation. */
    read: z.pipe(
      z.union([token, z.array(token).check(z.minLength(1), z.maxLength(4))]),
      z.transform((read: string | string[]): string[] => [read].flat()),
    ),
  }),
);

/** Service binding by callback origin; null means a public HTTPS fetch. */
const callbackOrigins = z.record(z.string(), z.nullable(z.string()));

export interface TargetConfig {
  portfolios: z.infer<typeof credentials>;
  callbackOrigins: z.infer<typeof callbackOrigins>;
  /** The permitted callback addresses; the origin also has to be on the list. */
  callbackAddresses: AddressPolicy;
  /** Every portfolio's request secrets, by the portfolio's id. */
  requestSecrets: NamedSecret[];
}

const parsed = new Map<string, TargetConfig>();

/** The Worker's configuration, parsed once. Throws when a variable is malformed: the Worker then serves no request. */
export const configOf = (env: TargetEnv): TargetConfig => {
  const source = [env.PORTFOLIO_CREDENTIALS, env.CALLBACK_ORIGINS, env.ENVIRONMENT].join("\n");
  const cached = parsed.get(source);
  if (cached) return cached;
  const portfolios = z.parse(credentials, JSON.parse(env.PORTFOLIO_CREDENTIALS));
  const requestSecrets = Object.entries(portfolios).flatMap(([name, { request }]) =>
    request.map((secret) => ({ name, secret })),
  );
  // A signature must identify one portfolio.
  if (new Set(requestSecrets.map(({ secret }) => secret)).size < requestSecrets.length) {
    throw new Error("PORTFOLIO_CREDENTIALS: two portfolios share a request secret");
  }
  const origins = z.parse(callbackOrigins, JSON.parse(env.CALLBACK_ORIGINS));
  const config = {
    portfolios,
    callbackOrigins: origins,
    callbackAddresses: {
      allowedHosts: hostsOf(Object.keys(origins)),
      boundHosts: hostsOf(Object.keys(origins).filter((origin) => origins[origin] !== null)),
      isLocal: env.ENVIRONMENT === "local",
    },
    requestSecrets,
  };
  parsed.set(source, config);
  return config;
};

const hostsOf = (origins: string[]): string[] => origins.map(hostOf).filter((host) => host !== null);
