/** The Workers, in the order in which a deployment replaces them: what is called before what calls it. */
export interface ProductionWorker {
  name: "d1cv" | "ai-agent" | "bot" | "consumers";
  /** Its configuration, below the repository; `[env.production]` is the form that production.json fills in. */
  configuration: string;
  /** Secrets without which it does not start. */
  secrets: readonly string[];
  /** Its own database, as `[env.production]` names it; the queue Worker shares the bot's. */
  database: string | null;
}

/** As `[env.production]` names the bot's first database. */
export const botDatabase = "cv-ops-staging";

export const workers: readonly ProductionWorker[] = [
  {
    name: "d1cv",
    configuration: "targets/d1cv/wrangler.toml",
    secrets: ["PORTFOLIO_CREDENTIALS"],
    database: "cv-ops-d1cv",
  },
  {
    name: "ai-agent",
    configuration: "targets/ai-agent/wrangler.toml",
    secrets: ["PORTFOLIO_CREDENTIALS"],
    database: "cv-ops-ai-agent",
  },
  {
    name: "bot",
    configuration: "wrangler.toml",
    secrets: [
      "SLACK_SIGNING_SECRET",
      "SLACK_CLIENT_ID",
      "SLACK_CLIENT_SECRET",
      "ENCRYPTION_KEYS",
      "TARGET_CREDENTIALS",
    ],
    database: botDatabase,
  },
  {
    name: "consumers",
    configuration: "consumers/wrangler.toml",
    secrets: ["ENCRYPTION_KEYS", "TARGET_CREDENTIALS"],
    database: null,
  },
];
