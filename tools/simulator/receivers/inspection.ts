/** Checks a request as a receiver would (standardwebhooks.com), and with the simulator's additional knowledge. */
import { createHmac } from "node:crypto";
import type { SimulatedD1 } from "../platform/d1.ts";
import type { Slack } from "../slack/slack.ts";
import { startingSecret } from "./webhooks.ts";

const toleranceMs = 300_000;

interface Owner {
  workspace_id: string;
  url: string;
}

const partsOf = (deliveryId: string): { endpointId: string; eventId: number } => {
  const [, endpointId = "", eventId = ""] = /^msg_([^_]+)_(\d+)$/.exec(deliveryId) ?? [];
  return { endpointId, eventId: Number(eventId) };
};

/** Every secret of a webhook, oldest first. */
const secretsOf = (staging: SimulatedD1, endpointId: string): string[] =>
  staging
    .rows<{ secret: string }>("SELECT secret FROM sim_secrets WHERE endpoint_id = ?1 ORDER BY rowid", endpointId)
    .map(({ secret }) => secret);

const isSignature = (secret: string, signed: string, signature: string): boolean =>
  signature ===
  `v1,${createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(signed)
    .digest("base64")}`;

export interface Inspected {
  complaint: string | null;
  /** The secrets with a matching signature in the request. */
  signedWith: string[];
}

/** @returns what is wrong with the request for any receiver; null for a valid request */
export const complaintAbout = (staging: SimulatedD1, nowMs: number, request: Request, body: string): Inspected => {
  const { headers, method, url } = request;
  const id = headers.get("webhook-id") ?? "";
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const signatures = (headers.get("webhook-signature") ?? "").split(" ");
  const { endpointId, eventId } = partsOf(id);
  const candidates = secretsOf(staging, endpointId);
  const signers = signatures.map((signature) =>
    candidates.findLast((secret) => isSignature(secret, `${id}.${timestamp}.${body}`, signature)),
  );
  const signedWith = signers.filter((secret) => secret !== undefined);
  const complain = (what: string): Inspected => ({ complaint: `${id || "a request"} ${what}`, signedWith });
  if (signedWith.length === 0) return complain("is not signed with a secret of its webhook");
  if (signedWith.length < signers.length) return complain("carries a foreign signature");
  if (Math.abs(nowMs - Number(timestamp) * 1000) > toleranceMs) return complain(`is of ${timestamp}`);
  if (method !== "POST" || headers.get("content-type") !== "application/json") return complain("is not a POST of JSON");
  const [owner] = staging.rows<Owner>("SELECT workspace_id, url FROM sim_secrets WHERE endpoint_id = ?1", endpointId);
  const [event] = staging.rows<{ workspace_id: string; type: string; created_at: string }>(
    "SELECT workspace_id, type, created_at FROM job_events WHERE number = ?1 AND workspace_id = ?2",
    eventId,
    owner?.workspace_id ?? "",
  );
  if (owner?.url !== url) return complain(`was sent to ${url}`);
  if (event?.workspace_id !== owner.workspace_id) return complain("contains an event of another workspace");
  const sent = JSON.parse(body) as { type: string; timestamp: string; data: { id: number; type: string } };
  if (sent.type !== event.type || sent.data.type !== event.type || sent.data.id !== eventId)
    return complain(`contains ${sent.type} ${sent.data.id}, and is about ${event.type} ${eventId}`);
  return sent.timestamp === event.created_at
    ? { complaint: null, signedWith }
    : complain(`has the time ${sent.timestamp}`);
};

/**
 * The secrets that a receiver accepts: the one that was shown last, or the initial one. After the faults end, the
 * receiver has the newest secret.
 */
export const signers = (staging: SimulatedD1, slack: Slack, deliveryId: string, isLookedAfter: boolean): string[] => {
  const { endpointId } = partsOf(deliveryId);
  const all = secretsOf(staging, endpointId);
  const shown = slack.privateMessages.flatMap(({ blocks }) => {
    const text = JSON.stringify(blocks);
    return text.includes("whsec_") ? all.filter((secret) => text.includes(secret)) : [];
  });
  return [shown.at(-1) ?? startingSecret(endpointId), ...(isLookedAfter ? all.slice(-1) : [])];
};
