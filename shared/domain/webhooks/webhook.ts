/** Outgoing webhooks: who gets which events, and how often it is tried. */
import * as z from "zod/mini";
import { closest } from "../closest.ts";
import { eventTypes } from "../events/event-types.ts";
import { stateNames } from "../states.ts";
import { dayMs, hourMs, minuteMs, time } from "../time.ts";

/** How long after each attempt the next one follows, and after how long without a success the webhook is disabled. */
export const profiles = {
  /** Over half an hour, for what is of no use later. */
  fast: { retriesMs: [1, 2, 4, 8, 16].map((minutes) => minutes * minuteMs), disableAfterMs: dayMs },
  /** Over three days (github.com/standard-webhooks, "Deliverability and reliability"). */
  standard: {
    retriesMs: [5000, 5 * minuteMs, ...[0.5, 2, 5, 10, 14, 20, 24].map((hours) => hours * hourMs)],
    disableAfterMs: 5 * dayMs,
  },
} as const satisfies Record<string, { retriesMs: readonly number[]; disableAfterMs: number }>;
export type Profile = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as Profile[];

/** Fewer failures in a row disable nothing, however long ago the first was. */
export const leastFailures = 12;
/** The longest that a receiver's `Retry-After` is obeyed. */
export const longestRetryAfterMs = dayMs;

export const disabledReasons = ["person", "gone", "failing"] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** As people know it: its secret is not here. */
export const webhookSchema = z.object({
  id: z.string(),
  number: z.int(),
  url: z.string(),
  description: z.string(),
  /** Filters: `*`, `job.*`, `commit.approved`. */
  events: z.array(z.string()),
  profile: z.enum(profileNames),
  state: z.enum(stateNames("webhook")),
  disabledReason: z.nullable(z.enum(disabledReasons)),
  disabledAt: z.nullable(time),
  /** Attempts in a row, the first of them, and what the last one met. */
  failures: z.int(),
  failingSince: z.nullable(time),
  lastError: z.nullable(z.string()),
  /** Until when the secret before this one signs as well; null when there is none. */
  oldSecretUntil: z.nullable(time),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
});
export type Webhook = z.infer<typeof webhookSchema>;

/** How a webhook stands that is new, or was enabled. */
export const untroubled = {
  state: "active",
  disabledReason: null,
  disabledAt: null,
  failures: 0,
  failingSince: null,
  lastError: null,
} as const satisfies Partial<Webhook>;

/** One event for one webhook. */
export const deliverySchema = z.object({
  number: z.int(),
  /** The `webhook-id` of every attempt. */
  id: z.string(),
  webhookId: z.string(),
  webhookNumber: z.int(),
  eventId: z.int(),
  eventType: z.enum(eventTypes),
  state: z.enum(stateNames("delivery")),
  /** Whose end was recorded. */
  attempts: z.int(),
  /** When it is tried next; null when it has ended. */
  nextAt: z.nullable(time),
  /** What the last attempt was answered with, and how long that took; null: no answer, or no attempt. */
  status: z.nullable(z.int()),
  error: z.nullable(z.string()),
  durationMs: z.nullable(z.int()),
  createdAt: time,
  endedAt: z.nullable(time),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** Of one time up to now. */
export const deliveryRatesSchema = z.object({
  /** Deliveries of events of that time. */
  created: z.int(),
  /** Deliveries that ended in that time. */
  delivered: z.int(),
  failed: z.int(),
  /** How many of those that ended have arrived, 0 to 1; null when none has ended. */
  rate: z.nullable(z.number()),
});
export type DeliveryRates = z.infer<typeof deliveryRatesSchema>;

export const webhookStatusSchema = z.object({
  webhook: webhookSchema,
  hour: deliveryRatesSchema,
  day: deliveryRatesSchema,
  pending: z.int(),
  /** Age of the oldest that waits, milliseconds; 0 when none does. */
  lagMs: z.number(),
  /** By how many more have come to wait in the last hour than have ended; below 0 it catches up. */
  growth: z.int(),
  /** Kept, and can be replayed. */
  failed: z.int(),
});
export type WebhookStatus = z.infer<typeof webhookStatusSchema>;

/**
 * How long after a failed attempt the next one follows; null after the last. A tenth is added at random, so that many
 * do not come back at once.
 * @param retries how many retries are used up
 * @param random from 0 up to 1
 */
export const retryMs = (
  profile: Profile,
  retries: number,
  random: number,
  retryAfterMs: number | null,
): number | null => {
  const ownMs = profiles[profile].retriesMs[retries];
  if (ownMs === undefined) return null;
  return Math.max(Math.round(ownMs * (1 + random / 10)), Math.min(retryAfterMs ?? 0, longestRetryAfterMs));
};

/** Whether a webhook that fails has failed for long enough to be disabled. @param failures with the last one */
export const isHopeless = (
  { profile, failingSince }: Pick<Webhook, "profile" | "failingSince">,
  failures: number,
  nowMs: number,
): boolean =>
  failures >= leastFailures &&
  failingSince !== null &&
  nowMs - Date.parse(failingSince) >= profiles[profile].disableAfterMs;

const families = [...new Set(eventTypes.map((type) => `${type.split(".")[0]}.*`))];
/** Everything that a filter may be. */
export const allowedFilters: readonly string[] = ["*", ...families, ...eventTypes];

/** The filter that was probably meant by one that is none; null when it is one. */
export const filterProblem = (filter: string): { typed: string; suggestion: string | null } | null =>
  allowedFilters.includes(filter) ? null : { typed: filter, suggestion: closest(filter, allowedFilters) };

/** The same for lists: without repeats, and `*` stands for everything. */
export const withoutRepeats = (filters: readonly string[]): string[] =>
  filters.includes("*") ? ["*"] : [...new Set(filters)];

/** Of an address, for where the whole of it might give something away. */
export const shownHost = (url: string): string => (URL.canParse(url) ? new URL(url).host : "");

export const maxUrlLength = 2000;
export const maxDescriptionLength = 200;
/** Of a workspace. */
export const maxWebhooks = 20;
/** How long the secret before signs as well, in hours. */
export const overlapHours = { min: 0, max: 168, usual: 24 } as const;
/** Deliveries that have arrived are kept for so many days, and events that were not sent can be sent for as long. */
export const keptDays = 30;
/** How many deliveries one request replays. */
export const maxReplayed = 1000;
