import { describe, expect, test } from "vitest";
import { describe as problemOf, validateMessage } from "../../../../tools/slack/validate-blocks.ts";
import { button } from "../../blocks/blocks.ts";
import { encodeButton } from "./codec.ts";
import { commandButton } from "./command-button.ts";
import { clickOf, listRow, rowMenu } from "./row-menu.ts";

const hash = "f".repeat(64);
const approve = button("Approve", encodeButton("commit.approve", { number: 4, seenHash: hash }), {
  confirm: { title: "Approve?", text: "It removes rows.", confirm: "Approve" },
});
const push = button("Push to d1cv", encodeButton("commit.push", { number: 4, seenHash: hash, target: "d1cv" }));
const retry = button("Retry", encodeButton("push.retry", { number: 4 }));
const show = commandButton("go", "Show", "show 4");

const clicksOf = (menu: ReturnType<typeof rowMenu>) =>
  menu?.type === "overflow"
    ? menu.options.map(({ value }) =>
        clickOf({ type: "overflow", action_id: menu.action_id ?? "", selected_option: { value } }),
      )
    : null;

describe("the row of a list", () => {
  test("a row of one button keeps it as it is, and a row of none has nothing to click", () => {
    expect(rowMenu([show])).toBe(show);
    expect(listRow("x", [])).not.toHaveProperty("accessory");
  });

  test("a row of several buttons has them as entries of one menu, which do what the buttons do", () => {
    const menu = rowMenu([approve, push, retry, show]);
    expect(clicksOf(menu)).toEqual([
      { button: { action: "commit.approve", button: { number: 4, seenHash: hash } }, asks: true },
      { button: { action: "commit.push", button: { number: 4, seenHash: hash, target: "d1cv" } }, asks: false },
      { button: { action: "push.retry", button: { number: 4, seenHash: hash } }, asks: false },
      { command: { click: "go", command: "show 4" }, asks: false },
    ]);
    expect(validateMessage({ text: "x", blocks: [listRow("x", [approve, push, retry, show])] }).map(problemOf)).toEqual(
      [],
    );
  });

  test("the entries of a row with a long id stay within Slack's 75 characters", () => {
    const row = `d1cv certification "${"long id ".repeat(10)}"`;
    const commands = ["verify push", "verify fix", "verify accept"].map((verb) => `${verb} ${row}`);
    const menu = rowMenu(
      commands.map((command) => commandButton("do", command.slice(0, 20), command)),
      row,
    );
    expect(clicksOf(menu)).toEqual(commands.map((command) => ({ command: { click: "do", command }, asks: false })));
  });

  test("a row whose commands fit into no menu keeps its first button", () => {
    const first = commandButton("do", "One", `one ${"x".repeat(300)}`);
    expect(rowMenu([first, show])).toBe(first);
  });

  test.each([
    ["an unknown entry", "menu", "x"],
    ["an entry of a button without its commit", "menu", "commit.approve"],
    ["an entry of a button with another's commit", "menu:[]", "commit.approve"],
    ["a question about nothing", "menu", "ask:"],
  ])("%s is none of ours", (_what, id, value) => {
    expect(clickOf({ type: "overflow", action_id: id, selected_option: { value } })).toBeNull();
  });
});
