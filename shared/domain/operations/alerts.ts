/** What operators are alerted about, each with two thresholds: it is raised once, and cleared only well below. */

/** What is measured each minute. */
export interface Signals {
  outboxOldestSeconds: number;
  pushesUnsentSeconds: number;
  jobsOverdueSeconds: number;
  deliveriesOverdueSeconds: number;
  deadLettersWaiting: number;
  targetsDown: number;
  backupAgeSeconds: number;
  /** Of the fullest database. */
  databaseFullPercent: number;
}

interface Alert {
  signal: keyof Signals;
  /** Raised from this on. */
  raiseAt: number;
  /** Cleared when it is this or less. */
  clearAt: number;
  unit: "s" | "%" | "";
  says: string;
  remedy: string;
}

export const alerts = {
  outbox_stuck: {
    signal: "outboxOldestSeconds",
    raiseAt: 300,
    clearAt: 60,
    unit: "s",
    says: "Messages wait in the outbox",
    remedy: "See whether the queues take messages: Cloudflare's status, and `outbox.refused` in the log.",
  },
  pushes_unsent: {
    signal: "pushesUnsentSeconds",
    raiseAt: 300,
    clearAt: 60,
    unit: "s",
    says: "Pushes stay in their queue",
    remedy:
      "See whether the queue of pushes is paused, and the queue Worker deployed: `npx wrangler queues resume-delivery " +
      "cv-ops-push -c dist/production/consumers.json`, with the name that setup was given in place of cv-ops. The " +
      "pushes go on by themselves.",
  },
  jobs_overdue: {
    signal: "jobsOverdueSeconds",
    raiseAt: 600,
    clearAt: 120,
    unit: "s",
    says: "Nothing settles jobs that are past their deadline",
    remedy: "See whether cron runs, and `job.settle_failed` in the log.",
  },
  deliveries_overdue: {
    signal: "deliveriesOverdueSeconds",
    raiseAt: 900,
    clearAt: 300,
    unit: "s",
    says: "Deliveries to webhooks are late",
    remedy: "See whether the queue of deliveries is paused or its consumer fails.",
  },
  dead_letters: {
    signal: "deadLettersWaiting",
    raiseAt: 1,
    clearAt: 0,
    unit: "",
    says: "Dead letters wait for a decision",
    remedy: "An admin of the workspace retries or discards them: `/cv dead-letters`.",
  },
  target_down: {
    signal: "targetsDown",
    raiseAt: 1,
    clearAt: 0,
    unit: "",
    says: "Targets do not answer",
    remedy: "See whether they are deployed and reachable; pushes wait for them and continue by themselves.",
  },
  backup_missing: {
    signal: "backupAgeSeconds",
    raiseAt: 93_600,
    clearAt: 90_000,
    unit: "s",
    says: "There was no backup",
    remedy: "See `sweep.failed` and `target.sweep_failed` in the log; the next full hour tries again.",
  },
  database_full: {
    signal: "databaseFullPercent",
    raiseAt: 80,
    clearAt: 75,
    unit: "%",
    says: "A database fills up",
    remedy: "Add one for new workspaces: `npm run setup -- --add-database`, as the page about deploying says.",
  },
} as const satisfies Record<string, Alert>;
export type AlertName = keyof typeof alerts;
export const alertNames = Object.keys(alerts) as AlertName[];

/** However short the trouble: what comes and goes is one alert. */
export const holdMs = 10 * 60_000;

export interface AlertState {
  state: "quiet" | "raised";
  raisedAt: string;
}

/** What becomes of an alert; null where it stays as it is. */
export const nextState = (
  name: AlertName,
  signals: Signals,
  before: AlertState | null,
  nowMs: number,
): "quiet" | "raised" | null => {
  const { signal, raiseAt, clearAt }: Alert = alerts[name];
  const value = signals[signal];
  if (before?.state !== "raised") return value >= raiseAt ? "raised" : null;
  return value <= clearAt && nowMs - Date.parse(before.raisedAt) >= holdMs ? "quiet" : null;
};
