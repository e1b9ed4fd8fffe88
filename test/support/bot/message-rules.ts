/** What holds for every message, Home and reply of ours, as the names of the rules that are broken. */
import type { KnownBlock } from "@slack/types";
import { clickOf } from "../../../bot/slack/core/buttons/row-menu.ts";
import { type Clickable, clickablesOf } from "./clickables.ts";
import { textsOf } from "./texts.ts";

const isDangerous = (element: unknown): boolean =>
  typeof element === "object" && element !== null && "style" in element && element.style === "danger";

/** Those of a list stand between dividers: what a click has brought stands above one. */
const partsOf = (blocks: readonly KnownBlock[]): KnownBlock[][] => {
  const parts: KnownBlock[][] = [[]];
  for (const block of blocks) {
    if (block.type === "divider") parts.push([]);
    else parts.at(-1)?.push(block);
  }
  return parts;
};

/** Without what is a row's own: "Revoke 3" and "Revoke 4" are the same button. */
const labelsIn = (block: KnownBlock): string[] => clickablesOf([block]).map(({ label }) => label.replace(/\d+/g, "#"));

/** A label that two rows of buttons have in common is that of a list. */
const rowsWithButtons = (blocks: readonly KnownBlock[]): string[] => {
  const rows = blocks.filter(({ type }) => type === "actions").map(labelsIn);
  const twice = rows.flatMap((labels, index) =>
    labels.filter((label) =>
      rows
        .slice(index + 1)
        .flat()
        .includes(label),
    ),
  );
  return twice.map((label) => `${label} stands in several rows of buttons: a list has one button or menu a row`);
};

const undecodable = ({ type, actionId, value, label }: Clickable): string[] => {
  const click =
    type === "button"
      ? clickOf({ type, action_id: actionId, value })
      : clickOf({ type, action_id: actionId, selected_option: { value } });
  return click ? [] : [`${label} is none of our buttons`];
};

const head = ["What", "Change", "Before", "After"];
const happens = /^(added|changed|emptied|removed|no change)( in .+)?$/s;

/** Made to be read aloud: one row a field, and a column that says what happens. */
const tableProblems = (block: KnownBlock): string[] => {
  if (block.type !== "table" && block.type !== "data_table") return [];
  const [titles = [], ...rows] = block.rows.map((row) => row.map((cell) => textsOf([cell])));
  if (titles.map((title) => title.replaceAll("*", "")).join() !== head.join())
    return [`a table begins with ${titles.join()}`];
  return rows.flatMap((row) => {
    const [what = "", change = "", before = "", after = ""] = row;
    return [
      ...(row.length === head.length && what !== "" ? [] : ["a row of a table lacks what it is of"]),
      ...(happens.test(change) ? [] : [`a row of a table says "${change.slice(0, 100)}" of what happens`]),
      ...(before === "" || after === "" ? ["a cell of a table is empty, which is not read aloud"] : []),
    ];
  });
};

export const brokenRules = (blocks: readonly KnownBlock[]): string[] => {
  const dangerous = blocks.flatMap((block) => {
    const elements: unknown[] = block.type === "actions" ? block.elements : [];
    return (block.type === "section" ? [block.accessory] : elements).filter(isDangerous);
  });
  return [
    ...(dangerous.length > 1 ? ["several destructive buttons"] : []),
    ...partsOf(blocks).flatMap(rowsWithButtons),
    ...clickablesOf(blocks).flatMap(undecodable),
    ...blocks.flatMap(tableProblems),
  ];
};
