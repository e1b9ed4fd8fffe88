import type { Action, Change } from "../../../shared/domain/staging/change.ts";
import { quoted } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions } from "../blocks/blocks.ts";

export const actionIcons = { CREATE: "heavy_plus_sign", UPDATE: "pencil2", DELETE: "heavy_minus_sign" } as const;

export const actionLabels = { CREATE: "Add", UPDATE: "Change", DELETE: "Remove" } as const satisfies Record<
  Action,
  string
>;

type Described = Pick<Change, "action" | "summary">;

/** ":pencil2: Change  Python: experience_years 5 → 8" */
export const changeLine = (change: Described): string =>
  `:${actionIcons[change.action]}: ${actionLabels[change.action]}  ${quoted(withoutAction(change))}`;

/** The same without its icon, for what is read aloud. */
export const changeText = (change: Described): string =>
  `${actionLabels[change.action]} ${quoted(withoutAction(change))}`;

/** The summary without the action that the line says already. */
const withoutAction = ({ summary, action }: Described): string =>
  action === "UPDATE" ? summary : summary.replace(/^(New|Remove) /, "");

export const stagedActions = ({ number, action }: Change) =>
  actions(
    // What is removed has no values to edit.
    action !== "DELETE" && commandButton("go", "Edit…", `edit ${number}`),
    commandButton("do", "Unstage", `unstage ${number}`),
  );
