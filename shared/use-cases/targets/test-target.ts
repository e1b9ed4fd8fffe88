import type { Result } from "../../result.ts";
import { chooseTarget } from "../choose-targets.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";
import { proveCredentials } from "./target-secrets.ts";

/** Calls a target with the secrets that are stored, and changes nothing there or here. */
export const testTarget = async (
  ctx: UseCaseContext,
  input: { target: string },
): Promise<Result<{ name: string }, ReadRefusal<"unknown_target" | "target_not_proven">>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "targets");
  if (!allowed.ok) return allowed;
  const chosen = chooseTarget(session.targets, input.target);
  if (!chosen.ok) return chosen;
  const target = chosen.value;
  const proven = await proveCredentials(ctx, target, await ctx.credentials.of(target));
  return proven.ok ? { ok: true, value: { name: target.name } } : proven;
};
