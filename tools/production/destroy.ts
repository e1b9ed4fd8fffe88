/** `npm run setup -- --destroy`: takes a production down, with all that it holds. */
import { rmSync } from "node:fs";
import { backupBucketOf, configurationOf, configurationPath, nameIn, writeConfigurations } from "./configurations.ts";
import { type Production, productionPath, requireProduction } from "./production-file.ts";
import type { Questions } from "./questions.ts";
import { deleteResources } from "./resources.ts";
import { workers } from "./workers.ts";
import { type Wrangler, createWrangler } from "./wrangler.ts";

/** Asks for the name first. */
export const destroy = async (
  questions: Questions,
  { dryRun, print }: { dryRun: boolean; print: (line: string) => void },
): Promise<void> => {
  const production = requireProduction();
  if (!dryRun) {
    await questions.ask({
      text: "Name",
      why: `This deletes the Workers of ${production.name} at ${production.url}, its databases with every commit and the
whole portfolio, its queues and its index. Only a backup brings them back. Type the name ${production.name} to go on.`,
      problem: (answer) => (answer === production.name ? null : "That is not its name."),
    });
  }
  const say = dryRun ? () => undefined : print;
  await takeDown(production, createWrangler({ accountId: production.accountId, dryRun, print }), say);
  if (!dryRun) rmSync(productionPath());
  say("Delete the Slack app at https://api.slack.com/apps, under Basic Information.");
};

/** What is already gone is no fault, so that it can be done again after a failure. */
export const takeDown = async (
  production: Production,
  wrangler: Wrangler,
  say: (line: string) => void,
): Promise<void> => {
  writeConfigurations(production);
  await removeConsumers(production, wrangler);
  // The queue Worker first. Then what calls, before what is called; a queue stays while a Worker is bound to it.
  for (const worker of workers.toReversed()) {
    const args = ["delete", "-c", configurationPath(worker), "--force"];
    try {
      await wrangler.run(args);
    } catch (error) {
      if (!(error instanceof Error && /\b10007\b|\b10090\b|does not exist/i.test(error.message))) throw error;
    }
    say(
      `✓ The Worker ${worker.name === "bot" ? production.name : nameIn(production, `cv-ops-${worker.name}`)} is gone`,
    );
  }
  const buckets = await deleteResources(production, wrangler);
  say("✓ Queues, search index, cache and databases are gone");
  for (const bucket of buckets)
    say(
      bucket === backupBucketOf(production)
        ? `• The bucket ${bucket} stays: it holds the backups. \`npm run setup\` and \`npm run restore\` bring them back`
        : `• The bucket ${bucket} stays: it holds old events, which \`npm run restore\` needs`,
    );
};

/** A Worker that consumes a queue cannot be deleted, even by force (error 10064). */
const removeConsumers = async (production: Production, wrangler: Wrangler): Promise<void> => {
  for (const worker of workers) {
    const { name, queues } = configurationOf(production, worker) as {
      name: string;
      queues?: { consumers?: { queue: string }[] };
    };
    for (const { queue } of queues?.consumers ?? []) {
      try {
        await wrangler.run(["queues", "consumer", "remove", queue, name]);
      } catch (error) {
        if (!(error instanceof Error && /does not exist|No worker consumer/i.test(error.message))) throw error;
      }
    }
  }
};
