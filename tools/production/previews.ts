/** The production that a pull request has of its own, by its number. */
import { type Production, nothingMade } from "./production-file.ts";

const prefix = "cv-ops-pr-";

export const previewName = (pullRequest: number): string => `${prefix}${pullRequest}`;

/** Nothing of it made yet. It is reached at workers.dev, and belongs to no Slack. */
export const previewOf = (
  pullRequest: number,
  { accountId, subdomain }: { accountId: string; subdomain: string },
): Production => ({
  name: previewName(pullRequest),
  accountId,
  url: `https://${previewName(pullRequest)}.${subdomain}.workers.dev`,
  ...nothingMade,
});

/**
 * The pull requests that have left something: databases are made first and deleted last.
 * @param databases names in the account
 * @param open numbers of the open pull requests
 */
export const orphans = (databases: readonly string[], open: ReadonlySet<number>): number[] => {
  const numbers = databases.flatMap((name) => {
    const [, number] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  return [...new Set(numbers)].filter((number) => !open.has(number)).toSorted((a, b) => a - b);
};

/** Markdown for the pull request. */
export const commentOf = (url: string, outcome: { failed: string } | "up" | "down"): string => {
  if (outcome === "down") return "The preview is taken down, with its data.\n";
  if (outcome === "up")
    return `**Preview: ${url}**\n\nThis pull request has Workers, databases and queues of its own. A push of a sample portfolio went through them\nand was verified live ([health](${url}/readyz)). It all goes when the pull request is closed.\n`;
  const lines = outcome.failed.replaceAll(/^/gm, "    ");
  return `**The preview failed**\n\n${lines}\n`;
};
