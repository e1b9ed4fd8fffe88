/** What can be done from anywhere: the row under `/cv` and Home, and the menus with everything else. */
import type { ActionsBlock, SectionBlock } from "@slack/types";
import { type Permission, type Role, may } from "../../../shared/domain/workspace/roles.ts";
import { commandButton, menu, menuOption } from "../core/buttons/command-button.ts";
import { actions, section } from "../blocks/blocks.ts";

interface Entry {
  label: string;
  command: string;
  /** A test compares it with the command's. */
  permission: Permission;
}

/** An overflow menu takes five entries and, unlike a select, the same one twice in a row. */
export const moreMenus: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: "Look around",
    entries: [
      { label: "Commits", command: "commits", permission: "read" },
      { label: "Staged changes", command: "staged", permission: "read" },
      { label: "Status", command: "status", permission: "read" },
      { label: "Log", command: "log", permission: "read" },
      { label: "Search…", command: "search", permission: "read" },
    ],
  },
  {
    title: "Look after it",
    entries: [
      { label: "Help", command: "help", permission: "read" },
      { label: "Settings", command: "settings", permission: "read" },
      { label: "Roles", command: "roles", permission: "read" },
      { label: "Verify the targets", command: "verify", permission: "verify" },
      { label: "Reindex the targets", command: "reindex", permission: "reindex" },
    ],
  },
  {
    title: "Programs and health",
    entries: [
      { label: "API tokens", command: "tokens", permission: "ownTokens" },
      { label: "Webhooks", command: "webhooks", permission: "webhooks" },
      { label: "Targets", command: "targets", permission: "targets" },
      { label: "Doctor", command: "doctor", permission: "settings" },
    ],
  },
];

export const startRow = (
  role: Role,
  { hasStaged, primary }: { hasStaged: boolean; primary: boolean },
): ActionsBlock[] =>
  may(role, "stage")
    ? [
        actions(
          commandButton("go", "Stage a change…", "stage", primary ? { style: "primary" } : {}),
          hasStaged && commandButton("go", "Commit…", "commit"),
        ),
      ]
    : [];

/** At most three blocks: everything else that the role may do. */
export const moreSections = (role: Role): SectionBlock[] =>
  moreMenus.flatMap(({ title, entries }) => {
    const own = entries.filter(({ permission }) => may(role, permission));
    if (own.length === 0) return [];
    const accessory = menu(own.map(({ label, command }) => menuOption("go", label, command)));
    return [{ ...section(`*${title}*  ${own.map(({ label }) => label).join(", ")}`), accessory }];
  });
