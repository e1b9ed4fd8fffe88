/**
 * A story is a chain of commands that leads where single intents seldom do. It goes on beside the other steps of a
 * seed, under the same faults, and ends early where a fault has broken it.
 */
import type { Random } from "../../../test/support/random.ts";
import { lowerLimit, takeDown } from "../platform/services.ts";
import { editElsewhere, seededRows } from "../world/starting-rows.ts";
import { type Workspace, targetNames, workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { People } from "./people.ts";

type Part = "admin" | "approver" | "second" | "author" | "other";

interface Plot {
  world: World;
  workspace: Workspace;
  random: Random;
  row: string;
}

interface Step {
  who: Part;
  /** What is typed after `/cv`; null where it has become impossible. */
  text: (plot: Plot) => string | null;
  /** What happens besides, before it is typed. */
  before?: (plot: Plot) => void;
  /** Typed right after the step before it, whatever is on its way. */
  isAtOnce?: boolean;
  /** What the story leads to: it counts as effective when this step is. */
  isPoint?: boolean;
}

const messageOf = (index: number): string => `story ${index}`;

const commitNumber = ({ world, workspace }: Plot, index: number): number | null =>
  world.staging.rows<{ number: number }>(
    "SELECT number FROM commits WHERE workspace_id = ?1 AND message = ?2 ORDER BY number DESC LIMIT 1",
    workspace.id,
    messageOf(index),
  )[0]?.number ?? null;

const say = (who: Part, text: string): Step => ({ who, text: ({ row }) => text.replace("ROW", `"${row}"`) });
const commit = (who: Part, index: number): Step => say(who, `commit -m "${messageOf(index)}"`);
/** About the commit with that index: `#` stands for its number. */
const about = (who: Part, index: number, text: string): Step => ({
  who,
  text: (plot) => {
    const number = commitNumber(plot, index);
    return number === null ? null : text.replace("#", String(number)).replace("ROW", `"${plot.row}"`);
  },
});
const point = (step: Step): Step => ({ ...step, isPoint: true });

const staged = ({ world, workspace }: Plot): number | null =>
  world.staging.rows<{ number: number }>(
    "SELECT number FROM staged_changes WHERE workspace_id = ?1 AND state = 'staged' AND note IS NULL ORDER BY number DESC LIMIT 1",
    workspace.id,
  )[0]?.number ?? null;

/** The reply to a commit of edited changes names what has to be repeated. */
const acceptedEdits = ({ world, workspace }: Plot): string | null =>
  world.slack.privateMessages
    .filter(({ workspaceId }) => workspaceId === workspace.id)
    .map(({ text, blocks }) => /--accept-edits (\w+)/.exec(`${text} ${JSON.stringify(blocks)}`)?.[1] ?? null)
    .findLast((code) => code !== null) ?? null;

/** Somebody edits the row under a commit. */
const edited =
  (summary: string | null) =>
  ({ world, workspace, row }: Plot): void => {
    const now = new Date(world.runtime.nowMs).toISOString();
    editElsewhere(
      world.d1cv,
      workspace.portfolioId,
      row,
      `elsewhere-story-${world.runtime.random.uint32()}`,
      now,
      summary,
    );
  };

/** Commits, approves and resolves what somebody has changed under it; `choice` is what is typed of it. */
const conflict = (resolver: Part, choice: string): Step[] => [
  say("author", "stage update technology ROW experience_years=9 summary=mine"),
  commit("author", 1),
  { ...about("approver", 1, "approve #"), before: edited("theirs") },
  point(about(resolver, 1, `resolve # ${choice}`)),
  about("admin", 1, "approve #"),
  about("approver", 1, "push # all"),
  about("second", 1, "approve #"),
  about("approver", 1, "push # all"),
];

const stories: Record<string, readonly Step[]> = {
  "an older commit over a newer one": [
    say("author", "stage update technology ROW level=Expert"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # d1cv"),
    say("other", "stage update technology ROW level="),
    commit("other", 2),
    about("second", 2, "approve #"),
    point(about("second", 2, "push # all")),
    about("approver", 1, "push # ai"),
  ],
  "an older commit while a newer one is on its way": [
    say("author", "stage update technology ROW level=Expert"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # d1cv"),
    say("other", "stage update technology ROW level="),
    commit("other", 2),
    about("second", 2, "approve #"),
    point(about("second", 2, "push # ai")),
    ...Array.from({ length: 4 }, () => ({ ...about("approver", 1, "push # ai"), isAtOnce: true })),
  ],
  "pushed in an outage, and a newer commit before it leaves": [
    // In an outage only rows can be named that were read before.
    say("author", "stage update technology ROW level=Expert"),
    say("author", "unstage all"),
    {
      ...say("author", "stage update technology ROW level=Expert --target d1cv"),
      before: ({ world }) => takeDown(world, "d1cv", 12_000),
    },
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # d1cv"),
    { ...say("other", "stage update technology ROW level= --target d1cv"), isAtOnce: true },
    { ...commit("other", 2), isAtOnce: true },
    { ...about("second", 2, "approve #"), isAtOnce: true },
    point({ ...about("second", 2, "push # d1cv"), isAtOnce: true }),
  ],
  "a target that takes less at once": [
    say("author", "stage update technology ROW summary=large"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    {
      ...about("approver", 1, "push # all"),
      before: ({ world }) => lowerLimit(world, "d1cv", 8000),
    },
    about("approver", 1, "retry #"),
    point(about("author", 1, "reopen #")),
    commit("author", 2),
    about("approver", 2, "approve #"),
    about("approver", 2, "push # all"),
  ],
  "pushed again over what somebody has undone": [
    say("author", "stage update technology ROW summary=again"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # all"),
    point({ ...say("approver", "verify push d1cv technology ROW"), before: edited("undone") }),
    say("second", "verify push d1cv technology ROW"),
  ],
  "pushed again on the approval of somebody who may not any more": [
    say("author", "stage update technology ROW summary=again"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # all"),
    point({ who: "admin", text: ({ workspace }) => `roles <@${partsOf(workspace).approver}> viewer` }),
    { ...say("second", "verify push d1cv technology ROW"), before: edited("undone") },
  ],
  "who has edited approves": [
    say("author", "stage update technology ROW summary=edited"),
    { who: "admin", text: (plot) => withNumber(staged(plot), (number) => `edit ${number} level=Advanced`) },
    commit("author", 1),
    {
      who: "author",
      text: (plot) => withText(acceptedEdits(plot), (code) => `commit -m "${messageOf(1)}" --accept-edits ${code}`),
      isPoint: true,
    },
    about("admin", 1, "approve #"),
    about("admin", 1, "push # all"),
    about("approver", 1, "approve #"),
    about("admin", 1, "push # all"),
  ],
  "a conflict, mine": conflict("admin", "mine"),
  "a conflict, mine by its author": conflict("author", "mine"),
  "a conflict, theirs": conflict("admin", "theirs"),
  "a conflict, one field theirs": conflict("admin", "theirs ROW summary"),
  "a conflict, another value": conflict("author", "ROW summary=another"),
  "an approver who is none any more": [
    say("author", "stage update technology ROW summary=approved"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    point({ who: "admin", text: ({ workspace }) => `roles <@${partsOf(workspace).approver}> viewer` }),
    about("second", 1, "push # all"),
  ],
  "an approval that is taken back": [
    say("author", "stage update technology ROW summary=approved"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    point(about("approver", 1, "withdraw #")),
    about("second", 1, "push # all"),
  ],
  "more approvals are needed": [
    say("author", "stage update technology ROW summary=approved"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    point(say("admin", "settings approvals 2")),
    about("second", 1, "push # all"),
  ],
  "a name typed in an outage": [
    {
      ...say("author", "stage update technology NAME summary=outage"),
      before: ({ world }) => {
        for (const target of targetNames) takeDown(world, target, 2000);
      },
      text: ({ row }) => `stage update technology "${row.replace("-1", "")}" summary=outage`,
    },
    say("author", `stage update technology ROW level=Advanced`),
    point(commit("author", 1)),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # all"),
  ],
  "what one target has already": [
    say("author", "stage update technology ROW level=Expert --target d1cv"),
    commit("author", 1),
    about("approver", 1, "approve #"),
    about("approver", 1, "push # d1cv"),
    say("author", "stage update technology ROW level=Expert summary=both"),
    commit("author", 2),
    about("approver", 2, "approve #"),
    point(about("approver", 2, "push # all")),
  ],
};

/** Where only one person may approve. */
const soloStories: Record<string, readonly Step[]> = {
  "solo for a while": [
    point(say("admin", "settings mode solo")),
    say("admin", "stage update technology ROW summary=solo"),
    commit("admin", 1),
    about("admin", 1, "approve #"),
    say("admin", "settings mode team"),
    about("admin", 1, "push # all"),
  ],
};

const kindOf = (name: string): string => `story: ${name}`;

/** As a campaign counts them. */
export const storyKinds = [...Object.keys(stories), ...Object.keys(soloStories)].map(kindOf);

const withNumber = (number: number | null, text: (number: number) => string): string | null =>
  number === null ? null : text(number);
const withText = (given: string | null, text: (given: string) => string): string | null =>
  given === null ? null : text(given);

const partsOf = ({ people }: Workspace): Record<Part, string> => {
  const having = (role: string): string[] => people.filter((each) => each.role === role).map(({ userId }) => userId);
  const [admin = ""] = having("admin");
  const [approver = admin, second = approver] = having("approver");
  const [author = admin, other = author] = having("editor");
  return { admin, approver, second, author, other };
};

const firstWorkspace = workspaces[0] as Workspace;
const maxLooks = 12;

export class Storyteller {
  readonly #world: World;
  readonly #people: People;
  /** Stories that have not ended. */
  open = 0;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  /** @param isSolo whether only one person may approve */
  begin(isSolo: boolean, random: Random): void {
    const [name, steps] = random.pick(Object.entries(isSolo ? soloStories : stories));
    const plot: Plot = { world: this.#world, workspace: firstWorkspace, random, row: random.pick(seededRows) };
    this.open += 1;
    this.#continue(kindOf(name), plot, steps);
  }

  #continue(kind: string, plot: Plot, [step, ...rest]: readonly Step[], looks = 0): void {
    const { scheduler } = this.#world.runtime;
    if (!step) {
      this.open -= 1;
      return;
    }
    // Whoever pushes waits until what was pushed before has come to an end.
    if (step.isAtOnce !== true && this.#isBusy(plot) && looks < maxLooks) {
      scheduler.after(plot.random.between(1500, 4000), () => this.#continue(kind, plot, [step, ...rest], looks + 1));
      return;
    }
    step.before?.(plot);
    const text = step.text(plot);
    const { id: workspaceId, channel } = plot.workspace;
    if (text !== null) {
      const userId = partsOf(plot.workspace)[step.who];
      const key = this.#people.type({ workspaceId, userId }, text, channel);
      if (step.isPoint) this.#people.drawn.push({ kind, workspaceId, key });
    }
    const pauseMs = rest[0]?.isAtOnce === true ? plot.random.between(10, 200) : plot.random.between(1200, 3500);
    scheduler.after(pauseMs, () => this.#continue(kind, plot, rest));
  }

  #isBusy({ world, workspace }: Plot): boolean {
    return (
      world.staging.rows(
        "SELECT 1 FROM jobs WHERE workspace_id = ?1 AND state IN ('pending', 'processing') AND dispatched_at IS NOT NULL LIMIT 1",
        workspace.id,
      ).length > 0
    );
  }
}
