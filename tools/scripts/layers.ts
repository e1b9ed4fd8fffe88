/**
 * The layers of the code and what each may import. `test/boundaries.test.ts` holds the tree against this table, and
 * `npm run docs` draws the map in docs/explanation/architecture.md from it.
 */
export interface Layer {
  /** Folders end with a slash. A file belongs to the layer with the longest path that it starts with. */
  paths: readonly [string, ...string[]];
  /** What the layer is for, in a few words. */
  purpose: string;
  /** What its code may import besides: files, folders with all below them (`a/`), or their own files (`a/*`). */
  imports: readonly string[];
  /** What its tests may import besides. Absent: anything. */
  testImports?: readonly string[];
  /** The box of the map in which it stands. Absent: not drawn. */
  group?: "clients" | "bot Worker" | "queue Worker" | "shared" | "target Workers";
}

/** What target services and CV Ops say to each other. */
const protocol = "shared/targets/protocol.ts";
const indexProtocol = "shared/targets/index-protocol.ts";
const embedding = "shared/targets/embedding.ts";
const passages = "shared/targets/passages.ts";
const addresses = "shared/targets/address.ts";

const sharedTests = ["shared/", "test/support/shared/", "test/support/people.ts"];
const targetTests = ["shared/", "targets/", "test/corpora/", "test/support/people.ts"];

/** A target Worker, and what it may import besides what each of them may. */
const target = (
  path: string,
  purpose: string,
  more: { imports: readonly string[]; testImports: readonly string[] } = { imports: [], testImports: [] },
): Layer => ({
  paths: [path],
  purpose,
  imports: ["targets/service/", "shared/domain/", "shared/schedules.ts", protocol, ...more.imports],
  testImports: [...targetTests, ...more.testImports],
  group: "target Workers",
});

export const layers: readonly Layer[] = [
  {
    paths: ["clients/portal/"],
    purpose: "the pages at /app",
    imports: [
      "clients/sdk/",
      "shared/contract/",
      "shared/domain/",
      "shared/messages/",
      "shared/backoff.ts",
      "shared/json.ts",
    ],
    group: "clients",
  },
  {
    paths: ["clients/reference/"],
    purpose: "the reference of the API at /docs",
    imports: ["clients/portal/live/sign-in.ts"],
    group: "clients",
  },
  {
    paths: ["clients/cli/"],
    purpose: "cv, the command line",
    imports: ["clients/sdk/index.ts", "shared/contract/", "shared/domain/", "shared/messages/", "shared/api-token.ts"],
    group: "clients",
  },
  {
    paths: ["clients/sdk/"],
    purpose: "typed client of the API",
    imports: ["shared/contract/", "shared/domain/", "shared/backoff.ts", "shared/json.ts"],
    group: "clients",
  },
  {
    paths: ["clients/sdk/build.ts", "clients/cli/build.ts"],
    purpose: "how the two packages are built",
    imports: ["tools/scripts/package-licenses.ts"],
  },
  {
    paths: ["bot/"],
    purpose: "entry, routes, schedule",
    imports: ["bot/", "shared/"],
    group: "bot Worker",
  },
  {
    paths: ["bot/env.ts"],
    purpose: "bindings, checked once, and what is made of them",
    imports: ["bot/", "shared/"],
  },
  {
    paths: ["bot/slack/"],
    purpose: "commands, forms, cards, Home",
    imports: ["bot/env.ts", "shared/"],
    group: "bot Worker",
  },
  {
    paths: ["bot/api/"],
    purpose: "HTTP API at /v2",
    imports: [
      "bot/env.ts",
      "bot/live/routes.ts",
      "bot/slack/core/directory.ts",
      "bot/slack/core/examine.ts",
      "bot/slack/core/find-people.ts",
      "shared/",
    ],
    group: "bot Worker",
  },
  {
    paths: ["bot/live/"],
    purpose: "live events: WebSocket, SSE",
    imports: ["bot/env.ts", "bot/api/", "shared/"],
    group: "bot Worker",
  },
  {
    paths: ["bot/install/"],
    purpose: "installing the Slack app",
    imports: [
      "bot/env.ts",
      "bot/variables.ts",
      "bot/slack/core/own-workspace.ts",
      "bot/slack/core/scopes.ts",
      "bot/slack/core/web-client.ts",
      "shared/",
    ],
    group: "bot Worker",
  },
  {
    paths: ["bot/webhooks/"],
    purpose: "webhooks from targets",
    imports: ["bot/env.ts", "shared/"],
    group: "bot Worker",
  },
  {
    paths: ["bot/jobs/"],
    purpose: "deadlines of jobs",
    imports: ["bot/env.ts", "shared/"],
    group: "bot Worker",
  },
  {
    paths: ["consumers/"],
    purpose: "handlers of the queues",
    imports: ["shared/"],
    group: "queue Worker",
  },
  {
    paths: ["shared/with-effects.ts", "shared/environment.ts"],
    purpose: "what both Workers set up",
    imports: ["shared/"],
    testImports: sharedTests,
  },
  {
    paths: ["shared/backups/"],
    purpose: "copies of the databases in R2",
    imports: ["shared/digest.ts"],
    testImports: sharedTests,
  },
  {
    paths: ["shared/history/"],
    purpose: "old events in R2",
    imports: ["shared/domain/", "shared/storage/", "shared/log.ts"],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/contract/"],
    purpose: "contracts of API and live events",
    imports: ["shared/domain/", protocol],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/messages/"],
    purpose: "what people read",
    imports: ["shared/contract/", "shared/domain/"],
    testImports: [...sharedTests, "test/support/messages/"],
    group: "shared",
  },
  {
    paths: ["shared/use-cases/"],
    purpose: "permission, rule, one batch",
    imports: [
      "shared/domain/",
      "shared/storage/",
      "shared/history/",
      "shared/targets/",
      "shared/contract/refusals.ts",
      "shared/*",
    ],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/storage/"],
    purpose: "SQL and rows",
    imports: ["shared/domain/", "shared/effects.ts", "shared/log.ts", "shared/schema-rules.ts", protocol],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/targets/"],
    purpose: "client and directory of targets",
    imports: [protocol, addresses, "shared/domain/", "shared/storage/pushes/targets.ts", "shared/*"],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: [protocol, indexProtocol, embedding, passages, addresses],
    purpose: "target protocol",
    imports: ["shared/domain/portfolio/", "shared/result.ts"],
    group: "shared",
  },
  {
    paths: ["shared/domain/"],
    purpose: "pure rules and state tables",
    imports: [
      "shared/domain/portfolio/",
      protocol,
      "shared/backoff.ts",
      "shared/digest.ts",
      "shared/json.ts",
      "shared/result.ts",
    ],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/domain/portfolio/"],
    purpose: "entity types and their fields",
    imports: [],
    testImports: sharedTests,
    group: "shared",
  },
  {
    paths: ["shared/"],
    purpose: "signatures, ids, retries, results, log",
    imports: [],
    testImports: sharedTests,
  },
  {
    paths: ["targets/service/"],
    purpose: "the protocol as routes",
    imports: [
      "shared/backups/",
      "shared/domain/",
      protocol,
      indexProtocol,
      addresses,
      "shared/backoff.ts",
      "shared/json.ts",
      "shared/log.ts",
      "shared/read-within.ts",
      "shared/result.ts",
      "shared/schedules.ts",
      "shared/signing.ts",
      "shared/trace.ts",
    ],
    testImports: targetTests,
    group: "target Workers",
  },
  target("targets/d1cv/", "rows with soft delete"),
  // Its tests run the index consumer against the real service.
  target("targets/ai-agent/", "rows and semantic search", {
    imports: [indexProtocol, embedding, passages, "shared/digest.ts", "shared/signing.ts", "shared/trace.ts"],
    testImports: ["consumers/handled.ts", "consumers/index-vectors.ts"],
  }),
  {
    paths: ["tools/slack/"],
    purpose: "Slack as it documents itself: limits, the Web API, payloads",
    imports: [],
  },
  {
    paths: ["tools/playground/"],
    purpose: "the local stack: Slack look-alike, stand-ins, seed, demo",
    imports: ["shared/", "tools/slack/"],
  },
  {
    paths: ["tools/cloudflare/"],
    purpose: "a stand-in of Cloudflare's API that the real wrangler deploys to",
    imports: [],
  },
  {
    paths: ["tools/simulator/"],
    purpose: "the whole product in virtual time",
    imports: ["bot/", "consumers/", "shared/", "targets/", "test/support/", "tools/slack/"],
  },
  {
    paths: ["tools/production/"],
    purpose: "set up, deploy, roll back, examine, take down",
    imports: [
      "bot/slack/core/scopes.ts",
      "bot/slack/manifest.ts",
      "shared/backups/",
      "shared/domain/",
      "shared/messages/",
      embedding,
      "tools/scripts/",
    ],
  },
  {
    paths: ["tools/scripts/"],
    purpose: "what npm scripts run",
    imports: ["bot/", "clients/", "shared/", "tools/"],
  },
  {
    paths: ["test/"],
    purpose: "stories, browser tests, fuzzing, and what tests share",
    imports: [""],
  },
];

/** What features of Slack are made of. */
const slackParts = ["bot/slack/blocks/", "bot/slack/core/", "bot/slack/components/"];
const slackFeatures: Record<string, string> = {
  staging: "changes: stage, edit, unstage, and the forms for them",
  commits: "commit, its card, lists, diffs",
  reviews: "approve, reject, ask for a review, why",
  pushes: "push, retry, cancel, status, and their cards",
  portfolio: "search, verify, reindex",
  workspace: "settings, roles, tokens, log",
  operations: "alerts and the weekly digest, for operators",
  targets: "targets and the secrets shared with them",
  webhooks: "outgoing webhooks",
  "dead-letters": "undelivered messages",
  home: "Home, `/cv` alone, help",
};

/** The layers inside bot/slack, checked and described in the same way. */
export const slackLayers: readonly Layer[] = [
  {
    paths: ["bot/slack/"],
    purpose: "the Bolt app, and the tables that join the features: commands, forms, buttons, shortcuts, typeahead",
    imports: ["bot/slack/"],
  },
  { paths: ["bot/slack/listeners/"], purpose: "one file for each kind of request", imports: ["bot/slack/"] },
  {
    paths: ["bot/slack/pending/"],
    purpose: "requests without an answer, run again until they have one",
    imports: ["bot/slack/app.ts", ...slackParts],
  },
  {
    paths: ["bot/slack/cards/"],
    purpose: "the outbox of cards, and which feature renders which",
    imports: [
      "bot/slack/commands.ts",
      ...Object.keys(slackFeatures).map((feature) => `bot/slack/${feature}/`),
      ...slackParts,
    ],
  },
  ...Object.entries(slackFeatures).map(([feature, purpose]): Layer => ({
    paths: [`bot/slack/${feature}/`],
    purpose,
    imports: [
      ...slackParts,
      // `/cv status` shows a commit that was never pushed as `/cv show` does.
      ...(feature === "pushes" ? ["bot/slack/commits/show-command.ts"] : []),
    ],
  })),
  {
    paths: ["bot/slack/components/"],
    purpose: "what several features show: lines and buttons of changes, commits and action items",
    imports: ["bot/slack/blocks/", "bot/slack/core/"],
  },
  {
    paths: ["bot/slack/core/"],
    purpose: "requests, replies, grammar of commands, modals, Slack's errors",
    imports: ["bot/slack/blocks/"],
  },
  { paths: ["bot/slack/blocks/"], purpose: "block builders, text and escaping, limits", imports: [] },
  { paths: ["bot/slack/stubs/"], purpose: "what Bolt imports and a Worker cannot load", imports: [] },
];

/** The layer of a file of ours; undefined for packages and for the files of the top level. */
export const layerOf = (path: string, table = layers): Layer | undefined => {
  let longest = 0;
  let found: Layer | undefined;
  for (const layer of table) {
    for (const prefix of layer.paths) {
      if (prefix.length <= longest || !path.startsWith(prefix)) continue;
      longest = prefix.length;
      found = layer;
    }
  }
  return found;
};

/** Whether an entry of `imports` covers the file or folder. */
export const covers = (entry: string, path: string): boolean =>
  entry.endsWith("/*")
    ? path.startsWith(entry.slice(0, -1)) && !path.slice(entry.length - 1).includes("/")
    : path.startsWith(entry);

/** Whether code of the layer may import the file. */
export const mayImport = (layer: Layer, imported: string, table = layers): boolean =>
  layerOf(imported, table) === layer || layer.imports.some((entry) => covers(entry, imported));
