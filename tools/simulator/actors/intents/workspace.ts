/** Intents about the workspace: settings, roles, tokens, dead letters, and what its targets hold. */
import { seededRows } from "../../world/starting-rows.ts";
import { type Draw, type Kind, has, numberOf, quotedRow, type } from "./draw.ts";

export const workspaceKinds = (draw: Draw): Kind[] => [...settingKinds(draw), ...targetKinds(draw)];

const settingKinds = ({ letters, approvers, workspace, step, random, editor, admin }: Draw): Kind[] => {
  const role = random.pick(["viewer", "editor", "approver", "admin"]);
  const letter = numberOf(random, letters);
  return [
    ["settings approvals", 0.3, type(admin, `settings approvals ${random.between(1, 2)}`)],
    // Solo mode is refused where several people may approve.
    ["settings mode", approvers < 2 ? 3 : 0.1, type(admin, `settings mode ${random.pick(["solo", "solo", "team"])}`)],
    ["settings channel", 0.1, type(admin, `settings channel ${random.pick(["here", "none"])}`)],
    ["roles", 0.5, type(admin, `roles <@${random.pick(workspace.people).userId}> ${role}`)],
    ["tokens new", 0.1, type(editor, `tokens new program-${step}`)],
    ["tokens revoke", 0.15, type(random.pick([editor, admin]), `tokens revoke ${random.between(1, 3)}`)],
    ["dead-letters retry", has(letters, 4), type(admin, `dead-letters retry ${letter}`)],
    ["dead-letters discard", has(letters, 2), type(admin, `dead-letters discard ${letter} step ${step}`)],
  ];
};

const targetKinds = ({ edited, random, approver }: Draw): Kind[] => {
  const row = quotedRow(random.pick(seededRows));
  const different = quotedRow(random.pick(edited.length > 0 ? edited : seededRows));
  return [
    ["reindex", 0.15, type(approver, "reindex ai")],
    ["verify accept", 0.2, type(approver, `verify accept ${random.pick(["d1cv", "ai"])} technology ${row}`)],
    [
      "verify fix",
      has(edited, 3),
      // The first target is the measure of the others where no commit is.
      type(approver, `verify fix ${random.pick(["ai", "ai", "ai", "d1cv"])} technology ${different}`),
    ],
  ];
};
