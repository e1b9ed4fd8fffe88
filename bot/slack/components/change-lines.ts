/** What changes and operations do, in a line: derived, never what somebody wrote about it. */
import type { Action, Change } from "../../../shared/domain/staging/change.ts";
import type { NetOperation } from "../../../shared/domain/staging/net-operations.ts";
import { operationText, placeText, summaryOfChange } from "../../../shared/domain/staging/summary.ts";
import { wroteMessage } from "../../../shared/messages/en/commits.ts";
import { clip, person } from "../../../shared/messages/message.ts";
import { literal, quoted } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import type { Button, SectionBlock } from "@slack/types";
import { listSections, present } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";

export const actionIcons = { CREATE: "heavy_plus_sign", UPDATE: "pencil2", DELETE: "heavy_minus_sign" } as const;

export const actionLabels = { CREATE: "Add", UPDATE: "Change", DELETE: "Remove" } as const satisfies Record<
  Action,
  string
>;

/** A change with what it does. */
export interface Summarized {
  change: Change;
  summary: string;
}

/** @param staged everybody's, where it stands on top of what its author has staged */
export const summarized = (change: Change, staged: readonly Change[] = []): Summarized => ({
  change,
  summary: summaryOfChange(change, staged),
});

/** ":pencil2: Change  Python: experience_years 5 → 8" */
export const changeLine = ({ change, summary }: Summarized): string =>
  `:${actionIcons[change.action]}: ${actionLabels[change.action]}  ${quoted(withoutAction(change, summary))}`;

/** The same without its icon, for what is read aloud. */
export const changeText = ({ change, summary }: Summarized): string =>
  `${actionLabels[change.action]} ${quoted(withoutAction(change, summary))}`;

/** The summary without the action that the line says already. */
const withoutAction = ({ action }: Change, summary: string): string =>
  action === "UPDATE" ? summary : summary.replace(/^(New|Remove) /, "");

/** ">@Avery wrote: “Since 2018”", or nothing. */
export const noteLine = ({ createdBy, note }: Pick<Change, "createdBy" | "note">): string | false =>
  note !== null && `>${mrkdwn(wroteMessage(person(createdBy), note, 300))}`;

/** @param targets of the whole commit */
const operationLine = (operation: NetOperation, targets: readonly string[]): string =>
  `:${actionIcons[operation.action]}: ${spokenOperation(operation, targets)}`;

/** More do not fit into a message, whatever they are. */
export const maxListed = 100;

/** The first operations, a line each, and how many more there are. */
export const operationSections = (operations: readonly NetOperation[], targets: readonly string[]): SectionBlock[] =>
  listSections(
    operations.slice(0, maxListed).map((operation) => operationLine(operation, targets)),
    4000,
    operations.length,
  );

/** The same without its icon. */
export const spokenOperation = (operation: NetOperation, targets: readonly string[]): string =>
  `${actionLabels[operation.action]}  ${quoted(operationText(operation), 400)}${literal(clip(placeText(operation, targets), 80))}`;

/** In a list, where a row is easily mistaken for its neighbour, it asks first. */
export const unstageButton = (number: number): Button =>
  commandButton("do", "Unstage", `unstage ${number}`, {
    confirm: {
      title: `Unstage change ${number}?`,
      text: "It is discarded. If it is needed after all, it has to be staged again.",
      confirm: "Unstage",
      danger: true,
    },
  });

/** What can be done with a staged change in a list. */
export const stagedButtons = ({ number, action }: Change): Button[] =>
  present<Button>([
    // What is removed has no values to edit.
    action !== "DELETE" && commandButton("go", "Edit…", `edit ${number}`),
    unstageButton(number),
  ]);
