/** Block ids and values of buttons. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { buttonActions, decodeButton, encodeButton } from "../../bot/slack/core/buttons/codec.ts";
import { commandButton, decodeCommand, menuOption } from "../../bot/slack/core/buttons/command-button.ts";
import { clickOf, listRow, rowMenu } from "../../bot/slack/core/buttons/row-menu.ts";
import { section, actions, button as drawnButton } from "../../bot/slack/blocks/blocks.ts";
import { againOf, withAgain } from "../../bot/slack/core/reply.ts";
import { describe, validateMessage } from "../../tools/slack/validate-blocks.ts";
import { type Subject, holds } from "./subject.ts";
import { typed } from "./texts.ts";

const button = fc.record({
  action: fc.constantFrom(...buttonActions),
  number: fc.integer({ min: 1, max: 999_999_999 }),
  seenHash: fc.option(typed, { nil: undefined }),
  target: fc.option(
    typed.filter((text) => text !== ""),
    { nil: undefined },
  ),
});

const cardButtons: Subject = {
  name: "buttons of cards: encoded values are decoded, and no others",
  share: 1,
  property: () =>
    holds(fc.tuple(button, typed, typed), ([{ action, number, seenHash, target }, id, value]) => {
      const original = {
        number,
        ...(seenHash === undefined ? {} : { seenHash }),
        ...(target === undefined ? {} : { target }),
      };
      const encoded = encodeButton(action, original);
      const decoded = decodeButton(encoded.action_id, encoded.value);
      if (JSON.stringify(decoded) !== JSON.stringify({ action, button: original }))
        return `read as ${JSON.stringify(decoded)}`;
      const foreign = decodeButton(id, value);
      if (foreign === null) return null;
      const again = encodeButton(foreign.action, foreign.button);
      return again.action_id === id ? null : `${id} with ${value} is taken for a button`;
    }),
};

const click = fc.constantFrom("go" as const, "do" as const);
/** Slack limits the length of block ids and values. */
const command = typed.filter((text) => text.length <= 200);

const commandButtons: Subject = {
  name: "buttons that are commands: encoded values are decoded, and valid for Slack",
  share: 1,
  property: () =>
    holds(fc.tuple(click, command, typed), ([kind, text, label]) => {
      const drawn = commandButton(kind, label.trim() || "x", text);
      const option = menuOption(kind, label.trim() || "x", text);
      for (const { value } of [drawn, option]) {
        const decoded = decodeCommand(value);
        if (decoded?.click !== kind || decoded.command !== text) return `read as ${JSON.stringify(decoded)}`;
      }
      const [block] = withAgain({ blocks: [actions(drawn)], again: text });
      if (againOf(block?.block_id ?? "") !== text) return `shown again by ${againOf(block?.block_id ?? "")}`;
      return validateMessage({ text: "x", blocks: [section("x"), actions(drawn)] }).map(describe)[0] ?? null;
    }),
};

const rowMenus: Subject = {
  name: "menus of rows: each entry does what its button does, and is valid for Slack",
  share: 1,
  property: () =>
    holds(fc.tuple(button, command, fc.boolean()), ([{ action, number, target }, text, asks]) => {
      const seenHash = "f".repeat(64);
      const of = { number, seenHash, ...(target === undefined ? {} : { target }) };
      const confirm = asks ? { confirm: { title: "Sure?", text: "x", confirm: "Yes" } } : {};
      const buttons = [drawnButton("One", encodeButton(action, of), confirm), commandButton("do", "Two", `x ${text}`)];
      const menu = rowMenu(buttons, text);
      // What a menu does not hold stays a button.
      if (menu?.type !== "overflow") return menu === buttons[0] ? null : "neither a menu nor its first button";
      const clicks = menu.options.map(({ value }) =>
        clickOf({ type: "overflow", action_id: menu.action_id ?? "", selected_option: { value } }),
      );
      const expected = [
        { button: { action, button: of }, asks },
        { command: { click: "do", command: `x ${text}` }, asks: false },
      ];
      return isDeepStrictEqual(clicks, expected)
        ? (validateMessage({ text: "x", blocks: [listRow("x", buttons, text)] }).map(describe)[0] ?? null)
        : `read as ${JSON.stringify(clicks)}`;
    }),
};

const anyIds: Subject = {
  name: "ids of blocks and values: any text is decoded or refused",
  share: 1,
  property: () =>
    holds(typed, (text) => {
      const decoded = decodeCommand(text);
      if (decoded && `${decoded.click}:${decoded.command}` !== text) return "read as something else";
      const again = againOf(text);
      return again === null || text.endsWith(again) ? null : `shown again by ${again}`;
    }),
};

export const buttonSubjects: Subject[] = [cardButtons, commandButtons, rowMenus, anyIds];
