/**
 * Prints the slow test files that `.ci/run` gives to vitest: those that it runs each time, and a third of the others,
 * which take turns by day. All of them take two cores too long for the half hour that CI has.
 */

/** What follows the main job, a deployment, or a change through a kill. */
const each = [
  "bot/evictions.slow.test.ts",
  "test/stories/command-line.slow.test.ts",
  "test/stories/restart.slow.test.ts",
  "test/stories/scenarios.slow.test.ts",
  "test/stories/target-faults.slow.test.ts",
  "tools/playground/stack.slow.test.ts",
  "tools/production/plan.slow.test.ts",
  "tools/production/production.slow.test.ts",
  "tools/simulator/invariants/invariants.slow.test.ts",
];

/** About as long as each other. */
const turns = [
  [
    "bot/slack/core/late-answer.slow.test.ts",
    "clients/cli/completion.slow.test.ts",
    "test/corpora/proposals.slow.test.ts",
    "test/guides/guides.slow.test.ts",
    "test/packages.slow.test.ts",
    "tools/playground/local-ai/stand-ins.slow.test.ts",
  ],
  [
    "bot/slack/views-extreme.slow.test.ts",
    "consumers/deliver-at-length.slow.test.ts",
    "test/deploy-environment.slow.test.ts",
    "test/live/docs.slow.test.ts",
    "test/stories/api-docs.slow.test.ts",
    "test/stories/client-docs.slow.test.ts",
    "test/stories/command-line-docs.slow.test.ts",
    "tools/cloudflare/wrangler.slow.test.ts",
    "tools/production/put-secrets.slow.test.ts",
  ],
  [
    "bot/api/contract.slow.test.ts",
    "bot/flat-history.slow.test.ts",
    "bot/live/reconnects.slow.test.ts",
    "bot/slack/cards/outbox-load.slow.test.ts",
    "bot/slack/pending/pending-commands.slow.test.ts",
    "test/corpora/mentions.slow.test.ts",
    "test/stories/large-bodies.slow.test.ts",
    "test/stories/leaving.slow.test.ts",
    "test/stories/other-slack.slow.test.ts",
    "test/stories/requests.slow.test.ts",
    "test/stories/sign-in.slow.test.ts",
    "tools/simulator/big-commit.slow.test.ts",
    "tools/simulator/determinism.slow.test.ts",
  ],
];

/** How many days it takes until each file had its turn. */
export const days = turns.length;

/** @param day counted from 1970-01-01 in UTC */
export const slowFilesOf = (day: number): string[] => [...each, ...(turns[day % days] ?? [])];

if (import.meta.main) {
  const today = slowFilesOf(Math.floor(Date.now() / 86_400_000));
  console.error(`${today.length} of ${each.length + turns.flat().length} slow test files have their turn today`);
  console.log(today.join(" "));
}
