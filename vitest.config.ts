/**
 * `npm test` runs what a person waits for, `npm run test:all` the files called *.slow.test.ts as well; one project with
 * `-- --project bot`. Paths in the projects are relative to this folder.
 */
import { defineConfig } from "vitest/config";
import { bot } from "./test/projects/bot.ts";
import { browser, isAskedFor } from "./test/projects/browser.ts";
import { bundle } from "./test/projects/bundle.ts";
import { client } from "./test/projects/client.ts";
import { cloudflare } from "./test/projects/cloudflare.ts";
import { corpora } from "./test/projects/corpora.ts";
import { guides } from "./test/projects/guides.ts";
import { localAi } from "./test/projects/local-ai.ts";
import { localStack } from "./test/projects/local-stack.ts";
import { useMemoryDisk } from "./test/projects/memory-disk.ts";
import { page } from "./test/projects/page.ts";
import { playground } from "./test/projects/playground.ts";
import { portal } from "./test/projects/portal.ts";
import { production } from "./test/projects/production.ts";
import { LongestFirst } from "./test/projects/sequencer.ts";
import { shared } from "./test/projects/shared.ts";
import { slack } from "./test/projects/slack.ts";
import { simulator } from "./test/projects/simulator.ts";
import { stories } from "./test/projects/stories.ts";
import { targets } from "./test/projects/targets.ts";
import { tree } from "./test/projects/tree.ts";

useMemoryDisk();

export default defineConfig({
  test: {
    silent: "passed-only",
    // On two cores the default is one: each file starts a workerd of its own, which waits more than it works.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      tree,
      client,
      corpora,
      page,
      slack,
      shared,
      ...bot,
      ...targets,
      playground,
      cloudflare,
      portal,
      localAi,
      bundle,
      simulator,
      localStack,
      production,
      stories,
      guides,
      ...(isAskedFor("browser", process.argv) ? [browser] : []),
    ],
  },
});
