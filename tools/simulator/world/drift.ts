/** What has been changed at a target under a commit, found without the product. */
import { isSame } from "./effects.ts";
import { columnOf } from "./store-history.ts";
import { targetNames } from "./workspaces.ts";
import type { World } from "./world.ts";

export interface Drift {
  row: string;
  /** Null: the row as a whole. */
  field: string | null;
}

/** Fields that somebody else has changed at a target since the commit's changes were staged. */
export const driftOf = (world: World, portfolioId: string, commit: string): Drift[] => {
  const effects = world.contributions.contentOf(commit);
  return targetNames.flatMap((target) => {
    const store = world.stores.find((each) => each.target === target);
    return effects[target].flatMap(({ entity, id, action, values, base }): Drift[] => {
      if (action === "CREATE" || base.seen !== "row" || !store) return [];
      const live = store.stored(portfolioId, entity, id);
      if (!live) return [{ row: id, field: null }];
      const touched = Object.keys(action === "DELETE" ? base.values : values);
      const changed = touched.filter(
        (field) =>
          !isSame(live[field], columnOf(base.values[field])) &&
          (action === "DELETE" || !isSame(live[field], columnOf(values[field]))),
      );
      return changed.map((field) => ({ row: id, field: action === "DELETE" ? null : field }));
    });
  });
};
