/** Intents that compete with another one on the same commit or change. */
import type { Random } from "../../../../test/support/random.ts";
import type { Workspace } from "../../world/workspaces.ts";
import type { Intent } from "./draw.ts";

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
