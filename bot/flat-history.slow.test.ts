/** The same in a workspace that has been in use for many years. */
import { expect, test } from "vitest";
import { boundedOtherwise, grownFrom, rowsOf } from "../test/support/bot/flat-reads.ts";
import { walk } from "../test/support/bot/walk.ts";

test("what anybody asks for reads as many rows after a hundred thousand commits as after ten", async () => {
  const [usual, large] = [await walk({ commits: 10 }), await walk({ commits: 100_000 })];
  expect(grownFrom(usual, large)).toEqual(boundedOtherwise.byHistory);
  // What a search and a comparison look through has an end: 5,000 commits, and 20,000 applied changes.
  for (const name of ["/cv search python", "GET /search?q=python"]) expect(rowsOf(large, name)).toBeLessThan(5200);
  for (const name of ["/cv verify", "GET /verify"]) expect(rowsOf(large, name)).toBeLessThan(300_000);
}, 600_000);
