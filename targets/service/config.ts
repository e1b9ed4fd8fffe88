import * as z from "zod/mini";
import type { NamedSecret } from "../../shared/signing.ts";
import type { TargetEnv } from "./target.ts";

const credentials = z.record(
  // The longest namespace that Vectorize takes.
  z.string().check(z.minLength(1), z.maxLength(64)),
  z.object({
    /** `whsec_` secrets that requests to us may be signed with; two during rotation. */
    request: z.array(z.string()).check(z.minLength(1), z.maxLength(4)),
    /** The first one signs our webhooks. */
    webhook: z.array(z.string()).check(z.minLength(1), z.maxLength(4)),
    /** Bearer token of reads. */
    read: z.string().check(z.minLength(8)),
  }),
);

/** Service binding by callback origin; null means a public HTTPS fetch. */
const callbackOrigins = z.record(z.string(), z.nullable(z.string()));

export interface TargetConfig {
  portfolios: z.infer<typeof credentials>;
  callbackOrigins: z.infer<typeof callbackOrigins>;
  /** Every portfolio's request secrets, each under its portfolio's id. */
  requestSecrets: NamedSecret[];
  isLocal: boolean;
}

const parsed = new Map<string, TargetConfig>();

/** The Worker's configuration, parsed once. Throws when a variable is malformed: nothing can be served then. */
export const configOf = (env: TargetEnv): TargetConfig => {
  const source = [env.PORTFOLIO_CREDENTIALS, env.CALLBACK_ORIGINS, env.ENVIRONMENT].join("\n");
  const known = parsed.get(source);
  if (known) return known;
  const portfolios = z.parse(credentials, JSON.parse(env.PORTFOLIO_CREDENTIALS));
  const requestSecrets = Object.entries(portfolios).flatMap(([name, { request }]) =>
    request.map((secret) => ({ name, secret })),
  );
  // A signature must name one portfolio.
  if (new Set(requestSecrets.map(({ secret }) => secret)).size < requestSecrets.length) {
    throw new Error("PORTFOLIO_CREDENTIALS: two portfolios share a request secret");
  }
  const config = {
    portfolios,
    callbackOrigins: z.parse(callbackOrigins, JSON.parse(env.CALLBACK_ORIGINS)),
    requestSecrets,
    isLocal: env.ENVIRONMENT === "local",
  };
  parsed.set(source, config);
  return config;
};
