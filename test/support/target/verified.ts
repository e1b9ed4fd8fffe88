import { verify } from "../../../shared/signing.ts";
import type { TargetOptions } from "./protocol-target.ts";

/** Signatures as the product's own code reads them, at this time. */
export const verified =
  (nowMs: () => number): TargetOptions["whyUnsigned"] =>
  async (secrets, headers, text) => {
    const candidates = secrets.map((secret) => ({ name: "request", secret }));
    const result = await verify(candidates, headers, text, nowMs());
    return result.ok ? null : result.reason;
  };
