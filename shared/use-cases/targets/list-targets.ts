import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { type Result, ok } from "../../result.ts";
import { targetsDownQuery } from "../../storage/pushes/target-health.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";
import type { ShownTarget } from "./add-target.ts";

export interface ListedTarget extends ShownTarget {
  /** Whether pushes go there. */
  health: TargetHealth["state"];
}

export interface ListedTargets {
  /** In the order in which a push applies them. */
  targets: ListedTarget[];
  /** Names of the operator's, for people who may add one of them. */
  services: string[];
}

/** Everybody may read it, and it has no secrets. */
export const listTargets = async (ctx: UseCaseContext): Promise<Result<ListedTargets, Refused>> => {
  const [session, down] = await openSession(ctx, targetsDownQuery(ctx.workspaceId));
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  return ok({
    targets: session.targets.map((target) => listedTarget(target, down)),
    services: permit(session, "targets").ok ? ctx.services.map(({ name }) => name) : [],
  });
};

/** @param down the targets to which pushes do not go */
export const listedTarget = (
  { name, alias, position, portfolioId, url }: TargetBinding,
  down: readonly Pick<TargetHealth, "target" | "state">[],
): ListedTarget => ({
  name,
  alias,
  position,
  portfolioId,
  url,
  health: down.find(({ target }) => target === name)?.state ?? "closed",
});
