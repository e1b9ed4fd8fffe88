/** The figures in Prometheus' text form (prometheus.io/docs/instrumenting/exposition_formats). */
import { alertNames, alerts } from "../../shared/domain/operations/alerts.ts";
import { type DurationName, type TotalName, durations, totals } from "../../shared/domain/operations/counts.ts";
import { objectives, windowDays } from "../../shared/domain/operations/objectives.ts";
import type { Operations } from "../../shared/use-cases/operations/read-operations.ts";

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const sample = (name: string, labels: Record<string, string>, value: number): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `cv_ops_${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
};

const family = (name: string, type: string, help: string, samples: string[]): string[] => [
  `# HELP cv_ops_${name} ${help}`,
  `# TYPE cv_ops_${name} ${type}`,
  ...samples,
];

const durationOf = ({ counts }: Operations, name: DurationName): string[] => {
  const { metric, bounds, help } = durations[name];
  const own = counts.filter((counted) => counted.name === name);
  const upTo = (bound: number): number =>
    own
      .filter(({ label }) => Number(label.replace("+Inf", "Infinity")) <= bound)
      .reduce((sum, { count }) => sum + count, 0);
  const all = upTo(Number.POSITIVE_INFINITY);
  return family(metric, "histogram", help, [
    ...bounds.map((bound) => sample(`${metric}_bucket`, { le: String(bound) }, upTo(bound))),
    sample(`${metric}_bucket`, { le: "+Inf" }, all),
    sample(
      `${metric}_sum`,
      {},
      own.reduce((sum, counted) => sum + counted.sum, 0),
    ),
    sample(`${metric}_count`, {}, all),
  ]);
};

const totalOf = ({ counts }: Operations, name: TotalName): string[] => {
  const { metric, labels, help } = totals[name];
  const samples = counts
    .filter((counted) => counted.name === name)
    .map(({ label, count }) => {
      const values = label.split("/");
      return sample(metric, Object.fromEntries(labels.map((key, index) => [key, values[index] ?? ""])), count);
    });
  return family(metric, "counter", help, samples);
};

const gauge = (name: string, help: string, value: number): string[] =>
  family(name, "gauge", help, [sample(name, {}, value)]);

/** What waits for longer than it should. */
const late = (signals: Operations["signals"]): string[] => [
  ...gauge("pushes_unsent_seconds", "Age of the oldest push in its queue.", signals.pushesUnsentSeconds),
  ...gauge("jobs_overdue_seconds", "By how much the oldest deadline of a job has passed.", signals.jobsOverdueSeconds),
  ...gauge(
    "deliveries_overdue_seconds",
    "By how much the latest delivery to a webhook is late.",
    signals.deliveriesOverdueSeconds,
  ),
];

const ofQueues = ({ lags }: Operations): string[] => [
  ...family(
    "outbox_queue_messages",
    "gauge",
    "Messages that wait for a queue, by its name; absent while none does.",
    lags.map(({ queue, messages }) => sample("outbox_queue_messages", { queue }, messages)),
  ),
  ...family(
    "outbox_queue_oldest_seconds",
    "gauge",
    "Age of the oldest message that waits for a queue, by its name.",
    lags.map(({ queue, oldestSeconds }) => sample("outbox_queue_oldest_seconds", { queue }, oldestSeconds)),
  ),
];

export const exposition = (operations: Operations): string => {
  const { waiting, down, measured, signals, cronAgeSeconds } = operations;
  const window = `${windowDays}d`;
  const lines = [
    ...(Object.keys(durations) as DurationName[]).flatMap((name) => durationOf(operations, name)),
    ...(Object.keys(totals) as TotalName[]).flatMap((name) => totalOf(operations, name)),
    ...gauge("outbox_messages", "Messages that wait for a queue, at most 1000.", waiting.outboxMessages),
    ...gauge("outbox_oldest_seconds", "Age of the oldest of them: the lag of the relay.", signals.outboxOldestSeconds),
    ...ofQueues(operations),
    ...late(signals),
    ...gauge(
      "dead_letters_waiting",
      "Dead letters that wait for a decision, at most 1000.",
      waiting.deadLettersWaiting,
    ),
    ...gauge("cron_age_seconds", "Since cron has last counted events.", cronAgeSeconds),
    ...gauge("backup_age_seconds", "Since the last complete backup; 0 before the first.", signals.backupAgeSeconds),
    ...gauge("backup_bytes", "Size of the last complete backup, compressed.", operations.backup.bytes ?? 0),
    ...family(
      "database_bytes",
      "gauge",
      "Size of a database, by its binding. D1 takes 10 GB.",
      operations.sizes.map(({ name, bytes }) => sample("database_bytes", { database: name }, bytes)),
    ),
    ...gauge("targets_down", "Targets that do not answer.", signals.targetsDown),
    ...family(
      "target_down_workspaces",
      "gauge",
      "Workspaces whose target does not answer, by its name.",
      down.map(({ target, workspaces }) => sample("target_down_workspaces", { target }, workspaces)),
    ),
    ...family(
      "objective_ratio",
      "gauge",
      "The share that was good in the window; absent without any.",
      measured.flatMap(({ name, ratio }) =>
        ratio === null ? [] : [sample("objective_ratio", { objective: name, window }, ratio)],
      ),
    ),
    ...family(
      "objective_events",
      "gauge",
      "What the share is of.",
      measured.map(({ name, total }) => sample("objective_events", { objective: name, window }, total)),
    ),
    ...family(
      "objective_target",
      "gauge",
      "The share that has to be good.",
      Object.entries(objectives).map(([name, { target }]) =>
        sample("objective_target", { objective: name, window }, target),
      ),
    ),
    ...family(
      "alert_raised",
      "gauge",
      "1 while an alert is raised.",
      alertNames.map((name) =>
        sample(
          "alert_raised",
          { alert: name, signal: alerts[name].signal },
          operations.alerts.some((row) => row.name === name && row.state === "raised") ? 1 : 0,
        ),
      ),
    ),
  ];
  return `${lines.join("\n")}\n`;
};
