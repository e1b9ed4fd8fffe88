/** What holds for every message, Home, modal and reply of the catalogue, whatever it shows. */
import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { type NetOperation, netOperations } from "../../shared/domain/staging/net-operations.ts";
import { effectOf, summaryOf } from "../../shared/domain/staging/summary.ts";
import type { Change } from "../../shared/domain/staging/change.ts";
import { commitStates } from "../../test/support/bot/card-state-space.ts";
import { cardsOf, homesOf } from "../../test/support/bot/card-fixtures.ts";
import { changeOf, commitOf, commitState } from "../../test/support/bot/card-states.ts";
import { clickablesOf } from "../../test/support/bot/clickables.ts";
import { extremeTexts } from "../../test/support/bot/extreme-inputs.ts";
import { brokenRules } from "../../test/support/bot/message-rules.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import {
  deadLetterReplies,
  formsOf,
  repliesOf,
  tokenReplies,
  targetReplies,
  webhookReplies,
} from "../../test/support/bot/view-fixtures.ts";
import { createWorld, people } from "../../test/support/bot/world.ts";
import { commands } from "./commands.ts";
import { commitCard, commitCardFallbacks } from "./commits/commit-card.ts";
import { approveButton } from "./components/commit-buttons.ts";
import { helpOf } from "./home/help-command.ts";
import { createManifest } from "./manifest.ts";

interface Shown {
  blocks: readonly unknown[];
}

const catalogueOf = (text: string): Shown[] => [
  ...cardsOf(text),
  ...homesOf(text),
  ...repliesOf(text),
  ...deadLetterReplies(text),
  ...tokenReplies(text),
  ...targetReplies(text),
  ...webhookReplies(text),
];

const broken = (all: readonly Shown[]): string[] => [
  ...new Set(all.flatMap(({ blocks }) => brokenRules(blocks as readonly KnownBlock[]))),
];

describe("every message, Home, modal and reply", () => {
  test.each(Object.entries(extremeTexts))(
    "the catalogue keeps the rules of tables, buttons and lists around the text: %s",
    (_name, text) => {
      expect(broken(catalogueOf(text))).toEqual([]);
    },
  );

  test("every form keeps the rules of tables, buttons and lists", () => {
    expect(broken(formsOf("x"))).toEqual([]);
  });

  test("a commit in each of its states keeps the rules of tables, buttons and lists", () => {
    expect(broken(commitStates().flatMap((state) => [commitCard(state), ...commitCardFallbacks(state)]))).toEqual([]);
  });

  test("a list whose rows have several buttons breaks the rules, and so do two destructive buttons", async () => {
    const world = await createWorld();
    const { author } = people;
    await world.run([author, "stage update technology python-1 experience_years=6"]);
    const { blocks } = await world.command(author, "staged");
    const row = blocks.filter(({ type }) => type === "section").slice(0, 1);
    const buttons = { type: "actions", elements: [approve("danger"), approve("danger")] } as KnownBlock;
    expect(brokenRules([...row, buttons, ...row, buttons])).toEqual([
      "several destructive buttons",
      "Approve stands in several rows of buttons: a list has one button or menu a row",
      "Approve stands in several rows of buttons: a list has one button or menu a row",
    ]);
  });

  test("no reply has two buttons or menus a row for an admin, whose lists are longest", async () => {
    const world = await createWorld();
    const { author, admin } = people;
    for (const years of [6, 7, 8])
      await world.run(
        [author, `stage update technology python-1 experience_years=${years}`],
        [author, `commit c${years}`],
      );
    await world.run(
      [admin, "stage delete technology jquery-1"],
      [author, "stage create technology name=A category=Backend"],
    );
    const lines = commands.flatMap(({ name, usage }) => (usage.startsWith("[") ? [name] : []));
    for (const line of ["", ...lines, "show 1", "status 1", "why 1", "verify"]) {
      const response = await world.post(world.commandBody(admin, line));
      const { blocks = [] } = (await response.json().catch(() => ({}))) as { blocks?: KnownBlock[] };
      expect(brokenRules(blocks), `/cv ${line}`).toEqual([]);
    }
  });
});

const approve = (style: "danger") => ({ ...approveButton(commitOf(), { rows: 1, removes: false }, "team"), style });

describe("the table of a commit", () => {
  const table = (changes: Change[]): string =>
    textsOf(commitCard(commitState({ changes })).blocks.filter(({ type }) => type === "data_table"));

  test("the table of a commit has one row a field, says what happens, and has no ids", () => {
    const said = table([
      changeOf({ payload: { experience_years: 8, level: "Expert" } }),
      changeOf({
        id: "c2",
        number: 2,
        action: "CREATE",
        entityId: "rust-id",
        payload: { name: "Rust", category: "Backend" },
        base: { d1cv: { seen: "absent" }, "ai-agent": { seen: "absent" } },
      }),
      changeOf({ id: "c3", number: 3, action: "DELETE", entityId: "jquery-id", payload: {}, base: {} }),
    ]);
    const [head, ...rows] = said.split("\n");
    expect(head).toBe("What | Change | Before | After");
    expect(rows.map((row) => row.split(" | ").slice(0, 2).join(": "))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Python\*?, Years of experience: changed$/),
        expect.stringMatching(/Rust\*?, Name: added$/),
        expect.stringMatching(/: removed$/),
      ]),
    );
    const before = rows.map((row) => row.split(" | ")[2]);
    for (const id of ["rust-id", "jquery-id", "python-1"]) expect(before.join()).not.toContain(id);
  });
});

describe("Approve", () => {
  const rust = (index: number): Change =>
    changeOf({
      id: `c${index}`,
      number: index,
      action: "CREATE",
      entityId: `t-${index}`,
      payload: { name: `T${index}` },
    });
  const named = (entityId: string, name: string, more: Partial<Change>): Change =>
    changeOf({
      id: entityId,
      entityId,
      base: { d1cv: { seen: "row", version: "1", values: { name, level: "a" } } },
      ...more,
    });
  const many = (count: number): Change[] => Array.from({ length: count }, (_, index) => rust(index + 1));

  const cases: [what: string, changes: Change[], asks: boolean][] = [
    ["one row", [changeOf()], false],
    ["ten rows", many(10), false],
    ["eleven rows", many(11), true],
    ["a removal", [changeOf({ action: "DELETE", payload: {} })], true],
    ["a removal among others", [...many(3), changeOf({ action: "DELETE", payload: {} })], true],
    [
      "a removal that reads like a count",
      [
        named("a", "1 of many", { payload: { level: "b" } }),
        named("b", "climate changed", { action: "DELETE", payload: {} }),
      ],
      true,
    ],
    ["a value that reads like a removal", [named("a", "Remove me", { payload: { level: "b" } })], false],
  ];

  test.each(cases)("Approve of a commit of %s asks once, or not, by what the commit does", (_what, changes, asks) => {
    const operations: NetOperation[] = netOperations(changes, ["d1cv"]);
    const summary = summaryOf(operations, ["d1cv"]);
    const card = commitCard(commitState({ changes, commit: commitOf({ review: "in_review", summary }) }));
    const button = clickablesOf(card.blocks).find(({ label }) => label === "Approve");
    expect(button).toBeDefined();
    expect(JSON.stringify(card.blocks).includes("Approve commit #")).toBe(asks);
    expect(effectOf(operations).rows).toBe(operations.length);
  });

  test("Approve asks where it was not read how large the commit is", () => {
    expect(approveButton(commitOf(), null, "team").confirm?.text.text).toMatch(/^What it does/);
  });
});

describe("what is read at a glance", () => {
  test("help fits a phone for every role: one line a topic, and details behind its button", () => {
    for (const role of ["viewer", "editor", "approver", "admin"] as const) {
      const { blocks } = helpOf(role, commands);
      expect(blocks.length, role).toBeLessThanOrEqual(9);
      expect(textsOf(blocks).length, role).toBeLessThanOrEqual(1000);
    }
  });

  test("the usage hint of the command says four words", () => {
    const [command] = createManifest("https://cv-ops.example.com").features?.slash_commands ?? [];
    expect(command?.usage_hint?.split(" | ")).toEqual(["stage", "commit", "approve", "push"]);
  });
});
