/** An expected outcome as a value: a success, or a failure with a reason that the edge maps to words. */
export type Result<T, Reason extends { code: string }> = { ok: true; value: T } | { ok: false; reason: Reason };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const fail = <const Reason extends { code: string }>(reason: Reason): { ok: false; reason: Reason } => ({
  ok: false,
  reason,
});
