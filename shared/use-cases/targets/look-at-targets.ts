import { log } from "../../log.ts";
import { type Result, ok } from "../../result.ts";
import { targetsDownQuery } from "../../storage/pushes/target-health.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { within } from "../../within.ts";
import { chooseTarget } from "../choose-targets.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, type Refused, openSession, permit } from "../session.ts";
import type { ShownTarget } from "./add-target.ts";
import { type ListedTarget, listedTarget } from "./list-targets.ts";

export interface LookedAtTarget extends ListedTarget {
  /** Of its code, by its own words just now; null where it does not say. */
  version: string | null;
}

/** A person waits for what is of use without a version too. */
const patienceMs = 1000;

/** For people who manage targets: one, and its version. It sends a webhook back, so that a list asks none of them. */
export const lookAtTarget = async (
  ctx: UseCaseContext,
  typed: string,
): Promise<Result<LookedAtTarget, ReadRefusal<"unknown_target">>> => {
  const [session, down] = await openSession(ctx, targetsDownQuery(ctx.workspaceId));
  const allowed = permit(session, "targets");
  if (!allowed.ok) return allowed;
  const chosen = chooseTarget(session.targets, typed);
  if (!chosen.ok) return chosen;
  return ok({ ...listedTarget(chosen.value, down), version: await versionOf(ctx, chosen.value) });
};

/** All of them, for people who manage them, in the order of a push. */
export const targetsToManage = async (ctx: UseCaseContext): Promise<Result<ListedTarget[], Refused>> => {
  const [session, down] = await openSession(ctx, targetsDownQuery(ctx.workspaceId));
  const allowed = permit(session, "targets");
  return allowed.ok ? ok(session.targets.map((target) => listedTarget(target, down))) : allowed;
};

const versionOf = async ({ targets, traceId, workspaceId }: UseCaseContext, target: TargetBinding) => {
  const late = () => new Error(`gave no answer within ${patienceMs} ms`);
  try {
    const pinged = await within(patienceMs, targets(target, traceId).ping(target.name), late);
    return pinged.ok ? (pinged.value?.version ?? null) : null;
  } catch (error) {
    // Without credentials, an address or an answer: a test call says which.
    log("target.not_pinged", { workspaceId, target: target.name, error: String(error) });
    return null;
  }
};

/** One of them, for whoever manages them. */
export const showTarget = async (
  ctx: UseCaseContext,
  typed: string,
): Promise<Result<ShownTarget, ReadRefusal<"unknown_target">>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "targets");
  return allowed.ok ? chooseTarget(session.targets, typed) : allowed;
};

/** Names of the operator's services, for whoever may add one as a target. */
export const listServices = async (ctx: UseCaseContext): Promise<Result<string[], Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "targets");
  return allowed.ok ? ok(ctx.services.map(({ name }) => name)) : allowed;
};
