/** What can be done from anywhere: the row under `/cv` and Home, and the menus with everything else. */
import type { ActionsBlock, SectionBlock } from "@slack/types";
import { type Role, includes } from "../../../shared/domain/workspace/roles.ts";
import { commandButton, menu, menuOption } from "../core/buttons/command-button.ts";
import { actions, section } from "../blocks/blocks.ts";

interface Entry {
  label: string;
  command: string;
  /** The least role that may; a test compares it with the command's. */
  role: Role;
}

/** An overflow menu takes five entries and, unlike a select, the same one twice in a row. */
export const moreMenus: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: "Look around",
    entries: [
      { label: "Commits", command: "commits", role: "viewer" },
      { label: "Staged changes", command: "staged", role: "viewer" },
      { label: "Status", command: "status", role: "viewer" },
      { label: "Log", command: "log", role: "viewer" },
      { label: "Search…", command: "search", role: "viewer" },
    ],
  },
  {
    title: "Look after it",
    entries: [
      { label: "Help", command: "help", role: "viewer" },
      { label: "Settings", command: "settings", role: "viewer" },
      { label: "Roles", command: "roles", role: "viewer" },
      { label: "Verify the targets", command: "verify", role: "approver" },
      { label: "Reindex the targets", command: "reindex", role: "approver" },
    ],
  },
  {
    title: "Connect programs",
    entries: [
      { label: "API tokens", command: "tokens", role: "editor" },
      { label: "Webhooks", command: "webhooks", role: "admin" },
    ],
  },
];

/** At most one block. */
export const startRow = (
  role: Role,
  { hasStaged, primary }: { hasStaged: boolean; primary: boolean },
): ActionsBlock[] =>
  includes(role, "editor")
    ? [
        actions(
          commandButton("go", "Stage a change…", "stage", primary ? { style: "primary" } : {}),
          ...(hasStaged ? [commandButton("go", "Commit…", "commit")] : []),
        ),
      ]
    : [];

/** At most three blocks: everything else that the role may do. */
export const moreSections = (role: Role): SectionBlock[] =>
  moreMenus.flatMap(({ title, entries }) => {
    const own = entries.filter((entry) => includes(role, entry.role));
    if (own.length === 0) return [];
    const accessory = menu(...own.map(({ label, command }) => menuOption("go", label, command)));
    return [{ ...section(`*${title}*  ${own.map(({ label }) => label).join(", ")}`), accessory }];
  });
