/** Slack takes every modal, drawn from the worst that people and targets may write. Home has its own test. */
import type { ModalView } from "@slack/types";
import { expect, test } from "vitest";
import { describe as problemOf, validateMessage, validateView } from "../../tools/slack/validate-blocks.ts";
import {
  formsOf,
  deadLetterReplies,
  repliesOf,
  targetNames,
  tokenReplies,
  targetReplies,
  webhookReplies,
} from "../../test/support/bot/view-fixtures.ts";
import { extremeTexts, manyChanges } from "../../test/support/bot/extreme-inputs.ts";
import { mrkdwnOf } from "../../test/support/bot/texts.ts";
import { diffReply } from "./commits/diff/diff-command.ts";
import { ephemeral } from "./core/reply.ts";
import { replyView } from "./core/modals/modal.ts";
import { withOrigin } from "./core/modals/origin.ts";
import { restored } from "./core/modals/restore.ts";
import { modals } from "./modals.ts";

const problemsOf = (view: ModalView): string[] => [
  ...validateView({ ...view }).map(problemOf),
  ...mrkdwnOf(view).filter((each) => /<!channel|<!here|<@U1>|<https:\/\/evil/.test(each)),
];

test("every form is among those tested with extreme texts", () => {
  const names = new Set(formsOf("x").map((view) => String(view.callback_id)));
  expect([...names].toSorted()).toEqual(modals.map(({ name }) => name).toSorted());
});

test.each(Object.entries(extremeTexts))("every form and reply is accepted by Slack with %s", (_name, text) => {
  const forms = formsOf(text).map((view) => withOrigin(view, "C0123456789"));
  expect(new Set([...forms, ...repliesOf(text)].flatMap(problemsOf))).toEqual(new Set());
});

test.each(Object.entries(extremeTexts))("every refused form is accepted by Slack with %s", (_name, text) => {
  const again = formsOf(text).map((view) =>
    restored({ private_metadata: "", ...view, state: { values: {} } }, [text, text]),
  );
  expect(new Set(again.flatMap(problemsOf))).toEqual(new Set());
});

test.each(Object.entries(extremeTexts))("every administrative reply is accepted by Slack with %s", (_name, text) => {
  for (const reply of [
    ...deadLetterReplies(text),
    ...tokenReplies(text),
    ...targetReplies(text),
    ...webhookReplies(text),
  ]) {
    const shown = ephemeral(reply);
    expect(validateMessage(shown).map(problemOf)).toEqual([]);
    expect(mrkdwnOf(shown).filter((each) => /<!channel|<!here|<@U1>/.test(each))).toEqual([]);
    expect(shown.blocks.filter(({ type }) => type === "actions")).toHaveLength(
      reply.blocks.filter(({ type }) => type === "actions").length,
    );
  }
});

test("the modal of a diff of 500 changes is accepted by Slack", () => {
  const changes = manyChanges();
  const pages = [1, 2, 50, 100_000].map((page) =>
    replyView(diffReply({ title: "Many", command: "diff", changes, targets: targetNames, page })),
  );
  expect(pages.flatMap(problemsOf)).toEqual([]);
});
