import { expect, test } from "vitest";
import { describe as problemOf, validateMessage } from "../../../tools/slack/validate-blocks.ts";
import type { ActionItem, Step } from "../../../shared/domain/workspace/action-items.ts";
import type { ActionItemList } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { changeOf, commitOf, jobOf, targetOf } from "../../../test/support/bot/card-states.ts";
import { extremeTexts } from "../../../test/support/bot/extreme-inputs.ts";
import { mrkdwnOf, textsOf } from "../../../test/support/bot/texts.ts";
import { ephemeral } from "../core/reply.ts";
import { actionItemsReply } from "./action-items-command.ts";

const many = <T>(make: (number: number) => T): T[] => Array.from({ length: 60 }, (_, index) => make(index + 1));

/** The most of everything, in the words of whoever wrote `text`. */
const listOf = (text: string, kinds: readonly Step["kind"][]): ActionItemList => {
  // Once for all: 60 rows with 60 fields each, of 60 commits.
  const overlaps = many((number) => ({
    commit: number,
    change: null,
    author: "U1",
    rows: many(() => ({
      entityType: "technology" as const,
      entityId: text,
      targets: [],
      fields: many(() => text),
      whole: false,
    })),
    rowCount: 60,
  }));
  const step = (number: number): Step => ({
    kind: kinds[number % kinds.length] ?? "ask",
    commit: commitOf({ number, message: text, summary: text, errorTarget: "ai-agent", errorMessage: text }),
    targets: many((each) => targetOf(`target-${each}`, "pending")),
    who: many((each) => `U0${each}`),
    approvedBy: [],
    rejection: null,
    isUnknown: true,
    overlaps,
  });
  const actionItems: ActionItem[] = [
    ...many(step),
    { kind: "commit", changes: many((number) => changeOf({ number, note: text, payload: { level: text } })) },
  ];
  return {
    session: {
      workspace: {
        id: "T1",
        mode: "solo",
        approvalsNeeded: 1,
        channelId: null,
        disconnectedAt: null,
        installedBy: null,
      },
      members: [],
      targets: [],
      role: "admin",
      token: null,
      record: null,
      unreadable: [],
    },
    staged: [],
    actionItems,
    onTheWay: many((number) => ({
      commit: commitOf({ number: 100 + number, message: text, summary: text }),
      jobs: many(() => jobOf("d1cv", "processing", { stage: text })),
      percent: 33,
    })),
    waiting: many(step).map((each) => ({ ...each, commit: { ...each.commit, number: each.commit.number + 200 } })),
    isNew: false,
    down: [],
    backlog: { messages: 0, cards: 0 },
    events: [],
  };
};

const kinds = ["retry", "split", "approve", "push", "unblock", "revise", "ask"] as const;
const cases = Object.entries(extremeTexts).flatMap(([name, text]) => kinds.map((kind) => [name, kind, text] as const));

test.each(cases)("a reply of action items fits and keeps every line: %s, %s", (_name, kind, text) => {
  const message = ephemeral(actionItemsReply(listOf(text, [kind])));
  expect(validateMessage(message).map(problemOf)).toEqual([]);
  const said = textsOf(message.blocks);
  for (const number of [1, 2, 3, 4, 5, 101, 102, 103, 201, 202, 203, 204])
    expect(said).toContain(`*Commit #${number}*`);
  expect(said).toMatch(/… and 56 more[\s\S]*… and 57 more[\s\S]*… and 56 more[\s\S]*Look after it/);
  expect(mrkdwnOf(message).filter((each) => /<!channel|<!here|<@U1>/.test(each))).toEqual([]);
});
