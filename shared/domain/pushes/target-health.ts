/**
 * Whether a target answers, as a circuit breaker: while one fails for all, pushes to it wait instead of failing one by
 * one. Closed: pushes are sent. Open: they wait. Half open: one of them is tried; how that ends closes or opens it
 * again.
 */
import * as z from "zod/mini";
import { type Backoff, atLeastAsked, backoffMs } from "../../backoff.ts";
import { stateNames } from "../states.ts";
import { dayMs, time } from "../time.ts";

export const targetHealthSchema = z.object({
  target: z.string(),
  state: z.enum(stateNames("target_health")),
  /** In a row. */
  failures: z.int(),
  /** The first of them. */
  failingSince: z.nullable(time),
  /** The last of them, such as "could not be reached". */
  error: z.nullable(z.string()),
  /** Subject of the notice about the last outage. */
  outageId: z.nullable(z.string()),
  openedAt: z.nullable(time),
  closedAt: z.nullable(time),
  /** When the next try may be made; while half open, until when the one under way may take. */
  probeAt: z.nullable(time),
  probeJobId: z.nullable(z.string()),
  version: z.int(),
});
export type TargetHealth = z.infer<typeof targetHealthSchema>;

/** No answer, a 5xx, an accepted job that is not reported on: after so many in a row pushes wait. */
export const failuresToOpen = 3;
/** Tried after 10, 20, 40 s, then every minute at the latest. */
export const probeBackoff: Backoff = { firstMs: 10_000, maxMs: 60_000 };
/** A push that has waited for so long ends. */
export const longestWaitMs = dayMs;

export const healthOf = (target: string): TargetHealth => ({
  target,
  state: "closed",
  failures: 0,
  failingSince: null,
  error: null,
  outageId: null,
  openedAt: null,
  closedAt: null,
  probeAt: null,
  probeJobId: null,
  version: 0,
});

export type Turn = { kind: "send" } | { kind: "probe" } | { kind: "wait"; until: string };

/** What a job that is to be sent does now. */
export const turnOf = ({ state, probeAt }: TargetHealth, nowMs: number): Turn => {
  if (state === "closed") return { kind: "send" };
  return probeAt !== null && Date.parse(probeAt) > nowMs ? { kind: "wait", until: probeAt } : { kind: "probe" };
};

/** The job is the one that is tried. @param leaseMs how long its request may take */
export const probing = (health: TargetHealth, jobId: string, nowMs: number, leaseMs: number): TargetHealth => ({
  ...health,
  state: "half_open",
  probeJobId: jobId,
  probeAt: new Date(nowMs + leaseMs).toISOString(),
});

export interface NoAnswer {
  jobId: string;
  message: string;
  /** What `Retry-After` asks for. */
  retryAfterMs: number | null;
  nowMs: number;
  /** From 0 up to 1. */
  random: number;
  /** For the notice, should it open. */
  outageId: string;
}

/** Another failure to answer. The same object comes back when it says nothing new: a straggler of before the outage. */
export const afterNoAnswer = (health: TargetHealth, failure: NoAnswer): TargetHealth => {
  if (health.state === "open" || (health.state === "half_open" && health.probeJobId !== failure.jobId)) return health;
  const now = new Date(failure.nowMs).toISOString();
  const failures = health.failures + 1;
  const counted = { ...health, failures, failingSince: health.failingSince ?? now, error: failure.message };
  if (failures < failuresToOpen) return counted;
  const ownMs = backoffMs(probeBackoff, failures - failuresToOpen + 1, failure.random);
  const probeAt = new Date(failure.nowMs + atLeastAsked(ownMs, failure.retryAfterMs)).toISOString();
  if (health.state === "half_open") return { ...counted, state: "open", probeAt };
  return {
    ...counted,
    state: "open",
    probeAt,
    probeJobId: null,
    outageId: failure.outageId,
    openedAt: now,
    closedAt: null,
  };
};

/**
 * What a word from the target about a job proves. While pushes wait, only the job that was tried counts: webhooks about
 * others may come from a target that takes no requests.
 */
export const provenBy = ({ state, failures, probeJobId }: TargetHealth, jobId: string): "nothing" | "well" | "back" => {
  if (state === "closed") return failures > 0 ? "well" : "nothing";
  return probeJobId === jobId ? "back" : "nothing";
};
