/** The same in a workspace that has been in use for many years. */
import { expect, test } from "vitest";
import { boundedOtherwise, grownFrom, rowsOf } from "../test/support/bot/flat-reads.ts";
import { walk } from "../test/support/bot/walk.ts";

test("what anybody asks for reads as many rows after a hundred thousand commits as after ten", async () => {
  const [usual, large] = [await walk({ commits: 10 }), await walk({ commits: 100_000 })];
  expect(grownFrom(usual, large)).toEqual(boundedOtherwise.byHistory);
  // A comparison reads the rows of the portfolio, each with what was applied to it last; a search a few rows of words.
  for (const name of ["/cv verify", "GET /verify"]) expect(rowsOf(large, name)).toBeLessThan(1000);
  for (const name of ["/cv search python", "GET /search?q=python"]) expect(rowsOf(large, name)).toBeLessThan(40);
}, 600_000);
