import { profiles } from "../../../shared/domain/webhooks/webhook.ts";
import type { RecordedEvent, StateChange, Transaction } from "../world/transaction.ts";
import { isSubscribed } from "../receivers/webhooks.ts";
import type { Invariant, Observed } from "./invariant.ts";
import { type OpenWebhook, filtersOf, undeliveredTo, openWebhooks } from "./undelivered.ts";

const isForIt = (webhook: OpenWebhook, event: RecordedEvent): boolean =>
  webhook.workspace_id === event.workspace_id &&
  (event.type === "webhook.tested"
    ? event.data.includes(`"${webhook.id}"`)
    : isSubscribed(filtersOf(webhook), event.type));

/** The deliveries that the transaction has to insert: one for each event and enabled webhook that subscribes to it. */
const expectedDeliveries = (webhooks: readonly OpenWebhook[], events: readonly RecordedEvent[]): Set<string> =>
  new Set(
    webhooks
      .filter(({ state }) => state === "active")
      .flatMap((webhook) =>
        events.filter((event) => isForIt(webhook, event)).map((event) => `msg_${webhook.id}_${event.number}`),
      ),
  );

const isMade = ({ machine, from_state: from }: StateChange): boolean => machine === "delivery" && from === null;

/** Deliveries without an event in this transaction: a replay inserts them for earlier events. */
const isReplayed = ({ world }: Observed, { id }: StateChange, webhooks: readonly OpenWebhook[]): boolean =>
  webhooks.some(
    (webhook) =>
      id.startsWith(`msg_${webhook.id}_`) &&
      world.staging
        .rows<{ type: string; created_at: string }>(
          `SELECT v.type, v.created_at FROM webhook_deliveries d JOIN job_events v ON v.id = d.event_id
           WHERE d.id = ?1 AND v.workspace_id = d.workspace_id AND d.id = 'msg_' || d.endpoint_id || '_' || v.number`,
          id,
        )
        .some(({ type, created_at: at }) => at >= webhook.created_at && isSubscribed(filtersOf(webhook), type)),
  );

/** A delivery fails only after the last retry, or with its webhook. */
const givenUpEarly = ({ world }: Observed, { id }: StateChange, webhooks: readonly OpenWebhook[]): boolean => {
  const webhook = webhooks.find((each) => id.startsWith(`msg_${each.id}_`));
  if (!webhook || webhook.state === "disabled") return false;
  const ledger = world.receivers.ledger.get(id) ?? [];
  const replayed = ledger.findLastIndex((happening) => happening.kind === "moved" && happening.to === "pending");
  const requests = ledger.slice(replayed + 1).filter(({ kind }) => kind === "request").length;
  return requests <= profiles[webhook.profile].retriesMs.length;
};

const wrongIn = ({ changes, events }: Transaction, observed: Observed): string[] => {
  const webhooks = openWebhooks(observed.world);
  const expected = expectedDeliveries(webhooks, events);
  const made = changes.filter(isMade);
  const hasReplay = events.some(({ type }) => type === "webhook.replayed");
  return [
    ...[...expected].filter((id) => !made.some((change) => change.id === id)).map((id) => `there is no delivery ${id}`),
    ...made
      .filter(({ id }) => !expected.has(id))
      .filter((change) => !hasReplay || !isReplayed(observed, change, webhooks))
      .map(({ id }) => `delivery ${id} matches no subscription`),
    ...changes
      .filter(({ machine, to_state: to }) => machine === "delivery" && to === "failed")
      .filter((change) => givenUpEarly(observed, change, webhooks))
      .map(({ id }) => `delivery ${id} failed before its last retry`),
  ];
};

export const webhooksMissNothing: Invariant = {
  number: 11,
  words:
    "each event has one delivery for each subscribed webhook, which is delivered, or kept as failed and can be replayed",
  afterTransaction: (transaction, observed) =>
    transaction.events.length > 0 || transaction.changes.some(({ machine }) => machine === "delivery")
      ? wrongIn(transaction, observed)
      : [],
  atRest: ({ world }) => {
    const twice = world.staging.rows<{ endpoint_id: string; event_id: number }>(
      "SELECT endpoint_id, event_id FROM webhook_deliveries GROUP BY 1, 2 HAVING COUNT(*) > 1",
    );
    const orphans = world.staging.rows<{ id: string }>(
      "SELECT id FROM webhook_deliveries WHERE endpoint_id NOT IN (SELECT id FROM webhook_endpoints)",
    );
    return [
      ...openWebhooks(world).flatMap((webhook) => {
        const missed = undeliveredTo(world, webhook);
        return missed.length > 0 ? [`webhook ${webhook.number} has not received ${missed.join(", ")}`] : [];
      }),
      ...twice.map(({ endpoint_id: id, event_id: event }) => `webhook ${id} has two deliveries of event ${event}`),
      ...orphans.map(({ id }) => `delivery ${id} has outlived its webhook`),
    ];
  },
};
