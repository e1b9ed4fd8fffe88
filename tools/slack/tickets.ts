/** What an app gets with an interaction and may hand back: trigger ids and response URLs. */

/** How long and how often they can be used (docs.slack.dev, "Handling user interaction"). */
export const triggerLifetimeMs = 3000;
export const responseUrlLifetimeMs = 30 * 60_000;
export const responseUrlUses = 5;

/** A trigger of somebody. */
export interface Trigger {
  user: string;
  /** The modal in which the interaction happened. */
  viewId: string | null;
  expiresMs: number;
  isExchanged: boolean;
}

export type Exchanged =
  | { ok: true; user: string; viewId: string | null }
  | { ok: false; error: "invalid_trigger_id" | "exchanged_trigger_id" | "expired_trigger_id" };

/** Whether a trigger opens a view: it works once and for three seconds. */
export const judgeTrigger = (trigger: Trigger | null | undefined, nowMs: number): Exchanged => {
  if (!trigger) return { ok: false, error: "invalid_trigger_id" };
  if (trigger.isExchanged) return { ok: false, error: "exchanged_trigger_id" };
  if (nowMs > trigger.expiresMs) return { ok: false, error: "expired_trigger_id" };
  return { ok: true, user: trigger.user, viewId: trigger.viewId };
};

export interface ResponseUrl {
  expiresMs: number;
  uses: number;
}

/** Why a response URL takes no more answers; null while it does. */
export const responseUrlRefusal = (
  url: ResponseUrl | null | undefined,
  nowMs: number,
): "invalid_url" | "expired_url" | "used_url" | null => {
  if (!url) return "invalid_url";
  if (nowMs > url.expiresMs) return "expired_url";
  return url.uses >= responseUrlUses ? "used_url" : null;
};
