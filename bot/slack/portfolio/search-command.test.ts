/** `/cv search`, `/cv verify` and `/cv reindex`: what the targets hold. */
import { describe, expect, test } from "vitest";
import { clickablesOf } from "../../../test/support/bot/clickables.ts";
import { clickReply, labelsOf } from "../../../test/support/bot/private-click.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver, viewer } = people;

describe("search", () => {
  test("/cv search shows hits with their match, and a change button to editors", async () => {
    const world = await createWorld();
    const reply = await world.mustSay(author, 'search "Python jQuery"', /\*2 hits\* for \*Python jQuery\*/);
    expect(reply.said).toContain("*Python*  ·  technology `python-1`  ·  match 70 %");
    expect(labelsOf(reply)).toEqual(["Change…", "Change…"]);
    expect(JSON.stringify(reply.blocks)).toContain('"go:stage update technology python-1"');
    expect(labelsOf(await world.command(viewer, "search Python"))).toEqual([]);
  });

  test("/cv search shows names without markup, and no button for unusual ids", async () => {
    const world = await createWorld();
    world.putRow('a" b', { name: "<b>", category: "Tools" });
    const reply = await world.command(author, "search &lt;b&gt;");
    expect(reply.said).toContain("*&lt;b&gt;*  ·");
    expect(labelsOf(reply)).toEqual([]);
  });

  test("/cv search says when nothing is found, too long, or no target answers", async () => {
    const world = await createWorld();
    await world.mustSay(
      viewer,
      "search COBOL",
      /Nothing found for \*COBOL\* at ai-agent, and no commit has these words\. What was applied a moment ago can be found some seconds later/,
    );
    await world.mustSay(viewer, `search ${"x".repeat(201)}`, /201 characters; it may have at most 200/);
    targets["ai-agent"].mood = "down";
    expect((await world.command(viewer, "search Python")).said).toMatch(
      /No target has answered the search: ai-agent could not be reached/,
    );
  });
});

describe("verify and reindex", () => {
  test("/cv verify shows that all targets are well", async () => {
    const world = await createWorld();
    const reply = await world.mustSay(approver, "verify", /:white_check_mark: \*ai-agent\* holds 2 rows and 2 vectors/);
    expect(reply.said).toMatch(/:white_check_mark: \*d1cv\* holds 2 rows; all is/);
    expect(reply.said).toContain("Every row is as it was pushed, and the same at all targets.");
    expect(labelsOf(reply)).toEqual([]);
  });

  test("/cv verify shows missing vectors, and a click rebuilds the index", async () => {
    const world = await createWorld();
    targets["ai-agent"].index.lost.add("technology/python-1");
    const reply = await world.mustSay(
      approver,
      "verify",
      /:warning: \*ai-agent\* holds 2 rows and 1 vector; they do not agree/,
    );
    expect(reply.said).toContain("technology `python-1`: not in the index");
    const after = await clickReply(world, approver, reply, "Rebuild the index of ai-agent");
    expect(after).toMatch(/ai-agent has begun to index 2 rows again/);
    expect(after).toMatch(/holds 2 rows and 2 vectors; all is as it should be/);
    expect(await world.rows("job_events")).toMatchObject([{ type: "target.reindexed" }]);
  });

  test("/cv verify shows ten of many mismatches and counts the rest", async () => {
    const world = await createWorld();
    for (let number = 1; number <= 12; number += 1) {
      world.putRow(`row-${number}`, { name: `Row ${number}`, category: "Tools" });
      targets["ai-agent"].index.lost.add(`technology/row-${number}`);
    }
    const { said } = await world.command(approver, "verify");
    expect(said.match(/not in the index/g)).toHaveLength(10);
    expect(said).toContain("… and 2 more");
  });

  test("/cv verify names a row that differs, and a click stages a fix or accepts it", async () => {
    const world = await createWorld();
    const row = { name: "jQuery", category: "Frontend", experience_years: 2 };
    targets["ai-agent"].put(world.portfolioId, "technology", "jquery-1", row);
    targets.d1cv.put(world.portfolioId, "technology", "jquery-1", { ...row, experience_years: 9 });
    const reply = await world.mustSay(approver, "verify", /\*1 difference\* between what was pushed and what is live/);
    expect(reply.said).toContain("*jQuery* (`jquery-1`) at ai-agent: `experience_years` is 2, and 9 at d1cv");
    expect(clickablesOf(reply.blocks).map(({ label }) => label)).toEqual(["Stage a fix", "Accept what is live"]);
    expect(await clickReply(world, approver, reply, "Stage a fix")).toContain("experience_years 2 → 9");
    expect(await clickReply(world, approver, reply, "Accept what is live")).toContain("accepted as it is live");
    await world.mustSay(approver, "verify", /the same at all targets/);
  });

  test("/cv verify shows a missing row, and each target when another is down", async () => {
    const world = await createWorld();
    targets.d1cv.remove(world.portfolioId, "technology", "jquery-1");
    await world.mustSay(approver, "verify", /at ai-agent: the row is there, and it is not at d1cv/);
    targets.d1cv.mood = "down";
    const { said } = await world.command(approver, "verify");
    expect(said).toMatch(/\*d1cv\* could not be reached: it is unknown what it holds/);
    expect(said).toMatch(/\*ai-agent\* holds 2 rows/);
    expect(said).not.toContain("the same at all targets");
  });

  test("/cv reindex says which target has no index or did not answer", async () => {
    const world = await createWorld();
    await world.mustSay(
      approver,
      "reindex",
      /ai-agent has begun to index 2 rows again[\s\S]*d1cv has no index to rebuild/,
    );
    await world.mustSay(approver, "reindex d1cv", /:warning: There is no index to rebuild at d1cv/);
    targets["ai-agent"].mood = "down";
    await world.mustSay(approver, "reindex ai", /:warning: No target has started[\s\S]*ai-agent could not be reached/);
    await world.mustSay(approver, "reindex nowhere", /is not a target/);
    await world.mustSay(approver, "reindex d1cv ai", /is too much/);
    expect(targets["ai-agent"].index.rebuilt).toHaveLength(1);
  });

  test("/cv verify and /cv reindex are refused to an editor", async () => {
    const world = await createWorld();
    expect((await world.command(author, "verify")).said).toMatch(/Only an approver may compare the targets' stores/);
    expect((await world.command(author, "reindex")).said).toMatch(/Only an approver may rebuild a search index/);
    expect(targets["ai-agent"].requests).toEqual([]);
  });
});
