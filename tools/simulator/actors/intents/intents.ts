/** Draws the next intent of a user from the visible state: legal or illegal commands, clicks and form submissions. */
import type { Random } from "../../../../test/support/random.ts";
import type { Workspace } from "../../world/workspaces.ts";
import type { World } from "../../world/world.ts";
import { commitKinds } from "./commits.ts";
import { type Intent, drawOf } from "./draw.ts";
import { readingKinds } from "./reading.ts";
import { stagingKinds } from "./staging.ts";
import { workspaceKinds } from "./workspace.ts";

export interface Drawn {
  /** All that could have been drawn. */
  kinds: string[];
  kind: string;
  intent: Intent;
}

/** Draws one intent. */
export const nextIntent = (world: World, workspace: Workspace, step: number, random: Random): Drawn => {
  const draw = drawOf(world, workspace, step, random);
  const kinds = [...stagingKinds(draw), ...commitKinds(draw), ...workspaceKinds(draw), ...readingKinds(draw)];
  return {
    kinds: kinds.map(([kind]) => kind),
    ...random.weighted(kinds.map(([kind, weight, intent]) => [weight, { kind, intent }] as const)),
  };
};

/** Of these a campaign expects an answer and no effect. */
export const withoutEffect = new Set([
  "read",
  "close what is applied",
  "open a form",
  "open home",
  "search rows",
  "stage a message",
]);
