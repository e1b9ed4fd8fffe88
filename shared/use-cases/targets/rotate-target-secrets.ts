import { type Result, fail } from "../../result.ts";
import { mustChange } from "../../storage/database.ts";
import { sealCredentials } from "../../storage/pushes/targets.ts";
import type { TargetCredentials } from "../../targets/credentials.ts";
import { chooseTarget } from "../choose-targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { type TargetSecrets, checkSecrets, proveCredentials } from "./target-secrets.ts";

export interface RotateTargetInput {
  target: string;
  /** The new ones; what is left out stays. */
  secrets: Partial<TargetSecrets>;
  /** Whether webhooks that the target signs with the secret before are taken still, while it changes. */
  keepsOldWebhook: boolean;
}

export interface RotatedTarget {
  name: string;
  /** How many secrets its webhooks may be signed with now. */
  webhookSecrets: number;
}

export type RotateTargetReason = WriteRefusal<
  "unknown_target" | "secrets_required" | "invalid_target_secret" | "target_not_proven"
>;

/**
 * The target must take the new ones already: it is called with them before they count. Without a new webhook secret and
 * without keeping the old one, the old one ends.
 */
export const rotateTargetSecrets = repeatable(
  async (ctx: UseCaseContext, input: RotateTargetInput): Promise<Result<RotatedTarget, RotateTargetReason>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "targets");
    if (!allowed.ok) return allowed;
    const chosen = chooseTarget(session.targets, input.target);
    if (!chosen.ok) return chosen;
    const target = chosen.value;
    const checked = checkSecrets(input.secrets);
    if (!checked.ok) return checked;
    const before = await ctx.credentials.of(target);
    const after = rotated(before, input);
    if (JSON.stringify(after) === JSON.stringify(before)) return fail({ code: "secrets_required" });
    const proven = await proveCredentials(ctx, target, after);
    if (!proven.ok) return proven;
    const { sealedCredentials, keyVersion } = proven.value;
    if (sealedCredentials === null || keyVersion === null) throw new Error("Proven credentials are sealed");
    return commitBatch<RotatedTarget>(
      ctx,
      { name: target.name, webhookSecrets: after.webhook.length },
      mustChange(sealCredentials(atNow(ctx).now, target, { sealedCredentials, keyVersion, importedDigest: null })),
      {
        type: "target.rotated",
        data: { target: target.name, secrets: Object.keys(input.secrets), keepsOldWebhook: input.keepsOldWebhook },
      },
    );
  },
);

const rotated = (before: TargetCredentials, { secrets, keepsOldWebhook }: RotateTargetInput): TargetCredentials => {
  const webhook = secrets.webhook ?? before.webhook[0] ?? "";
  const older = keepsOldWebhook ? before.webhook.filter((secret) => secret !== webhook).slice(0, 1) : [];
  return {
    request: [secrets.request ?? before.request[0] ?? ""],
    webhook: [webhook, ...older],
    read: secrets.read ?? before.read,
  };
};
