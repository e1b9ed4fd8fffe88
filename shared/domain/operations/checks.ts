/**
 * What doctor looks at, and what to do about each: the same words in the terminal, in Slack and in the API. Commands
 * work as typed where a production has the usual name `cv-ops`; `npm run doctor` puts its own name in.
 */
import { type AlertName, type Signals, alerts } from "./alerts.ts";

export const checks = {
  database: { says: "D1 answers", remedy: "See Cloudflare's status, and the binding DB of the bot." },
  schema: {
    says: "The migrations are applied",
    remedy:
      "Check out the release that is deployed, and apply them: `npx wrangler d1 migrations apply DB --remote -c " +
      "dist/production/bot.json`, or DB_2 where that is named.",
  },
  queues: { says: "The queues are bound", remedy: "Deploy the bot with the queues of its wrangler.toml." },
  targets: {
    says: "Each target has a service binding or an address",
    remedy: "Add the binding to wrangler.toml, or set the target's address.",
  },
  cron: { says: "Cron runs each minute", remedy: "Deploy the bot with the schedules of its wrangler.toml." },
  outbox_stuck: { says: "The outbox drains into its queues", remedy: alerts.outbox_stuck.remedy },
  pushes_unsent: { says: "The queue Worker takes pushes from their queue", remedy: alerts.pushes_unsent.remedy },
  jobs_overdue: { says: "Jobs past their deadline are settled", remedy: alerts.jobs_overdue.remedy },
  deliveries_overdue: { says: "Deliveries to webhooks are on time", remedy: alerts.deliveries_overdue.remedy },
  dead_letters: { says: "No dead letter waits", remedy: alerts.dead_letters.remedy },
  target_down: { says: "No push waits for a target that is down", remedy: alerts.target_down.remedy },
  slack_app: {
    says: "A workspace has the app, or can install it",
    remedy: "Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET on the bot, and open /slack/install.",
  },
  workspaces_variable: {
    says: "No variable names workspaces",
    remedy:
      "Cron makes rows of WORKSPACES within minutes, and its log says what it could not. Once each workspace has its " +
      "rows, delete the variable: `npx wrangler secret delete WORKSPACES -c dist/production/bot.json`.",
  },
  encryption: {
    says: "Stored secrets have the current key",
    remedy:
      "Leave the older key in ENCRYPTION_KEYS: cron encrypts all again within minutes. Its log says what it could not.",
  },
  history: {
    says: "Old events are in R2",
    remedy: "Bind the bucket of old events as HISTORY, or put the object back as the runbook says.",
  },
  database_full: { says: "No database is nearly full", remedy: alerts.database_full.remedy },
  backup_missing: { says: "The last backup is of this day or the last", remedy: alerts.backup_missing.remedy },
  slack_token: {
    says: "Slack takes the bot's token",
    remedy: "Install the app again at /slack/install. If SLACK_BOT_TOKEN is still set on the bot, delete it.",
  },
  slack_workspace: {
    says: "The token belongs to this workspace",
    remedy: "Install the app in this workspace at /slack/install.",
  },
  slack_scopes: {
    says: "The token has the scopes of the manifest",
    remedy: "Paste manifest.json into the Slack app, and install the app again.",
  },
  slack_clock: {
    says: "Slack's clock and ours agree",
    remedy: "Wait: Cloudflare sets our clock. See both status pages.",
  },
  target_answers: {
    says: "The target answers",
    remedy: "Deploy the target, or correct its address; see its log.",
  },
  target_reads: {
    says: "The target takes our token for reads",
    remedy: "Set the same `read` token here and in the target's PORTFOLIO_CREDENTIALS.",
  },
  target_signature: {
    says: "The target takes our signature",
    remedy: "Set the same `request` secret here and in the target's PORTFOLIO_CREDENTIALS.",
  },
  target_has_jobs: {
    says: "The target has what it reported as applied",
    remedy:
      "Its database was put back in time. `/cv reconcile` sends it again what it lacks, and rebuilds its search index.",
  },
  bot_has_jobs: {
    says: "The bot has what the target has applied",
    remedy:
      "The bot's database was put back in time. `/cv reconcile` records what the targets have applied since, and gives " +
      "no number twice.",
  },
  target_clock: {
    says: "The target's clock and ours agree",
    remedy: "Set the target's clock: signatures more than five minutes off are refused.",
  },
  target_version: {
    says: "The target says its version",
    remedy: "Deploy the target.",
  },
  target_webhooks: {
    says: "The target's webhooks reach us, and we take their signature",
    remedy:
      "Set the same `webhook` secret here and in the target's PORTFOLIO_CREDENTIALS, and our address in its CALLBACK_ORIGINS.",
  },
  target_index: {
    says: "The search index has the dimensions of the model",
    remedy:
      "Delete the index: `npx wrangler vectorize delete cv-ops -c dist/production/bot.json`, with the name that " +
      "setup was given. Then `npm run setup` makes it again, and `/cv reindex` fills it.",
  },
} as const;
export type CheckName = keyof typeof checks;

export interface Finding {
  check: CheckName;
  /** Which workspace or target; null for the service. */
  about: string | null;
  /** Null: it could not be looked at. */
  ok: boolean | null;
  /** What was found, without secrets; null where there is nothing to add. */
  detail: string | null;
}

/** Signatures of five minutes are taken; half of it is no emergency yet, and no accident any more. */
export const maxSkewMs = 150_000;

/** Whether two clocks agree; null where the other one is not shown. */
export const clockFinding = (
  check: "slack_clock" | "target_clock",
  about: string | null,
  date: string | null,
  nowMs: number,
): Finding => {
  const theirsMs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirsMs)) return { check, about, ok: null, detail: "its answers have no date" };
  const skewMs = theirsMs - nowMs;
  return { check, about, ok: Math.abs(skewMs) <= maxSkewMs, detail: `${Math.round(skewMs / 1000)} s apart` };
};

/** What an alert measures, with the threshold that raises it. */
export const signalFindings = (signals: Signals): Finding[] =>
  (Object.keys(alerts) as AlertName[]).map((check) => {
    const { signal, raiseAt, unit } = alerts[check];
    const value = signals[signal];
    return {
      check,
      about: null,
      ok: value < raiseAt,
      detail: value === 0 ? null : `${Math.round(value)}${unit && ` ${unit}`}`,
    };
  });
