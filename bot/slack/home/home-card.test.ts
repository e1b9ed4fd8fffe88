import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { describe as problemOf, validateView } from "../../../tools/slack/validate-blocks.ts";
import type { ActionItem, Step, UnderWay } from "../../../shared/domain/workspace/action-items.ts";
import { type Role, roles } from "../../../shared/domain/workspace/roles.ts";
import { modes } from "../../../shared/domain/workspace/settings.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import { changeOf, commitOf, jobOf, targetOf } from "../../../test/support/bot/card-states.ts";
import { extremeTexts } from "../../../test/support/bot/extreme-inputs.ts";
import { clickablesOf } from "../../../test/support/bot/clickables.ts";
import { mrkdwnOf, textsOf } from "../../../test/support/bot/texts.ts";
import { clickOf } from "../core/buttons/row-menu.ts";
import { type HomeState, homeView } from "./home-card.ts";

const reader = "U0CARLA01";
const nowMs = Date.parse("2031-03-03T09:05:00.000Z");

const stepOf = (kind: Step["kind"], number: number, more: Partial<Step> = {}): Step => ({
  kind,
  commit: commitOf({ id: `commit-${number}`, number, ...more.commit }),
  targets: [targetOf("d1cv", "pending"), targetOf("ai-agent", "pending")],
  who: [reader],
  approvedBy: [],
  rejection: null,
  isUnknown: false,
  overlaps: [],
  ...more,
});

const underWay = (number: number): UnderWay => ({
  commit: commitOf({ number, review: "approved" }),
  jobs: [jobOf("d1cv", "completed"), jobOf("ai-agent", "processing")],
  percent: 70,
});

const eventOf = (data: Record<string, unknown>): LoggedEvent => ({
  id: 1,
  type: "commit.created",
  commitId: "commit-4",
  pushId: null,
  jobId: null,
  attempt: null,
  actor: { kind: "slack", id: reader },
  data,
  traceId: "0".repeat(32),
  at: "2031-03-03T09:00:00.000Z",
  commitNumber: 4,
  pushNumber: null,
  changeNumber: null,
  deadLetterNumber: null,
  target: null,
  tokenName: null,
});

const stateOf = (more: Partial<HomeState> = {}, role: Role = "admin"): HomeState => ({
  session: {
    workspace: { id: "T1", mode: "team", approvalsNeeded: 1, channelId: null, disconnectedAt: null, installedBy: null },
    members: [{ userId: reader, role: "admin" }],
    targets: [],
    role,
    token: null,
    record: null,
    unreadable: [],
  },
  readerId: reader,
  staged: [],
  actionItems: [],
  onTheWay: [],
  waiting: [],
  isNew: false,
  down: [],
  backlog: { messages: 0, cards: 0 },
  events: [],
  nowMs,
  ...more,
});

/** Everything that can be clicked, by its label. */
const clickable = (blocks: readonly KnownBlock[]): string[] => clickablesOf(blocks).map(({ label }) => label);

const labels = (state: HomeState): string[] => clickable(homeView(state).blocks as KnownBlock[]);
const own = (number: number) =>
  changeOf({ number, id: `change-${number}`, createdBy: reader, state: "staged", commitId: null });

describe("Home", () => {
  test("Home has action items, staged changes, pushes, waiting and recent events, in order", () => {
    const staged = [own(1)];
    const state = stateOf({
      actionItems: [stepOf("approve", 4), { kind: "commit", changes: staged }],
      staged: [...staged, changeOf({ number: 2, createdBy: "U0BLAKE01", payload: { level: "Of somebody else" } })],
      onTheWay: [underWay(5)],
      waiting: [stepOf("push", 6, { who: ["U0PRIYA01"] })],
      events: [eventOf({ message: "Somebody did something" })],
    });
    const said = textsOf(homeView(state));
    const order = [
      "Action items",
      "Commit #4",
      "1 staged change of yours",
      "On the way",
      "▓▓▓▓▓▓▓░░░ 70 %",
      "Waiting for others",
      "<@U0PRIYA01> may push it",
      "Somebody did something",
      "Your role here is *admin*",
    ];
    const places = order.map((text) => said.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(said).not.toContain("Of somebody else");
  });

  test.each<[ActionItem, string[]]>([
    [stepOf("approve", 4), ["Approve", "Reject", "Details", "Show"]],
    [stepOf("push", 4), ["Push to all", "Push to d1cv", "Push to ai-agent", "Why?", "Show"]],
    [
      stepOf("push", 4, { targets: [targetOf("d1cv", "applied"), targetOf("ai-agent", "pending")] }),
      ["Push to ai-agent", "Why?", "Show"],
    ],
    [stepOf("retry", 4), ["Retry", "Why?", "Show"]],
    [stepOf("retry", 4, { isUnknown: true }), ["Retry", "Cancel…", "Why?", "Show"]],
    [stepOf("unblock", 4), ["Roles", "Settings", "Show"]],
    [stepOf("revise", 4), ["Reopen", "Drop", "Show"]],
    [stepOf("split", 4), ["Reopen", "Why?", "Show"]],
    [stepOf("ask", 4), ["Ask for review", "Details", "Drop", "Show"]],
  ])("Home offers what the state allows ($kind)", (actionItem, expected) => {
    expect(labels(stateOf({ actionItems: [actionItem] })).slice(0, expected.length + 1)).toEqual([
      ...expected,
      "Stage a change…",
    ]);
  });

  test("Home unstages and edits staged changes, but edits no removal", () => {
    const staged = [own(1), { ...own(2), action: "DELETE" as const, payload: {} }];
    expect(labels(stateOf({ staged })).filter((label) => /^(Edit|Unstage)/.test(label))).toEqual([
      "Edit…",
      "Unstage",
      "Unstage",
    ]);
  });

  test("Home has at most one primary button, the first thing to do", () => {
    for (const actionItems of [[], [stepOf("approve", 4), stepOf("push", 5)]]) {
      const text = JSON.stringify(homeView(stateOf({ actionItems, staged: [own(1)] })));
      // What is in a menu does not stand out.
      expect(text.split('"primary"').length - 1).toBe(actionItems.length === 0 ? 1 : 0);
    }
  });

  test("Home shows a viewer the work and no form", () => {
    const shown = labels(stateOf({ waiting: [stepOf("push", 6)] }, "viewer"));
    expect(shown).toContain("Show");
    expect(shown).not.toContain("Stage a change…");
    expect(shown).not.toContain("Verify the targets");
  });
});

describe("Slack's limits", () => {
  const cases = Object.entries(extremeTexts).map(([name, text]) => [name, text] as const);

  test.each(cases)("Home is accepted by Slack with any text and amount: %s", (_name, text) => {
    const many = <T>(make: (number: number) => T): T[] => Array.from({ length: 60 }, (_, index) => make(index + 1));
    const commit = (number: number) =>
      commitOf({
        number,
        id: `commit-${number}`,
        message: text,
        summary: text,
        errorTarget: "d1cv",
        errorMessage: text,
      });
    const targets = many((number) => targetOf(`target-${number}`, "pending"));
    const who = many((number) => `U0${number}`);
    const kinds = ["retry", "split", "approve", "push", "unblock", "revise", "ask"] as const;
    const step = (number: number): Step =>
      stepOf(kinds[number % kinds.length] ?? "ask", number, { commit: commit(number), targets, who });
    const staged = many((number) => ({ ...own(number), note: text, payload: { level: text } }));
    const jobs = many(() => jobOf("d1cv", "processing", { stage: text }));
    for (const mode of modes) {
      const base = stateOf();
      const view = homeView({
        ...base,
        session: { ...base.session, workspace: { ...base.session.workspace, mode } },
        actionItems: [...many(step), { kind: "commit", changes: staged }],
        waiting: many(step),
        onTheWay: many((number) => ({ commit: commit(number), jobs, percent: 33 })),
        staged,
        events: many(() => eventOf({ message: text })),
      });
      expect(validateView({ ...view }).map(problemOf)).toEqual([]);
      expect(mrkdwnOf(view).filter((each) => /<!channel|<!here|<@U1>/.test(each))).toEqual([]);
      const all = textsOf(view);
      for (const rest of ["… and 50 more", "… and 52 more"]) expect(all).toContain(rest);
      expect(clickable(view.blocks as KnownBlock[]).filter((label) => label === "Show all")).toHaveLength(4);
    }
  });

  test.each(roles)("Home is accepted by Slack for a %s of an empty workspace", (role) => {
    expect(validateView({ ...homeView(stateOf({}, role)) })).toEqual([]);
  });
});

test("everything that can be clicked on Home can be decoded", () => {
  const state = stateOf({ actionItems: [stepOf("ask", 4)], staged: [own(3)] });
  const clicks = clickablesOf(homeView(state).blocks as KnownBlock[]).map(({ type, actionId, value }) =>
    type === "button"
      ? clickOf({ type, action_id: actionId, value })
      : clickOf({ type, action_id: actionId, selected_option: { value } }),
  );
  expect(clicks.slice(0, 8)).toEqual([
    { command: { click: "do", command: "review 4" }, asks: false },
    { command: { click: "go", command: "diff 4" }, asks: false },
    { command: { click: "do", command: "drop 4" }, asks: true },
    { command: { click: "go", command: "show 4" }, asks: false },
    { command: { click: "go", command: "stage" }, asks: false },
    { command: { click: "go", command: "commit" }, asks: false },
    { command: { click: "go", command: "edit 3" }, asks: false },
    { command: { click: "do", command: "unstage 3" }, asks: true },
  ]);
});
