import { expect, test } from "vitest";
import { commentOf, orphans, previewName, previewOf } from "./previews.ts";

const account = { accountId: "0".repeat(32), subdomain: "acme" };

test("a preview is a production of its own, by the pull request's number", () => {
  expect(previewName(12)).toBe("cv-ops-pr-12");
  expect(previewOf(12, account)).toMatchObject({
    name: "cv-ops-pr-12",
    url: "https://cv-ops-pr-12.acme.workers.dev",
    secretsAreSet: false,
  });
});

test("a sweep finds what closed pull requests have left, and nothing else of the account", () => {
  const databases = [
    "cv-ops-pr-12-staging",
    "cv-ops-pr-12-d1cv",
    "cv-ops-pr-7-ai-agent",
    "cv-ops-pr-120-staging",
    "cv-ops-staging",
    "cv-ops-production-d1cv",
    "my-cv-ops-pr-3-staging",
  ];
  expect(orphans(databases, new Set([120]))).toEqual([7, 12]);
  expect(orphans(databases, new Set([7, 12, 120]))).toEqual([]);
});

test("the comment of a preview has its address, or why there is none, which is no markup", () => {
  const url = "https://cv-ops-pr-12.acme.workers.dev";
  expect(commentOf(url, "up")).toContain(`**Preview: ${url}**`);
  expect(commentOf(url, "down")).toContain("taken down");
  const failed = commentOf(url, { failed: "✗ d1cv\n# not a heading\n@everyone" });
  expect(failed.split("\n").filter((line) => /^(?:#|@|✗)/.test(line))).toEqual([]);
});
