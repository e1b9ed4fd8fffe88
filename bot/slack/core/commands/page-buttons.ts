/** How a reply that shows a part of a list leads to the other parts. */
import type { Button } from "@slack/types";
import type { Pages } from "../../../../shared/use-cases/pages.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions, present } from "../../blocks/blocks.ts";

/** A page of a list that grows: it begins after the item `--before`. @param command what makes the list, without it */
export const pageOf = (command: string, before: number | undefined, { newer, older }: Pages) => {
  const at = (id: number): string => `${command} --before ${id}`;
  const buttons = present<Button>([
    newer !== null && commandButton("go", "Newer", newer === "newest" ? command : at(newer)),
    older !== null && commandButton("go", "Older", at(older)),
  ]);
  return { again: before === undefined ? command : at(before), buttons: buttons.length > 0 && actions(...buttons) };
};

/**
 * One of several numbered pages.
 * @param command what shows the first one
 * @param asked from 1; one that is not there means the nearest
 */
export const turnPages = (command: string, asked = 1, count: number) => {
  const page = Math.min(Math.max(asked, 1), count);
  const at = (number: number): string => `${command} --page ${number}`;
  return {
    index: page - 1,
    again: page === 1 ? command : at(page),
    /** Nothing where there is only one. */
    where: count > 1 ? [`Page ${page} of ${count}`] : [],
    buttons: present<Button>([
      page > 1 && commandButton("go", "Previous", at(page - 1)),
      page < count && commandButton("go", "Next", at(page + 1)),
    ]),
  };
};
