import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in outgoing webhooks. */
export const webhookMutants: readonly Mutant[] = [
  mutant(
    "a delivery counts as delivered before it is answered",
    "consumers/deliver.ts",
    "  const answer = await send(deps, sending, event);\n",
    `  await recordDelivered(deps, sending, { status: 200, durationMs: 0, error: null });
  const answer = await send(deps, sending, event);\n`,
  ),
  mutant(
    "a delivery leaves nothing in the outbox",
    "migrations/0009_webhooks.sql",
    "AFTER INSERT ON webhook_deliveries WHEN NEW.state = 'pending'",
    "AFTER INSERT ON webhook_deliveries WHEN NEW.state = 'nothing'",
  ),
  mutant(
    "a webhook's filters are ignored",
    "migrations/0037_fewer_reads.sql",
    "FROM json_each(e.events) f WHERE NEW.type GLOB f.value",
    "FROM json_each(e.events) f",
  ),
  mutant(
    "webhooks receive other workspaces' events",
    "migrations/0037_fewer_reads.sql",
    "WHERE e.workspace_id = NEW.workspace_id AND e.state = 'active'",
    "WHERE e.state = 'active'",
  ),
  mutant(
    "a retry does not wait for as long as the receiver asks",
    "consumers/deliver.ts",
    'retryAfterMs: retryAfterMs(headers.get("retry-after"), nowMs()),',
    "retryAfterMs: headers.has(String(retryAfterMs)) ? 0 : null,",
  ),
  mutant(
    "a retry is not counted",
    "shared/storage/webhooks/deliveries.ts",
    "attempts = attempts + 1, retries = retries + 1,\n      next_at",
    "attempts = attempts + 1,\n      next_at",
  ),
  mutant(
    "an attempt is made without a claim",
    "shared/storage/webhooks/deliveries.ts",
    "\n      AND (sending_until IS NULL OR sending_until <= ${at.now})`",
    "`",
  ),
  mutant(
    "a delivery ends with its first failure",
    "shared/use-cases/webhooks/record-delivery.ts",
    "  const delayMs = failure.isGone\n",
    "  const delayMs = !failure.isGone\n",
  ),
  {
    name: "a replay makes a second delivery",
    patches: [
      {
        file: "shared/storage/webhooks/deliveries.ts",
        text: "SELECT ${at.workspaceId}, 'msg_' || e.id || '_' || v.number, e.id",
        replacement: "SELECT ${at.workspaceId}, 'msg_' || e.id || '_' || v.number || '_' || ${at.now}, e.id",
      },
      {
        file: "shared/storage/webhooks/deliveries.ts",
        text: "\n      AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d\n        WHERE d.workspace_id = ${at.workspaceId} AND d.id = 'msg_' || e.id || '_' || v.number)",
        replacement: "",
      },
    ],
  },
  mutant(
    "pending deliveries of a disabled webhook are sent",
    "shared/use-cases/webhooks/switch-webhook.ts",
    ", failPending(at, id)",
    "",
  ),
  mutant(
    "the event of a rotated secret contains the secret",
    "shared/use-cases/webhooks/rotate-webhook-secret.ts",
    "webhook, { oldUntil }),",
    "webhook, { oldUntil: oldUntil === null ? null : secret }),",
  ),
];
