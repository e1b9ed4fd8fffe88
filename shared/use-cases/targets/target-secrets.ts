/** The secrets that a workspace shares with a target: their form, and the call that proves that both have them. */
import type { Refusal } from "../../contract/refusals.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { TargetCredentials } from "../../targets/credentials.ts";
import type { UseCaseContext } from "../context.ts";

/** As people give them: one for each use. */
export interface TargetSecrets {
  /** Signs our requests: `whsec_` and base64 of 24 to 64 bytes. */
  request: string;
  /** Signs the target's webhooks, in the same form. */
  webhook: string;
  /** Sent as a bearer token with each read. */
  read: string;
}

const secretShape = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;
const readShape = /^[\x21-\x7e]{8,200}$/;

const isSigningSecret = (text: string): boolean => {
  const [, base64 = ""] = /^whsec_(.*)$/.exec(text) ?? [];
  if (!secretShape.test(text) || base64.length % 4 !== 0) return false;
  const { length } = atob(base64);
  return length >= 24 && length <= 64;
};

/** Says which is malformed; never what it is. */
export const checkSecrets = (secrets: Partial<TargetSecrets>): Result<null, Refusal<"invalid_target_secret">> => {
  for (const use of ["request", "webhook", "read"] as const) {
    const text = secrets[use];
    if (text === undefined) continue;
    if (use === "read" ? !readShape.test(text) : !isSigningSecret(text)) {
      return fail({ code: "invalid_target_secret", use });
    }
  }
  return ok(null);
};

/** Calls the target with credentials that are not stored yet. It changes nothing there. */
export const proveCredentials = async (
  ctx: UseCaseContext,
  target: TargetBinding,
  credentials: TargetCredentials,
): Promise<Result<TargetBinding, Refusal<"target_not_proven">>> => {
  const { keyVersion, text } = await ctx.credentials.seal(target, credentials);
  const sealed = { ...target, sealedCredentials: text, keyVersion, importedDigest: null };
  const checked = await ctx.targets(sealed, ctx.traceId).check(target.name);
  const unproven = (because: "unreachable" | "read" | "request", message: string | null) =>
    fail({ code: "target_not_proven", target: target.name, because, message } as const);
  if (!checked.ok) return unproven("unreachable", checked.reason.message);
  if (!checked.value.reads) return unproven("read", null);
  if (!checked.value.signs) return unproven("request", null);
  return ok(sealed);
};
