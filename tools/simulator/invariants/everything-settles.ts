import { hadOutage } from "../platform/services.ts";
import { settleLimitMs, unsettledJobs, unfinished } from "./settled.ts";
import type { World } from "../world/world.ts";
import { isNote } from "../actors/slack-delivery.ts";
import type { Invariant, Observed } from "./invariant.ts";

/** Without faults, no job reaches its deadline. */
const promptMs = 15_000;

const slowWithoutFault = (world: World): string[] =>
  world.runtime.faults.struck.length > 0 || hadOutage(world)
    ? []
    : world.staging
        .rows<{ id: string; target: string; state: string; dispatched_at: string; completed_at: string | null }>(
          "SELECT id, target, state, dispatched_at, completed_at FROM jobs WHERE dispatched_at IS NOT NULL",
        )
        .filter(({ dispatched_at: from, completed_at: to }) => !to || Date.parse(to) - Date.parse(from) > promptMs)
        .map(
          ({ id, target, state }) =>
            `nothing went wrong, and job ${id} to ${target} was ${state} only after a deadline`,
        );

/** The same for webhooks without a replay. */
const slowDeliveries = ({ runtime, staging, receivers }: World): string[] =>
  runtime.faults.struck.length > 0 ||
  staging.rows("SELECT 1 FROM job_events WHERE type = 'webhook.replayed'").length > 0
    ? []
    : staging
        .rows<{ id: string; created_at: string }>("SELECT id, created_at FROM webhook_deliveries")
        .filter(({ id, created_at: at }) => {
          const [first] = receivers.ledger.get(id) ?? [];
          return first?.kind === "request" && first.atMs - Date.parse(at) > promptMs;
        })
        .map(({ id }) => `nothing went wrong, and delivery ${id} was sent only when cron had found it`);

/** Every promised result arrives: at the response address, as a direct message, or as the requested form. */
const undeliveredAnswers = ({ world: { slack }, delivery }: Observed): string[] =>
  [...delivery.pending]
    .filter(
      ([responseUrl, { person, sinceMs }]) =>
        !slack.privateMessages.some((message) => message.responseUrl === responseUrl && !isNote(message.text)) &&
        !slack.shown.some(
          ({ channel, ts }) => channel === `D${person.userId.slice(1)}` && Number(ts) * 1000 >= sinceMs - 1000,
        ) &&
        !slack.views.modals.some(
          ({ owner, openedMs }) => owner?.userId === person.userId && openedMs >= sinceMs - 1000,
        ),
    )
    .map(([, { name, person }]) => `${person.userId} got a note that the answer to "${name}" follows, and no answer`);

export const everythingSettles: Invariant = {
  number: 5,
  words: "once faults stop, everything settles within its timeout + 60 s, outbox empty or dead-lettered",
  atRest: (observed) => {
    const { world, faultsOverMs } = observed;
    const late = world.staging
      .rows<{ id: string; state: string; dispatched_at: string; completed_at: string | null }>(
        `SELECT id, state, completed_at, MAX(dispatched_at, COALESCE((SELECT MAX(created_at) FROM job_events e
           WHERE e.job_id = jobs.id AND e.type IN ('job.accepted', 'job.progress')), '')) AS dispatched_at
         FROM jobs WHERE dispatched_at IS NOT NULL`,
      )
      // A progress report of the target restarts the deadline.
      .filter(({ dispatched_at: from, completed_at: to }) => {
        const startedMs = Math.max(Date.parse(from), faultsOverMs);
        return to !== null && Date.parse(to) > startedMs + settleLimitMs(world);
      })
      .map(({ id, state, completed_at: at }) => `job ${id} was ${state} only at ${at}`);
    return [
      ...unsettledJobs(world),
      ...unfinished(world),
      ...late,
      ...slowWithoutFault(world),
      ...slowDeliveries(world),
      ...undeliveredAnswers(observed),
    ];
  },
};
