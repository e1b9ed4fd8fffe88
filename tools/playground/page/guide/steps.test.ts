import { describe, expect, test } from "vitest";
import type { ClientState, Message, Person } from "../../client-protocol.ts";
import { app, people } from "../../slack/workspace.ts";
import { type Progress, type Whereabouts, nextStep, noProgress, progressAfter } from "./steps.ts";

const someone = (title: string): Person => {
  const found = people.find((person) => person.title === title);
  if (!found) throw new Error(`Nobody is ${title}`);
  return found;
};
let sent = 0;
const message = (text: string, more: Partial<Message> = {}): Message => {
  sent += 1;
  return {
    channel: "C1",
    ts: `${sent}.000000`,
    thread_ts: null,
    user: app.botUser,
    text,
    blocks: [],
    edited_ts: null,
    reply_count: 0,
    ephemeral_for: null,
    deleted: false,
    ...more,
  };
};
const stateOf = (messages: Message[], more: Partial<ClientState> = {}): ClientState => ({
  team: { id: "T1", domain: "t", name: "t" },
  installed: true,
  workspaces: [],
  me: someone("author"),
  people: [...people],
  channels: [],
  messages,
  views: [],
  home: null,
  faults: [],
  sequence: 1,
  ...more,
});
const here: Whereabouts = { at: "C1", thread: null };
const after = (
  messages: Message[],
  more: Partial<ClientState> = {},
  place: Whereabouts = here,
  before: Progress = noProgress,
): Progress => progressAfter(before, stateOf(messages, more), place);
const ticked = ({ done }: Progress): string[] => [...done];

const commitCard = message("Commit #1: Skill updates. It is in review.");
const pushCard = message("Push #1 of commit #1 to d1cv: d1cv: Sending");

describe("the onboarding steps", () => {
  test("an onboarding step is not completed by the welcome or by people's messages", () => {
    expect(ticked(after([message("Change the portfolio from here: type /cv alone for your action items.")]))).toEqual(
      [],
    );
    expect(ticked(after([message("Commit #1 Staged as change 1", { user: "U0AVERY01" })]))).toEqual([]);
  });

  test("the onboarding steps of staging are completed by the bot's replies", () => {
    expect(ticked(after([message("Staged as change 1: Python")]))).toEqual(["stage"]);
    const said = { type: "section", text: { type: "mrkdwn", text: "*1 staged change of yours*" } } as const;
    expect(ticked(after([message("", { blocks: [said] })]))).toEqual(["look"]);
  });

  test("the onboarding steps of staging and committing are completed by a commit card", () => {
    expect(ticked(after([commitCard]))).toEqual(["stage", "commit"]);
    expect(ticked(after([commitCard], { me: someone("approver") }))).toEqual(["stage", "commit", "become"]);
  });

  test("the onboarding steps of a push are completed by its card and its open thread", () => {
    expect(ticked(after([pushCard]))).toContain("push");
    expect(ticked(after([pushCard]))).not.toContain("watch");
    expect(ticked(after([pushCard], {}, { at: "C1", thread: pushCard.ts }))).toContain("watch");
    expect(ticked(after([commitCard], {}, { at: "C1", thread: commitCard.ts }))).not.toContain("watch");
  });

  test("the onboarding steps of portfolio and Home are completed by opening them", () => {
    expect(ticked(after([commitCard], {}, { at: "portfolio", thread: null }))).not.toContain("portfolio");
    expect(ticked(after([pushCard], {}, { at: "portfolio", thread: null }))).toContain("portfolio");
    const home = { id: "V1", user: "U1", hash: "1", errors: {}, view: { type: "home" as const, blocks: [] } };
    expect(ticked(after([], {}, { at: "home", thread: null }))).toEqual([]);
    expect(ticked(after([], { home }, { at: "home", thread: null }))).toEqual(["home"]);
  });

  test("the onboarding step of a retry needs the failed push itself to be applied", () => {
    const broken = message("Push #2 of commit #2 to d1cv: Failed at d1cv: nothing was applied there.");
    const failed = after([broken], { faults: ["d1cv.refuse"] });
    expect(ticked(failed)).toEqual(["push", "fault"]);
    const applied = (number: number): Message => ({
      ...broken,
      text: `Push #${number} of commit #2 to d1cv: Applied to d1cv, not verified yet.`,
    });
    expect(ticked(after([applied(3)], {}, here, failed))).not.toContain("retry");
    expect(ticked(after([applied(2)], {}, here, failed))).toContain("retry");
  });
});

test("the onboarding step of a conflict is completed by resolving it, not by meeting it", () => {
  const refused = message("d1cv has changed since commit #2 was made, so nothing was sent", { ephemeral_for: "U1" });
  expect(ticked(after([refused]))).not.toContain("conflict");
  const resolved = message("Resolved 1 conflict in commit *#2*.", { ephemeral_for: "U1" });
  expect(ticked(after([refused, resolved]))).toContain("conflict");
});

test("a completed onboarding step stays done, and the first open one is next", () => {
  const first = after([message("Staged as change 1: Python")]);
  const later = after([], {}, here, first);
  expect(later).toBe(first);
  expect(nextStep(later)).toBe("look");
  expect(nextStep({ done: new Set(), failed: new Set() })).toBe("stage");
});
