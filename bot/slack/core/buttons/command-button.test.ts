import { expect, test } from "vitest";
import { validateMessage } from "../../../../tools/slack/validate-blocks.ts";
import { actions } from "../../blocks/blocks.ts";
import { againOf, withAgain } from "../reply.ts";
import { commandButton, decodeCommand, menu, menuOption } from "./command-button.ts";

const commands = ["", "log --before 40", 'commit -m "Skill: updates"', "why 1\nnow", `reject 1 ${"x".repeat(400)}`];

test.each(commands)("a button carries the command %j to its handler", (command) => {
  for (const click of ["go", "do"] as const) {
    const { value, action_id: actionId } = commandButton(click, "Label", command);
    expect(decodeCommand(value)).toEqual({ click, command });
    expect(actionId?.length).toBeLessThanOrEqual(255);
    expect(decodeCommand(menuOption(click, "Label", command).value)).toEqual({ click, command });
  }
});

test.each([undefined, "", "go", "run:log", "goo:log", '{"n":1}'])("the button value %j is no command", (value) => {
  expect(decodeCommand(value)).toBeNull();
});

test("two buttons for different commands may stand in one block", () => {
  const blocks = [actions(commandButton("go", "Older", "log --before 40"), commandButton("do", "Drop", "drop 4"))];
  expect(validateMessage({ text: "x", blocks })).toEqual([]);
});

test("a menu keeps to Slack's five entries", () => {
  const entries = Array.from({ length: 7 }, (_, index) => menuOption("go", `Entry ${index}`, `show ${index}`));
  expect(menu(entries).options).toHaveLength(5);
});

test.each(commands)("the command that refreshes a reply is read from its blocks: %j", (again) => {
  const blocks = [actions(commandButton("go", "Older", "log"))];
  const [marked] = withAgain({ blocks, again });
  expect(againOf(marked?.block_id ?? "")).toBe(again.slice(0, 255 - "again:0:".length));
  expect(withAgain({ blocks })).toEqual(blocks);
});

test("a block that Slack has named has no command to refresh it", () => {
  expect(againOf("b1")).toBeNull();
  expect(againOf("against:0:log")).toBeNull();
});
