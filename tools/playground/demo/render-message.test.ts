import type { Block } from "@slack/types";
import { expect, it } from "vitest";
import { buttonsOf, renderMessage } from "./render-message.ts";

const nameOf = (id: string) => (id === "U0AVERY01" ? "Avery" : id);
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
/** Blocks as the bot posts them; written out in full they would need every field of Slack's types. */
const render = (...blocks: (Block & Record<string, unknown>)[]) => renderMessage({ text: "fallback", blocks }, nameOf);
const plain = (text: string) => ({ type: "plain_text", text });
const richText = (text: string) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

it("the demo shows the fallback text of a message without blocks", () => {
  expect(render()).toEqual(["fallback"]);
});

it("the demo removes Slack's marks and inserts names and titles", () => {
  const text =
    "*Commit #1* by <@U0AVERY01>: 5 &lt; 8, `a_b_c` <https://x.example/|there> :white_check_mark: <!date^1700000000^{time}|22:13>";
  expect(render({ type: "section", text: mrkdwn(text) })).toEqual([
    "Commit #1 by @Avery: 5 < 8, `a_b_c` there ✅ 22:13",
  ]);
});

it("the demo shows each kind of block that the bot posts", () => {
  expect(
    render(
      { type: "header", text: plain("Staged") },
      { type: "section", text: mrkdwn("one\ntwo"), fields: [mrkdwn("a"), mrkdwn("b")] },
      { type: "divider" },
      { type: "context", elements: [mrkdwn("x"), mrkdwn("y")] },
      {
        type: "plan",
        title: "Pushing",
        tasks: [
          { type: "task_card", title: "d1cv", status: "complete", details: richText("1 added") },
          { type: "task_card", title: "ai-agent", status: "in_progress" },
        ],
      },
      {
        type: "table",
        rows: [
          [plain("Field"), plain("To")],
          [plain("years"), richText("8")],
        ],
      },
      {
        type: "actions",
        elements: [
          { type: "button", text: plain("Approve") },
          { type: "button", text: plain("Reject") },
        ],
      },
    ),
  ).toEqual(
    "Staged|one|two|a|b|x  y|Pushing|● d1cv: 1 added|◐ ai-agent|Field  To|years  8|[ Approve ] [ Reject ]".split("|"),
  );
});

it("the demo finds buttons anywhere, with what a click has to name", () => {
  const button = (label: string, actionId: string) => ({
    type: "button",
    action_id: actionId,
    text: { type: "plain_text", text: label },
  });
  const blocks = [
    {
      type: "actions",
      block_id: "b1",
      elements: [button("Approve", "approve"), { type: "static_select", action_id: "s" }],
    },
    { type: "section", block_id: "b2", accessory: button("Diff", "diff") },
  ];
  expect(buttonsOf({ blocks })).toEqual([
    { label: "Approve", blockId: "b1", actionId: "approve" },
    { label: "Diff", blockId: "b2", actionId: "diff" },
  ]);
});
