/**
 * Everything that cron runs: what each Worker declares in its wrangler.toml, and what answers to it. The page
 * docs/guides/operate.md is written from this table, and test/schedules.test.ts compares it with both sides.
 */

/** In UTC. A name for a day of the week: Cloudflare counts from Sunday as 1, others from Sunday as 0. */
export const schedules = {
  minute: "* * * * *",
  hour: "0 * * * *",
  afterHour: "10 * * * *",
  /** As the reference refreshes its tokens: when people in America begin to work. */
  day: "0 14 * * *",
  week: "0 8 * * MON",
} as const;
export type Schedule = (typeof schedules)[keyof typeof schedules];

interface CronJob {
  /** `target`: each of the reference targets. */
  worker: "bot" | "target";
  schedule: Schedule;
  /** Once for each of the service's databases, or once. */
  per: "database" | "service";
  /** What one run handles at most, in all databases: below D1's 1,000 queries an invocation. The next continues. */
  max: number;
  /** Of what. */
  of: string;
  does: string;
}

export const cronJobs = {
  installation: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 1,
    of: "workspace",
    does: "asks Slack whose `SLACK_BOT_TOKEN` is, the variable of earlier releases, and makes rows of its workspace",
  },
  workspaces: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 50,
    of: "workspaces",
    does: "makes rows of the workspaces that `WORKSPACES` names, the variable of earlier releases",
  },
  encrypt: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 100,
    of: "rows of each kind",
    does: "encrypts secrets that a variable or an older key still has, under the current key",
  },
  refresh: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 20,
    of: "installations",
    does: "refreshes the tokens of Slack that end within two hours",
  },
  deliveries: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 500,
    of: "deliveries",
    does: "queues deliveries to webhooks that are due: those later than a queue's longest delay, and lost ones",
  },
  relay: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 10,
    of: "batches of the outbox",
    does: "sends what the outbox still holds to its queue",
  },
  wake: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 100,
    of: "workspaces",
    does: "sets the alarms of overdue jobs and of outdated cards again",
  },
  pending: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 100,
    of: "workspaces",
    does: "wakes the requests from Slack that wait for an answer",
  },
  settle: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 15,
    of: "jobs",
    does: "asks targets about jobs whose report is overdue: the poll behind the webhooks",
  },
  repair: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 10,
    of: "rows of each kind",
    does: "moves on jobs, pushes and commits that nothing else would move",
  },
  presence: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 20,
    of: "people",
    does: "asks Slack's directory about people with access, once a day for each",
  },
  measure: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 1,
    of: "statement for each database",
    does: "notes how large each database is: new workspaces go to the smallest",
  },
  refusals: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 1,
    of: "statement",
    does: "writes the counts of refused requests that no later request would write",
  },
  count: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 5000,
    of: "events",
    does: "counts what has happened, for `/metrics` and the objectives",
  },
  watch: {
    worker: "bot",
    schedule: schedules.minute,
    per: "service",
    max: 5,
    of: "alerts",
    does: "raises and clears the operators' alerts",
  },
  prune: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 5000,
    of: "rows of each table",
    does: "deletes what is kept no longer",
  },
  backup: {
    worker: "bot",
    schedule: schedules.hour,
    per: "database",
    max: 1,
    of: "backup a day",
    does: "copies the bot's databases to R2 once a day, and tries again each hour while it fails",
  },
  backups: {
    worker: "bot",
    schedule: schedules.afterHour,
    per: "service",
    max: 1,
    of: "backup a day",
    does: "makes one backup of the three copies, and deletes those that are kept no longer",
  },
  archive: {
    worker: "bot",
    schedule: schedules.afterHour,
    per: "database",
    max: 80,
    of: "archives of 512 events",
    does: "moves events older than 90 days to R2, the oldest first, where a bucket for them is bound",
  },
  eraseArchived: {
    worker: "bot",
    schedule: schedules.minute,
    per: "database",
    max: 20,
    of: "archives",
    does: "erases in R2 who was erased in D1",
  },
  tokens: {
    worker: "bot",
    schedule: schedules.day,
    per: "database",
    max: 100,
    of: "workspaces",
    does: "asks Slack whether each workspace's token is still good, where Slack's word of its end was lost",
  },
  digest: {
    worker: "bot",
    schedule: schedules.week,
    per: "service",
    max: 1,
    of: "card",
    does: "posts the week's figures where operators read",
  },
  unfinished: {
    worker: "target",
    schedule: schedules.minute,
    per: "database",
    max: 100,
    of: "index tasks, or a fifth as many checks",
    does: "continues what Workers that have ended left undone",
  },
  callbacks: {
    worker: "target",
    schedule: schedules.minute,
    per: "database",
    max: 500,
    of: "reports",
    does: "sends reports that CV Ops has not taken yet",
  },
  settled: {
    worker: "target",
    schedule: schedules.minute,
    per: "database",
    max: 500,
    of: "reports, and as many index tasks",
    does: "deletes what is settled and kept no longer",
  },
  backupTarget: {
    worker: "target",
    schedule: schedules.hour,
    per: "database",
    max: 1,
    of: "backup a day",
    does: "copies the target's database to R2, in the same minute as the bot's",
  },
} as const satisfies Record<string, CronJob>;

type Jobs = typeof cronJobs;
export type CronJobName = keyof Jobs;
/** The jobs of a Worker, by name. */
export type CronJobOf<W extends CronJob["worker"]> = {
  [Name in CronJobName]: Jobs[Name]["worker"] extends W ? Name : never;
}[CronJobName];

const isOf =
  <W extends CronJob["worker"]>(worker: W) =>
  (name: string): name is CronJobOf<W> =>
    cronJobs[name as CronJobName].worker === worker;

/** Those that a Worker runs when this schedule fires, in the order of the table. */
export const cronJobsAt = <W extends CronJob["worker"]>(worker: W, cron: string): CronJobOf<W>[] =>
  Object.keys(cronJobs)
    .filter(isOf(worker))
    .filter((name) => cronJobs[name].schedule === cron);

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Whether a schedule fires in this minute. Of the syntax, only what we use: numbers, names of days, `*` and steps. */
export const isDue = (schedule: string, nowMs: number): boolean => {
  const now = new Date(nowMs);
  const values = [now.getUTCMinutes(), now.getUTCHours(), now.getUTCDate(), now.getUTCMonth() + 1, now.getUTCDay()];
  return schedule.split(" ").every((field, index) => {
    const value = values[index] ?? -1;
    if (field.startsWith("*")) return value % Number(field.slice(2) || 1) === 0;
    return index === 4 ? weekdays[value] === field : value === Number(field);
  });
};
