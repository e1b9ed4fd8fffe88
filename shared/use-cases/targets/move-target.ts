import type { Move } from "../../domain/pushes/target-moves.ts";
import { type Result, ok } from "../../result.ts";
import { invalidateSetupCard } from "../../storage/cards.ts";
import { mustChange } from "../../storage/database.ts";
import { type TargetBinding, updatePosition } from "../../storage/pushes/targets.ts";
import { chooseTarget } from "../choose-targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export interface MovedTarget {
  name: string;
  /** Names of all targets, in the order of a push from now on. */
  order: string[];
}

const places: Record<Move, (from: number) => number> = {
  first: () => 0,
  earlier: (from) => from - 1,
  later: (from) => from + 1,
};

/** Changes the order in which a push applies the targets. One that is on its way keeps the order that it has. */
export const moveTarget = repeatable(
  async (
    ctx: UseCaseContext,
    input: { target: string; move: Move },
  ): Promise<Result<MovedTarget, WriteRefusal<"unknown_target">>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "targets");
    if (!allowed.ok) return allowed;
    const chosen = chooseTarget(session.targets, input.target);
    if (!chosen.ok) return chosen;
    const { name } = chosen.value;
    const others = session.targets.filter((target) => target.name !== name);
    const from = session.targets.findIndex((target) => target.name === name);
    // Beyond either end it stays where it is.
    const to = Math.min(Math.max(places[input.move](from), 0), others.length);
    const all: TargetBinding[] = others.toSpliced(to, 0, chosen.value);
    const result: MovedTarget = { name, order: all.map((target) => target.name) };
    if (to === from) return ok(result);
    const at = atNow(ctx);
    const changed = all.flatMap((target, position) =>
      target.position === position ? [] : [mustChange(updatePosition(at, target, position))],
    );
    return commitBatch<MovedTarget>(ctx, result, [...changed, invalidateSetupCard(at)], {
      type: "target.moved",
      data: { target: name, order: result.order },
    });
  },
);
