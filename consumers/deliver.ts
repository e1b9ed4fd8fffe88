/** The queue cv-deliveries: a message names a delivery, whose event is sent to the webhook's address. */
import { retryAfterMs, wholeSeconds } from "../shared/backoff.ts";
import { apiEvent } from "../shared/contract/event.ts";
import type { Work } from "../shared/environment.ts";
import { headWithin } from "../shared/fetch-within.ts";
import { log } from "../shared/log.ts";
import { signWithEach } from "../shared/signing.ts";
import { read } from "../shared/storage/database.ts";
import { type DeliveryMessage, deliveryMessage, deliveryToSendQuery } from "../shared/storage/webhooks/deliveries.ts";
import { eventOfDeliveryQuery } from "../shared/storage/events/events.ts";
import type { LoggedEvent } from "../shared/domain/events/event.ts";
import { checkAddress } from "../shared/targets/address.ts";
import { traceparentOf } from "../shared/trace.ts";
import {
  type FailedAttempt,
  type Sending,
  beginAttempt,
  recordDelivered,
  recordFailed,
} from "../shared/use-cases/webhooks/record-delivery.ts";
import { signingSecrets } from "../shared/use-cases/webhooks/webhook-secrets.ts";
import type { Handled } from "./handled.ts";

const timeoutMs = 15_000;
/** The maximum delay of a queue (developers.cloudflare.com/queues, "Limits"). Cron queues later attempts. */
const longestDelaySeconds = 86_400;

export type DeliverDeps = Pick<
  Work,
  "db" | "effects" | "nowMs" | "newId" | "random" | "queues" | "webhookAddresses" | "encryption"
> & { fetch: (request: Request) => Promise<Response> };

type Answer = { arrived: true; status: number; durationMs: number } | ({ arrived: false } & FailedAttempt);

/** The message of a failed attempt is acknowledged: the row stores when the next attempt is due. */
export const handleDeliveryMessage = async (deps: DeliverDeps, body: unknown): Promise<Handled> => {
  const parsed = deliveryMessage.safeParse(body);
  if (!parsed.success) return { malformed: "not a cv-deliveries message" };
  const { workspaceId, deliveryId, attempt, traceId } = parsed.data;
  const { db } = deps;
  const [delivery, event] = await read(
    db,
    deliveryToSendQuery(workspaceId, deliveryId),
    eventOfDeliveryQuery(workspaceId, deliveryId),
  );
  // The webhook was deleted, the delivery has ended, or another message handles it.
  if (!delivery || !event || delivery.state !== "pending" || delivery.attempts !== attempt) return { done: true };
  const sending = { workspaceId, delivery, traceId };
  if (!(await beginAttempt(deps, sending))) return { done: true };
  const answer = await send(deps, sending, event);
  log("delivery.sent", {
    traceId,
    workspaceId,
    deliveryId,
    webhook: delivery.webhookNumber,
    attempt: attempt + 1,
    status: answer.status,
    durationMs: answer.durationMs,
    ...(answer.arrived ? {} : { error: answer.error }),
  });
  if (answer.arrived) {
    await recordDelivered(deps, sending, { ...answer, error: null });
    return { done: true };
  }
  await followUp(deps, parsed.data, await recordFailed(deps, sending, answer));
  return { done: true };
};

/** The payload of Standard Webhooks: `type`, `timestamp`, `data`. */
export const payloadOf = (event: LoggedEvent): string =>
  JSON.stringify({ type: event.type, timestamp: event.at, data: apiEvent(event) });

const send = async (
  { nowMs, webhookAddresses, encryption, fetch }: DeliverDeps,
  { delivery, traceId }: Sending,
  event: LoggedEvent,
): Promise<Answer> => {
  const startedMs = nowMs();
  const failed = (error: string, more: Partial<FailedAttempt> = {}): Answer => ({
    arrived: false,
    status: null,
    error,
    durationMs: nowMs() - startedMs,
    retryAfterMs: null,
    isGone: false,
    ...more,
  });
  // The permitted addresses may have changed since the registration.
  const address = checkAddress(delivery.url, webhookAddresses);
  if (!address.ok) return failed(`was not called: its address ${address.reason.message}`);
  const body = payloadOf(event);
  let secrets: string[];
  try {
    secrets = await signingSecrets(encryption, delivery.secrets, new Date(startedMs).toISOString());
  } catch {
    // The log has why; the attempt after the operator has put the key back arrives.
    return failed("was not called: its secret cannot be read");
  }
  const request = new Request(address.value, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      "user-agent": "CV-Ops-Webhooks/1",
      traceparent: traceparentOf(traceId, delivery.id.replaceAll("_", "")),
      ...(await signWithEach(secrets, delivery.id, body, startedMs)),
    },
    body,
  });
  try {
    const { status, headers } = await headWithin(fetch, request, timeoutMs);
    if (status >= 200 && status < 300) return { arrived: true, status, durationMs: nowMs() - startedMs };
    return failed(errorOf(status), {
      status,
      isGone: status === 410,
      retryAfterMs: retryAfterMs(headers.get("retry-after"), nowMs()),
    });
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    return failed(isTimeout ? `did not answer within ${timeoutMs / 1000} s` : "could not be reached");
  }
};

/** The end of a sentence about the receiver. With `redirect: "manual"` some runtimes hide a redirect's status. */
const errorOf = (status: number): string =>
  status === 0 || (status >= 300 && status < 400)
    ? `answered ${status || "3xx"}: a redirect, which is not followed`
    : `answered ${status}`;

/** Queues the next attempt. When the queue refuses the message, cron queues the delivery later. */
const followUp = async (
  deps: DeliverDeps,
  { workspaceId, deliveryId, attempt, traceId }: DeliveryMessage,
  nextAt: string | null,
): Promise<void> => {
  if (nextAt === null) return;
  const delaySeconds = wholeSeconds(Date.parse(nextAt) - deps.nowMs());
  if (delaySeconds > longestDelaySeconds) return;
  const body: DeliveryMessage = { workspaceId, deliveryId, attempt: attempt + 1, traceId };
  try {
    await deps.queues["cv-deliveries"].sendBatch([{ body, delaySeconds: Math.max(0, delaySeconds) }]);
  } catch (error) {
    log("delivery.not_queued", { traceId, workspaceId, deliveryId, error: String(error) });
  }
};
