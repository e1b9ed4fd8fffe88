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
  | { do: "open home"; userId: string };

interface Seen {
  staged: { number: number; created_by: string }[];
  commits: { number: number; review: string; status: string; open: number }[];
}

const lookAt = (world: World, { id }: Workspace): Seen => ({
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
});

/** Whether the modal is open and has a submit button. */
export const isForm = ({ view }: ShownView): boolean => "submit" in view && Boolean(view.submit);

const numberOf = (random: Random, items: readonly { number: number }[]): number =>
  items.length > 0 && random.chance(0.95) ? random.pick(items).number : random.between(1, 9);

/** Draws one intent. `step` makes the typed text unique, so that the databases can be searched for it. */
export const nextIntent = (world: World, workspace: Workspace, step: number, random: Random): Intent => {
  const { staged, commits } = lookAt(world, workspace);
  const reviewable = commits.filter(({ review }) => review === "in_review" || review === "draft");
  const pushable = commits.filter(
    ({ review, open, status }) => review === "approved" && open === 0 && status !== "applied_all",
  );
  const failed = commits.filter(({ status }) => status === "failed");
  const inPart = commits.filter(({ status }) => status.startsWith("applied_") && status !== "applied_all");
  const underWay = commits.filter(({ open }) => open > 0);
  const anybody = random.pick(workspace.people).userId;
  const whoMay = (...roles: string[]): string =>
    random.chance(0.1) ? anybody : random.pick(workspace.people.filter(({ role }) => roles.includes(role))).userId;
  const editor = whoMay("editor", "approver", "admin");
  const approver = whoMay("approver", "admin");
  const type = (userId: string, text: string): Intent => ({ do: "type", userId, text });
  const target = random.pick(["", "", "", " --target d1cv", " --target ai"]);
  const row = random.pick(seededRows);
  const { slack } = world;
  const forms = slack.openViews(workspace.id).filter(isForm);
  const commit = numberOf(random, commits);
  const author = random.chance(0.8) && staged[0] ? random.pick(staged).created_by : editor;
  const has = (items: readonly unknown[], weight: number): number => (items.length > 0 ? weight : 0.1);
  const few = staged.length < 2 ? 3 : 0.7;
  return random.weighted<Intent>([
    [
      few,
      type(
        editor,
        `stage create technology name="Tool ${step}" category=Backend experience_years=${random.between(1, 9)}${target}`,
      ),
    ],
    [few, type(editor, `stage update technology ${row} summary="step ${step}"${target}`)],
    [1, type(editor, `stage delete technology ${row}${target}`)],
    [has(staged, 0.5), type(author, `edit ${numberOf(random, staged)} experience_years=${random.between(10, 19)}`)],
    [has(staged, 0.4), type(author, `unstage ${numberOf(random, staged)}`)],
    [has(staged, 8), type(author, `commit -m "work ${step}"${random.chance(0.1) ? " --draft" : ""}`)],
    [has(staged, 0.3), type(author, "commit")],
    [has(reviewable, 12), type(approver, `approve ${numberOf(random, reviewable)}`)],
    [has(reviewable, 0.5), type(approver, `reject ${numberOf(random, reviewable)} not step ${step}`)],
    [has(reviewable, 0.2), type(editor, `review ${numberOf(random, reviewable)}`)],
    [
      has(pushable, 20),
      type(approver, `push ${numberOf(random, pushable)} ${random.pick(["all", "all", "d1cv", "ai"])}`),
    ],
    [has(failed, 25), type(approver, `retry ${numberOf(random, failed)}`)],
    [has(underWay, 2.5), type(approver, `cancel ${numberOf(random, underWay)}`)],
    // Refused: a target has applied the commit.
    [
      has(inPart, 1),
      type(
        random.chance(0.7) ? whoMay("admin") : editor,
        `${random.pick(["drop", "reopen"])} ${numberOf(random, inPart)}`,
      ),
    ],
    // Sent in any state of the commit.
    [1, type(approver, `push ${commit}`)],
    [0.5, type(approver, `approve ${commit}`)],
    [0.3, type(editor, `drop ${commit}`)],
    [0.3, type(editor, `reopen ${commit}`)],
    [
      0.3,
      type(anybody, random.pick(["status", "staged", "", "log", `show ${commit}`, `diff ${commit}`, `why ${commit}`])),
    ],
    [0.1, type(approver, random.pick(["verify", "reindex ai"]))],
    [0.1, type(whoMay("admin"), `settings approvals=${random.between(1, 2)}`)],
    [has([...slack.messages.keys()], 3), { do: "click", userId: random.chance(0.8) ? approver : anybody }],
    [has(forms, 4), { do: "submit", userId: anybody }],
    [0.5, { do: "open home", userId: anybody }],
  ]);
};

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
