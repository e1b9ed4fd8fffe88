import type { TargetBinding } from "../storage/pushes/targets.ts";
import { type AddressPolicy, checkAddress } from "./address.ts";
import { type TargetClient, createTargetClient } from "./client.ts";
import { type CredentialSource, noCredentials } from "./credential-source.ts";
import type { TargetCredentials } from "./credentials.ts";

/** Finds the client for a target of a workspace; what it sends belongs to the trace, where there is one. */
export type TargetDirectory = (target: TargetBinding, traceId?: string) => TargetClient;

/** Origin of callbacks that come through a service binding; the name stands for us in the targets' CALLBACK_ORIGINS. */
export const internalOrigin = "https://cv-ops.internal";

export interface DirectoryOptions {
  /** The Worker's bindings by name: a target names the service that it is bound to. */
  services: Readonly<Record<string, unknown>>;
  /** Addresses that replace a target's own, by target name. */
  urls: Record<string, string>;
  credentials: CredentialSource;
  /** Our own public address, for targets that are reached over the network. */
  publicUrl: string;
  /** Which addresses may be called over the network. */
  addresses: AddressPolicy;
  nowMs: () => number;
  newId: () => string;
}

const isService = (binding: unknown): binding is Pick<Fetcher, "fetch"> =>
  typeof binding === "object" && binding !== null && "fetch" in binding;

/** Throws when a target is configured wrongly: that is for whoever deploys, not for whoever pushes. */
export const createDirectory =
  (options: DirectoryOptions): TargetDirectory =>
  (target, traceId) => {
    if (!options.credentials.has(target)) throw new Error(noCredentials(target));
    const { nowMs, newId } = options;
    let opened: Promise<TargetCredentials> | null = null;
    const credentials = () => (opened ??= options.credentials.of(target));
    const shared = { portfolioId: target.portfolioId, credentials, nowMs, newId, traceId: traceId ?? null };
    const callbackPath = `/v2/webhook/${encodeURIComponent(target.name)}`;

    const url = options.urls[target.name] || target.url;
    if (url) {
      const address = checkAddress(url, options.addresses);
      if (!address.ok) throw new Error(`The address of target ${target.name} ${address.reason.message}`);
      return createTargetClient({
        ...shared,
        baseUrl: address.value.href,
        callbackUrl: new URL(callbackPath, options.publicUrl).href,
        fetch: (request) => fetch(request),
      });
    }
    const service = target.binding ? options.services[target.binding] : undefined;
    if (!isService(service)) {
      throw new Error(`Target ${target.name} has neither an address nor a service binding that exists`);
    }
    return createTargetClient({
      ...shared,
      baseUrl: `https://${target.name}.internal`,
      callbackUrl: `${internalOrigin}${callbackPath}`,
      fetch: (request) => service.fetch(request),
    });
  };
