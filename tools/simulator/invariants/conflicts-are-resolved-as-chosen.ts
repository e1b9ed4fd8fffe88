import { type Effects, isSame } from "../world/effects.ts";
import { type StoreHistory, columnOf } from "../world/store-history.ts";
import { workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

interface Resolved {
  store: StoreHistory;
  portfolio: string;
  take: string;
  sentMs: number;
  before: Effects;
  after: Effects;
}

interface Outcome {
  isRight: boolean;
  what: string;
}

/** Of each field that somebody had changed at the target when the request was sent. */
const outcomesAt = ({ store, portfolio, take, sentMs, before, after }: Resolved): Outcome[] =>
  before[store.target].flatMap(({ entity, id, action, values, base }) => {
    if (action !== "UPDATE" || base.seen !== "row") return [];
    const live = store.stored(portfolio, entity, id);
    if (!live || store.writtenMs(portfolio, entity, id) >= sentMs) return [];
    const left = after[store.target].find((each) => each.entity === entity && each.id === id);
    return Object.entries(values).flatMap(([field, value]): Outcome[] => {
      const now = live[field];
      if (isSame(now, columnOf(base.values[field])) || isSame(now, columnOf(value))) return [];
      const isAsked = Object.hasOwn(left?.values ?? {}, field);
      const standsOnLive = left?.base.seen === "row" && isSame(columnOf(left.base.values[field]), now);
      const isRight = take === "theirs" ? !isAsked : isAsked && isSame(left?.values[field], value) && standsOnLive;
      return [{ isRight, what: `${field} of ${id} at ${store.target}, and the commit has ${JSON.stringify(left)}` }];
    });
  });

/** Of typed choices about all of a commit. A target that could not be asked stays as it is. */
export const conflictsAreResolvedAsChosen: Invariant = {
  number: 20,
  words: "a resolved conflict is what was chosen: theirs is not asked for, mine stands on what is live",
  afterTransaction: ({ events }, { world }) =>
    events
      .filter(({ type }) => type === "commit.conflicts_resolved")
      .flatMap(({ commit_id: commit, workspace_id: workspace }) => {
        const { text = "", atMs: sentMs = 0 } = world.contributions.asked ?? {};
        const take = /^resolve \d+ (mine|theirs)$/.exec(text)?.[1];
        const before = commit === null ? null : world.contributions.before(commit);
        if (take === undefined || !before || commit === null) return [];
        const portfolio = workspaces.find(({ id }) => id === workspace)?.portfolioId ?? "";
        const after = world.contributions.contentOf(commit);
        const outcomes = openStores(world, commit).flatMap((store) =>
          outcomesAt({ store, portfolio, take, sentMs, before, after }),
        );
        return outcomes.some(({ isRight }) => isRight)
          ? []
          : outcomes.map(({ what }) => `${take} was chosen about ${what}`);
      }),
};

const openStores = (world: World, commit: string): StoreHistory[] => {
  const applied = world.staging
    .rows<{ target: string }>("SELECT target FROM commit_targets WHERE commit_id = ?1 AND state = 'applied'", commit)
    .map(({ target }) => target);
  return world.stores.filter(({ target }) => !applied.includes(target));
};
