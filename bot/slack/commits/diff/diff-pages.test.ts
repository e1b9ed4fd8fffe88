import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { describe as wording, validateMessage, validateView } from "../../../../tools/slack/validate-blocks.ts";
import type { Change } from "../../../../shared/domain/staging/change.ts";
import { changeOf, commitOf, targetOf } from "../../../../test/support/bot/card-states.ts";
import { extremeChange, extremeTexts, manyChanges } from "../../../../test/support/bot/extreme-inputs.ts";
import { textsOf } from "../../../../test/support/bot/texts.ts";
import { commitDiff, diffReply } from "./diff-command.ts";
import { replyView } from "../../core/modals/modal.ts";
import { fit } from "../../blocks/blocks.ts";
import { netOperations } from "../../../../shared/domain/staging/net-operations.ts";
import { diffPages } from "./diff-pages.ts";

const both = ["d1cv", "ai-agent"];

const expectSound = (blocks: KnownBlock[]): void => {
  expect(validateMessage({ text: "x", blocks }).map(wording)).toEqual([]);
  expect(validateView({ type: "home", blocks }).map(wording)).toEqual([]);
};

const replyOf = (changes: readonly Change[], page: number) =>
  diffReply({ title: "Your staged changes", command: "diff", changes, targets: both, page });

const commandsOn = (blocks: KnownBlock[]): string[] =>
  blocks.flatMap((block) =>
    block.type === "actions"
      ? block.elements.flatMap((each) => (each.type === "button" ? [each.value ?? ""] : []))
      : [],
  );

describe("a diff", () => {
  test("a diff of 500 long rows shows every field on exactly one page", { timeout: 30_000 }, () => {
    const pages = diffPages(netOperations(manyChanges(), both));
    const texts = pages.map(textsOf);
    const all = texts.join("\n").split("\n");
    const titles = all.filter(
      (line) => line.startsWith(":pencil2: Change technology") && !line.endsWith("(continued)"),
    );
    expect(titles.map((line) => /`(row-\d+)`/.exec(line)?.[1])).toEqual(
      Array.from({ length: 500 }, (_, index) => `row-${index}`),
    );
    const ends = all.join("\n").match(/\bend (\d+)\b/g) ?? [];
    expect(ends.length).toBe(500);
    expect(new Set(ends).size).toBe(500);
    expect(all.filter((line) => line.startsWith("Name: ")).length).toBe(500);
    for (const blocks of pages) expectSound(blocks);
  });

  test("a diff is accepted by Slack as message and as modal, uncut", () => {
    const changes = manyChanges().slice(0, 19);
    const { length } = diffPages(netOperations(changes, both));
    for (let page = 1; page <= length; page += 1) {
      const reply = replyOf(changes, page);
      expect(fit(reply).blocks).toEqual(reply.blocks);
      expect(validateMessage(reply).map(wording)).toEqual([]);
      expect(validateView(replyView(reply)).map(wording)).toEqual([]);
    }
  });

  test("a diff leads from page to page", () => {
    const changes = manyChanges().slice(0, 60);
    const { length } = diffPages(netOperations(changes, both));
    expect(length).toBeGreaterThan(3);
    expect(commandsOn(replyOf(changes, 1).blocks)).toEqual(["go:diff --page 2"]);
    expect(commandsOn(replyOf(changes, 2).blocks)).toEqual(["go:diff --page 1", "go:diff --page 3"]);
    expect(commandsOn(replyOf(changes, length).blocks)).toEqual([`go:diff --page ${length - 1}`]);
    expect(replyOf(changes, 999)).toEqual(replyOf(changes, length));
    expect(textsOf(replyOf(changes, 2).blocks)).toContain(`Page 2 of ${length}`);
  });

  test("a diff of one page has no page buttons", () => {
    const reply = commitDiff({ commit: commitOf(), changes: [changeOf()], targets: [targetOf("d1cv", "pending")] });
    expect(commandsOn(reply.blocks)).toEqual([]);
    expect(textsOf(reply.blocks)).toBe(
      "Commit #42\n1 change\nIn *d1cv*\n:pencil2: Change technology *Python*  `python-1`\nYears of experience: ~5~ → *8*\n><@U0AVERY01> wrote: “Skill updates”",
    );
  });

  test("a diff shows which words of a long text change", () => {
    const before = "Services and command-line tools in Python, for ten years";
    const base = { d1cv: { seen: "row" as const, version: "1", values: { name: "Python", summary: before } } };
    const changed = changeOf({ base, targets: ["d1cv"], payload: { summary: before.replace("ten", "twelve") } });
    expect(textsOf(diffPages(netOperations([changed], both)))).toContain(
      "Summary: Services and command-line tools in Python, for ~ten~ *twelve* years",
    );
  });

  test.each(Object.entries(extremeTexts))("a diff of %s is sound", (_what, text) => {
    for (const blocks of diffPages(netOperations([extremeChange(text)], both))) expectSound(blocks);
    for (const blocks of diffPages(netOperations([extremeChange(text, { action: "CREATE", base: {} })], both)))
      expectSound(blocks);
  });

  test("a diff of a row over several pages names the row on each", () => {
    const values = (word: string) => ({
      name: "CV Ops",
      description: `${word} `.repeat(400).slice(0, 2900),
      highlights: Array.from({ length: 20 }, (_, index) => `${word}${index} `.repeat(30)),
      role: "x",
    });
    const base = { d1cv: { seen: "row" as const, version: "1", values: values("old") } };
    const changed = changeOf({ entityType: "project", base, targets: ["d1cv"], payload: values("new") });
    const pages = diffPages(netOperations([changed], both));
    expect(pages.length).toBeGreaterThan(1);
    expect(textsOf(pages).match(/\(continued\)/g)?.length).toBe(pages.length - 1);
    for (const blocks of pages) expectSound(blocks);
  });

  test("a diff of changes that cancel out says so", () => {
    const back = changeOf({ id: "c2", number: 2, payload: { experience_years: 5 } });
    expect(textsOf(diffPages(netOperations([changeOf(), back], both)))).toContain("nothing would change");
  });

  test("a diff groups targets that get the same changes", () => {
    const elsewhere = changeOf({ id: "c2", number: 2, entityId: "go-1", targets: ["ai-agent"] });
    expect(textsOf(diffPages(netOperations([changeOf()], both)))).toContain("In *d1cv, ai-agent*");
    const apart = textsOf(diffPages(netOperations([changeOf(), elsewhere], both)));
    expect(apart).toMatch(/In \*d1cv, ai-agent\*\n[^]*`python-1`[^]*In \*ai-agent\*\n[^]*`go-1`/);
  });
});
