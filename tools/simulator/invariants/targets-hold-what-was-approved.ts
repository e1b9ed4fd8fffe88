import { type Effect, contentText, isSame } from "../world/effects.ts";
import { targetNames, workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

interface JobRow {
  id: string;
  target: (typeof targetNames)[number];
  operations: string;
  number: number;
}

interface Sent {
  inserts: { entityType: string; id: string; values: Record<string, unknown> }[];
  updates: { entityType: string; id: string; changes: Record<string, unknown> }[];
  deletes: { entityType: string; id: string }[];
}

type Line = readonly [entity: string, id: string, action: string, values: Record<string, unknown>];

const linesOf = (lines: readonly Line[]): string[] =>
  lines
    .map(([entity, id, action, values]) =>
      JSON.stringify([entity, id, action, Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
    )
    .toSorted();

const approvedLines = (effects: readonly Effect[]): Line[] =>
  effects.map(({ entity, id, action, values }) => [entity, id, action, values]);

const sentLines = ({ inserts, updates, deletes }: Sent): Line[] => [
  ...inserts.map(({ entityType, id, values }): Line => [entityType, id, "CREATE", values]),
  ...updates.map(({ entityType, id, changes }): Line => [entityType, id, "UPDATE", changes]),
  ...deletes.map(({ entityType, id }): Line => [entityType, id, "DELETE", {}]),
];

/** Some of the rows, and of each some of the fields; a row that is there again is updated. */
const isPartOf = (sent: readonly Line[], asked: readonly Line[]): boolean =>
  sent.every(([entity, id, action, values]) =>
    asked.some(
      ([ofEntity, ofId, ofAction, approved]) =>
        ofEntity === entity &&
        ofId === id &&
        (ofAction === action || (ofAction === "CREATE" && action === "UPDATE")) &&
        Object.entries(values).every(([field, value]) => isSame(value, approved[field])),
    ),
  );

/** A push sends to each target what the commit's changes amount to there; one again, what of it is not live. */
const wronglySent = (world: World, push: string | null, commit: string, isAgain: boolean): string[] => {
  const effects = world.contributions.contentOf(commit);
  const contentMs = world.contributions.writtenMs(commit);
  return world.staging
    .rows<JobRow>(
      `SELECT j.id, j.target, j.operations, c.number FROM jobs j
       JOIN commits c ON c.workspace_id = j.workspace_id AND c.id = j.commit_id WHERE j.push_id = ?1`,
      push,
    )
    .flatMap(({ id, target, operations, number }) => {
      const [asked, sent] = [approvedLines(effects[target]), sentLines(JSON.parse(operations) as Sent)];
      const isSent = ({ entity, id: row }: Effect): boolean => sent.some(([of, ofId]) => of === entity && ofId === row);
      const written = isAgain ? effects[target].filter(isSent) : effects[target];
      world.approved.set(id, { commitNumber: number, effects: written, contentMs, isAgain });
      if (isAgain ? isPartOf(sent, asked) : isSame(linesOf(asked), linesOf(sent))) return [];
      const what = `${linesOf(asked).join(", ")} at ${target}, and its push sends ${linesOf(sent).join(", ")}`;
      return [`commit ${number} is ${what}`];
    });
};

/** A commit covers every target at which its changes have an effect. */
const uncovered = (world: World, commit: string): string[] => {
  const effects = world.contributions.contentOf(commit);
  const covered = world.staging
    .rows<{ target: string }>("SELECT target FROM commit_targets WHERE commit_id = ?1", commit)
    .map(({ target }) => target);
  return targetNames
    .filter((target) => effects[target].length > 0 && !covered.includes(target))
    .map((target) => `commit ${commit} changes rows at ${target}, and does not cover it: ${contentText(effects)}`);
};

/** Nothing spoils stored rows here: what was accepted once can be sent. */
const isUnreadable = (world: World, job: string | null): boolean =>
  world.staging.rows("SELECT 1 FROM jobs WHERE id = ?1 AND error_code = 'unreadable_operations'", job).length > 0;

/** What a change is about is a row: a target has had it, or a change creates it. */
const aboutNothing = (world: World, commit: string): string[] => {
  const effects = world.contributions.contentOf(commit);
  const [row] = world.staging.rows<{ workspace_id: string }>("SELECT workspace_id FROM commits WHERE id = ?1", commit);
  const workspace = row?.workspace_id ?? "";
  return targetNames
    .flatMap((target) => effects[target])
    .filter(({ action, entity, id }) => action !== "CREATE" && !hasHad(world, workspace, entity, id))
    .map(({ entity, id }) => `commit ${commit} changes ${entity} ${id}, which no target has ever had`);
};

const hasHad = (world: World, workspace: string, entity: string, id: string): boolean =>
  world.stores.some((store) => store.hasHad(portfolioOf(workspace), entity, id)) ||
  world.staging.rows(
    "SELECT 1 FROM staged_changes WHERE workspace_id = ?1 AND entity_type = ?2 AND entity_id = ?3 AND action = 'CREATE'",
    workspace,
    entity,
    id,
  ).length > 0;

const portfolioOf = (workspaceId: string): string => workspaces.find(({ id }) => id === workspaceId)?.portfolioId ?? "";

export const targetsHoldWhatWasApproved: Invariant = {
  number: 18,
  words: "what a target applies, and reports verified, is what was approved, and no older commit undoes a newer one",
  afterTransaction: ({ events, touched }, { world }) => [
    ...world.stores.flatMap(({ complaints }) => complaints.splice(0)),
    ...touched
      .filter(({ kind }) => kind === "commit")
      .flatMap(({ id }) => [...uncovered(world, id), ...aboutNothing(world, id)]),
    ...events.flatMap(({ type, workspace_id: workspace, push_id: push, commit_id: commit, job_id: job, data }) => {
      if (type === "push.started" && commit !== null)
        return wronglySent(world, push, commit, (JSON.parse(data) as { again?: boolean }).again === true);
      if (type === "job.failed" && isUnreadable(world, job)) return [`what CV Ops wrote for ${job} it cannot read`];
      if (type !== "job.verified" || job === null) return [];
      const [row] = world.staging.rows<{ target: string }>("SELECT target FROM jobs WHERE id = ?1", job);
      const store = world.stores.find(({ target }) => target === row?.target);
      return (store?.lost(portfolioOf(workspace), job) ?? []).map(
        (what) => `${store?.target} reports ${job} verified, and ${what}`,
      );
    }),
  ],
  atRest: ({ world }) => world.stores.flatMap(({ complaints }) => complaints.splice(0)),
};
