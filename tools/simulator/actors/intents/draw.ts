/** What a step of the workload has to draw from: the visible state, and somebody for each part. */
import type { Random } from "../../../../test/support/random.ts";
import type { ShownView } from "../../../../test/support/slack/fake-views.ts";
import { type Drift, driftOf } from "../../world/drift.ts";
import type { Workspace } from "../../world/workspaces.ts";
import type { World } from "../../world/world.ts";

export type Intent =
  | { do: "type"; userId: string; text: string }
  | { do: "click"; userId: string }
  | { do: "submit"; userId: string }
  | { do: "open home"; userId: string }
  /** Types a name into an input with typeahead. */
  | { do: "search rows"; userId: string }
  /** Uses the shortcut of a message. */
  | { do: "stage a message"; userId: string; text: string };

export type Kind = [kind: string, weight: number, intent: Intent];

export interface SeenCommit {
  id: string;
  number: number;
  review: string;
  status: string;
  created_by: string;
  open: number;
}

interface Seen {
  staged: { number: number; created_by: string }[];
  commits: SeenCommit[];
  letters: { number: number }[];
  /** Rows of d1cv that somebody has edited without us. */
  edited: string[];
  /** How many may approve. */
  approvers: number;
}

const lookAt = (world: World, { id, portfolioId }: Workspace): Seen => ({
  edited: world.stores.flatMap((store) => store.editedElsewhere(portfolioId)),
  staged: world.staging.rows(
    "SELECT number, created_by FROM staged_changes WHERE workspace_id = ?1 AND state = 'staged' ORDER BY number",
    id,
  ),
  commits: world.staging.rows(
    `SELECT id, number, review, status, created_by, (SELECT COUNT(*) FROM jobs j WHERE j.workspace_id = c.workspace_id
       AND j.commit_id = c.id AND j.state IN ('pending', 'processing', 'timeout')) AS open
     FROM commits c WHERE workspace_id = ?1 ORDER BY number`,
    id,
  ),
  letters: world.staging.rows("SELECT number FROM dead_letters WHERE workspace_id = ?1 AND state = 'kept'", id),
  approvers: world.staging.rows("SELECT 1 FROM members WHERE workspace_id = ?1 AND role IN ('approver', 'admin')", id)
    .length,
});

/** Whether the modal is open and has a submit button. */
export const isForm = ({ view }: ShownView): boolean => "submit" in view && Boolean(view.submit);

export const numberOf = (random: Random, items: readonly { number: number }[]): number =>
  items.length > 0 && random.chance(0.95) ? random.pick(items).number : random.between(1, 9);

export interface Drifted extends SeenCommit {
  drift: Drift[];
}

export interface Draw extends Seen {
  world: World;
  workspace: Workspace;
  step: number;
  random: Random;
  author: string;
  editor: string;
  approver: string;
  admin: string;
  anybody: string;
  /** The number of a commit in any state. */
  commit: number;
  /** Approved commits under which somebody has changed something. */
  drifted: Drifted[];
}

export const type = (userId: string, text: string): Intent => ({ do: "type", userId, text });
export const has = (items: readonly unknown[], weight: number): number => (items.length > 0 ? weight : 0.1);
export const nameOf = (row: string): string => row.replace("-1", "");
/** As it is typed. */
export const quotedRow = (row: string): string => (/^[\w-]+$/.test(row) ? row : `"${row}"`);

export const drawOf = (world: World, workspace: Workspace, step: number, random: Random): Draw => {
  const found = lookAt(world, workspace);
  const anybody = random.pick(workspace.people).userId;
  const whoMay = (...roles: string[]): string =>
    random.chance(0.1) ? anybody : random.pick(workspace.people.filter(({ role }) => roles.includes(role))).userId;
  const editor = whoMay("editor", "approver", "admin");
  const approver = whoMay("approver", "admin");
  const admin = whoMay("admin");
  const author = random.chance(0.8) && found.staged[0] ? random.pick(found.staged).created_by : editor;
  const commit = numberOf(random, found.commits);
  const drifted = found.commits
    .filter(({ review, open, status }) => review === "approved" && open === 0 && status !== "applied_all")
    .map((each) => ({ ...each, drift: driftOf(world, workspace.portfolioId, each.id) }))
    .filter(({ drift }) => drift.length > 0);
  return { ...found, world, workspace, step, random, anybody, editor, approver, admin, author, commit, drifted };
};
