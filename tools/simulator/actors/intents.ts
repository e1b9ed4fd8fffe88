/** Draws the next intent of a user from the visible state: legal or illegal commands, clicks and form submissions. */
import type { Random } from "../../../test/support/random.ts";
import { seededRows } from "../world/starting-rows.ts";
import type { ShownView } from "../../../test/support/slack/fake-views.ts";
import type { Workspace } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";

export type Intent =
  | { do: "type"; userId: string; text: string }
  | { do: "click"; userId: string }
  | { do: "submit"; userId: string }
  | { do: "open home"; userId: string }
  /** Types a name into an input with typeahead. */
  | { do: "search rows"; userId: string }
  /** Uses the shortcut of a message. */
  | { do: "stage a message"; userId: string; text: string };

interface Seen {
  staged: { number: number; created_by: string }[];
  commits: { number: number; review: string; status: string; open: number }[];
  letters: { number: number }[];
  /** Rows that differ between the targets. */
  parted: string[];
}

const yearsAt = (db: World["d1cv"], portfolioId: string): Map<string, number> =>
  new Map(
    db
      .rows<{ id: string; experience_years: number }>(
        "SELECT id, experience_years FROM technology WHERE portfolio_id = ?1 ORDER BY id",
        portfolioId,
      )
      .map((row) => [row.id, row.experience_years]),
  );

const partedRows = ({ d1cv, aiAgent }: World, portfolioId: string): string[] => {
  const other = yearsAt(aiAgent, portfolioId);
  return [...yearsAt(d1cv, portfolioId)].flatMap(([id, years]) =>
    other.has(id) && other.get(id) !== years ? [id] : [],
  );
};

const lookAt = (world: World, { id, portfolioId }: Workspace): Seen => ({
  parted: partedRows(world, portfolioId),
  staged: world.staging.rows(
    "SELECT number, created_by FROM staged_changes WHERE workspace_id = ?1 AND state = 'staged' ORDER BY number",
    id,
  ),
  commits: world.staging.rows(
    `SELECT number, review, status, (SELECT COUNT(*) FROM jobs j WHERE j.workspace_id = c.workspace_id AND j.commit_id = c.id
       AND j.state IN ('pending', 'processing', 'timeout')) AS open
     FROM commits c WHERE workspace_id = ?1 ORDER BY number`,
    id,
  ),
  letters: world.staging.rows("SELECT number FROM dead_letters WHERE workspace_id = ?1 AND state = 'kept'", id),
});

/** Whether the modal is open and has a submit button. */
export const isForm = ({ view }: ShownView): boolean => "submit" in view && Boolean(view.submit);

const numberOf = (random: Random, items: readonly { number: number }[]): number =>
  items.length > 0 && random.chance(0.95) ? random.pick(items).number : random.between(1, 9);

interface Draw extends Seen {
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
}

type Kind = [kind: string, weight: number, intent: Intent];

const type = (userId: string, text: string): Intent => ({ do: "type", userId, text });
const has = (items: readonly unknown[], weight: number): number => (items.length > 0 ? weight : 0.1);

const drawOf = (world: World, workspace: Workspace, step: number, random: Random): Draw => {
  const seen = lookAt(world, workspace);
  const anybody = random.pick(workspace.people).userId;
  const whoMay = (...roles: string[]): string =>
    random.chance(0.1) ? anybody : random.pick(workspace.people.filter(({ role }) => roles.includes(role))).userId;
  const editor = whoMay("editor", "approver", "admin");
  const approver = whoMay("approver", "admin");
  const admin = whoMay("admin");
  const author = random.chance(0.8) && seen.staged[0] ? random.pick(seen.staged).created_by : editor;
  const commit = numberOf(random, seen.commits);
  return { ...seen, world, workspace, step, random, anybody, editor, approver, admin, author, commit };
};

/** `step` makes the typed text unique, so that the databases can be searched for it. */
const stagingKinds = ({ staged, step, random, author, editor, admin }: Draw): Kind[] => {
  const few = staged.length < 2 ? 3 : 0.7;
  const row = random.pick(seededRows);
  const target = random.pick(["", "", "", " --target d1cv", " --target ai"]);
  const years = random.between(1, 9);
  return [
    [
      "stage create",
      few,
      type(editor, `stage create technology name="Tool ${step}" category=Backend experience_years=${years}${target}`),
    ],
    ["stage update", few, type(editor, `stage update technology ${row} summary="step ${step}"${target}`)],
    ["stage delete", 1, type(editor, `stage delete technology ${row}${target}`)],
    // Looked up when it is committed, where no target answers.
    ["stage by name", 0.5, type(editor, `stage update technology "${nameOf(row)}" summary="step ${step}"${target}`)],
    ["edit", has(staged, 0.5), type(author, `edit ${numberOf(random, staged)} experience_years=${10 + years}`)],
    ["edit another's", has(staged, 0.3), type(admin, `edit ${numberOf(random, staged)} level=Expert`)],
    // The author says the same, so that the commit is not asked about.
    ["edit to the same", has(staged, 0.4), type(author, `edit ${numberOf(random, staged)} level=Expert`)],
    ["unstage", has(staged, 0.4), type(author, `unstage ${numberOf(random, staged)}`)],
    ["commit", has(staged, 8), type(author, `commit -m "work ${step}"`)],
    ["commit a draft", has(staged, 0.8), type(author, `commit -m "work ${step}" --draft`)],
    ["open a form", has(staged, 0.8), type(author, random.pick(["commit", "commit", "stage"]))],
  ];
};

const commitKinds = ({ commits, commit, step, random, editor, approver, admin }: Draw): Kind[] => {
  const reviewable = commits.filter(({ review }) => review === "in_review" || review === "draft");
  const pushable = commits.filter(
    ({ review, open, status }) => review === "approved" && open === 0 && status !== "applied_all",
  );
  const failed = commits.filter(({ status }) => status === "failed");
  const inPart = commits.filter(({ status }) => status.startsWith("applied_") && status !== "applied_all");
  const underWay = commits.filter(({ open }) => open > 0);
  const scope = random.pick(["all", "all", "d1cv", "ai"]);
  return [
    ["approve", has(reviewable, 12), type(approver, `approve ${numberOf(random, reviewable)}`)],
    ["reject", has(reviewable, 0.5), type(approver, `reject ${numberOf(random, reviewable)} not step ${step}`)],
    ["review", has(reviewable, 0.2), type(editor, `review ${numberOf(random, reviewable)}`)],
    ["withdraw", has(pushable, 2), type(approver, `withdraw ${numberOf(random, pushable)}`)],
    ["push", has(pushable, 20), type(approver, `push ${numberOf(random, pushable)} ${scope}`)],
    ["retry", has(failed, 25), type(approver, `retry ${numberOf(random, failed)}`)],
    ["cancel", has(underWay, 2.5), type(approver, `cancel ${numberOf(random, underWay)}`)],
    ["drop", 0.3, type(editor, `drop ${commit}`)],
    ["reopen", 0.3, type(editor, `reopen ${commit}`)],
    // After somebody else has edited a row under the commit.
    [
      "resolve",
      has(pushable, 3),
      type(admin, `resolve ${numberOf(random, pushable)} ${random.pick(["mine", "theirs"])}`),
    ],
    // What has to be refused: a target has applied the commit, or it is in some other state.
    [
      "close what is applied",
      has(inPart, 1),
      type(admin, `${random.pick(["drop", "reopen"])} ${numberOf(random, inPart)}`),
    ],
    ["push in any state", 1, type(approver, `push ${commit}`)],
    ["approve in any state", 0.5, type(approver, `approve ${commit}`)],
  ];
};

const workspaceKinds = ({ letters, parted, workspace, step, random, editor, approver, admin }: Draw): Kind[] => {
  const role = random.pick(["viewer", "editor", "approver", "admin"]);
  const letter = numberOf(random, letters);
  return [
    ["settings approvals", 0.2, type(admin, `settings approvals ${random.between(1, 2)}`)],
    ["settings mode", 0.2, type(admin, `settings mode ${random.pick(["solo", "team"])}`)],
    ["settings channel", 0.1, type(admin, `settings channel ${random.pick(["here", "none"])}`)],
    ["roles", 0.4, type(admin, `roles <@${random.pick(workspace.people).userId}> ${role}`)],
    ["tokens new", 0.1, type(editor, `tokens new program-${step}`)],
    ["tokens revoke", 0.1, type(editor, `tokens revoke ${random.between(1, 4)}`)],
    ["dead-letters retry", has(letters, 1), type(admin, `dead-letters retry ${letter}`)],
    ["dead-letters discard", has(letters, 0.5), type(admin, `dead-letters discard ${letter} step ${step}`)],
    ["reindex", 0.1, type(approver, "reindex ai")],
    [
      "verify accept",
      0.2,
      type(approver, `verify accept ${random.pick(["d1cv", "ai"])} technology ${random.pick(seededRows)}`),
    ],
    [
      "verify fix",
      has(parted, 1),
      type(approver, `verify fix ai technology ${random.pick(parted.length > 0 ? parted : seededRows)}`),
    ],
  ];
};

const otherKinds = ({ world, workspace, commit, random, anybody, editor, approver }: Draw): Kind[] => {
  const { slack } = world;
  const forms = slack.openViews(workspace.id).filter(isForm);
  const text = random.pick([
    "status",
    "staged",
    "",
    "log",
    `show ${commit}`,
    `diff ${commit}`,
    `why ${commit}`,
    "verify",
  ]);
  return [
    ["read", 0.4, type(anybody, text)],
    ["click", has([...slack.messages.keys()], 3), { do: "click", userId: random.chance(0.8) ? approver : anybody }],
    ["submit", has(forms, 12), { do: "submit", userId: anybody }],
    ["open home", 0.5, { do: "open home", userId: anybody }],
    ["search rows", 1.5, { do: "search rows", userId: editor }],
    [
      "stage a message",
      0.5,
      {
        do: "stage a message",
        userId: editor,
        text: `${nameOf(random.pick(seededRows))} to ${random.between(1, 9)} years`,
      },
    ],
  ];
};

export interface Drawn {
  /** All that could have been drawn. */
  kinds: string[];
  kind: string;
  intent: Intent;
}

/** Draws one intent. */
export const nextIntent = (world: World, workspace: Workspace, step: number, random: Random): Drawn => {
  const draw = drawOf(world, workspace, step, random);
  const kinds = [...stagingKinds(draw), ...commitKinds(draw), ...workspaceKinds(draw), ...otherKinds(draw)];
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

const nameOf = (row: string): string => row.replace("-1", "");

/** Commands that compete with a command on the same commit or change. */
const contraries: Record<string, readonly string[]> = {
  approve: ["approve", "reject", "drop", "reopen"],
  reject: ["approve", "drop"],
  push: ["push ai", "push all", "push d1cv", "drop", "reopen", "cancel"],
  retry: ["retry", "cancel", "push", "drop"],
  cancel: ["cancel", "retry", "push"],
  drop: ["push", "reopen"],
  reopen: ["push", "drop"],
  edit: ["edit", "unstage", "commit"],
  unstage: ["commit", "edit"],
  commit: ["commit", "unstage"],
};

/** Draws an intent that competes with the given one. */
export const contraryIntent = (intent: Intent, workspace: Workspace, random: Random): Intent => {
  const words = intent.do === "type" ? intent.text.split(" ") : [];
  const [verb = "", number = ""] = words;
  const other = random.pick(contraries[verb] ?? [verb]);
  const { userId } = random.pick(workspace.people.filter(({ role }) => role !== "viewer"));
  if (intent.do !== "type" || verb === other || number === "") return { ...intent, userId };
  const author = other === "drop" || other === "reopen" ? (workspace.people[0]?.userId ?? userId) : userId;
  const [name = "", scope = ""] = other.split(" ");
  const fields = name === "edit" ? " experience_years=20" : "";
  return {
    do: "type",
    userId: author,
    text: name === "commit" ? "commit -m together" : `${name} ${number} ${scope}${fields}`.trim(),
  };
};
