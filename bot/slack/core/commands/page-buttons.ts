/** "Newer" and "Older" under a list that has more than it shows. */
import type { ActionsBlock } from "@slack/types";
import type { Pages } from "../../../../shared/use-cases/pages.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions } from "../../blocks/blocks.ts";

/** @param command what makes the list, without `--before` */
export const pageButtons = (command: string, { newer, older }: Pages): ActionsBlock[] => {
  const buttons = [
    ...(newer === null
      ? []
      : [commandButton("go", "Newer", newer === "newest" ? command : `${command} --before ${newer}`)]),
    ...(older === null ? [] : [commandButton("go", "Older", `${command} --before ${older}`)]),
  ];
  return buttons.length > 0 ? [actions(...buttons)] : [];
};
