/** A benchmark: how long a message of 4,000 characters takes to be read against 1,000 rows, in CPU time. */
import { expect, test } from "vitest";
import { type EntityType, entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { propose } from "../../shared/domain/staging/propose.ts";
import type { CachedRow } from "../../shared/domain/staging/proposal.ts";

const typeAt = (index: number): EntityType => entityTypes[index % 5] ?? "technology";

/** Names with the same beginning, so that each word of a message fits many. */
const rows = Array.from({ length: 1000 }, (_, index): CachedRow => ({
  entityType: typeAt(index),
  id: `tool-${index}`,
  values: {
    name: `Apache Tool ${index}`,
    company: `Company ${index}`,
    role: "Engineer",
    degree: "MSc",
    institution: `School ${index}`,
    start_date: "2020",
    category: "Backend",
    description: "x",
    issuer: "y",
  },
}));

/** Usual are 15 to 50 ms, by the machine. What grows with the square of the text takes many seconds. */
const budgetMs = 1000;

test.each([
  ["changes", "Apache Tool 5 to 8 years, "],
  ["changes in a list", "- Apache Tool 10 to 3 years\n"],
  ["the beginning of every name", "Apache "],
  ["commas", "and, "],
  ["one word", "a"],
  ["things that are no rows", "Nothing of it is 3 years, "],
  ["fields without values", "level is "],
  ["arrows", "→"],
  ["colons", "a: "],
  ["quotes", '"a" '],
  ["another script", "名前 は 8 years、"],
  ["additions", "add "],
  ["removals", "remove x from y, "],
])("a message of 4,000 characters is read against 1,000 rows without a blow-up: %s", (_what, unit) => {
  const text = unit.repeat(Math.ceil(4000 / unit.length)).slice(0, 4000);
  const timesMs = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    propose(text, rows);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  expect(Math.min(...timesMs)).toBeLessThan(budgetMs);
});
