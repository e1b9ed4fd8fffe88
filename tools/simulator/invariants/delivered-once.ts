import { type Profile, profiles } from "../../../shared/domain/webhooks/webhook.ts";
import type { Arrival, Happening } from "../receivers/receivers.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

const isArrival = (happening: Happening): happening is Arrival => happening.kind === "request";
const isTaken = ({ answer }: Arrival): boolean => answer !== null && answer >= 200 && answer < 300;
const isReplay = (happening: Happening): boolean => happening.kind === "moved" && happening.to === "pending";

/** Attempts since the last replay, or all of them without a replay. */
const sinceReplay = (before: readonly Happening[]): Arrival[] =>
  before.slice(before.findLastIndex(isReplay) + 1).filter(isArrival);

/** D1 may delay a claim for longer than the claim lasts; another consumer then makes the attempt. */
const mayOverlap = ({ runtime }: World): boolean => runtime.faults.struck.some((name) => name.startsWith("D1 stalls"));

/** Every request needs a claimed attempt. */
const unasked = (world: World, { atMs, row }: Arrival): string | null => {
  if (row?.state === "pending" && row.webhook === "disabled") return "was sent to a webhook that is disabled";
  if (!row || mayOverlap(world)) return null;
  if (row.state === "delivered") return "was sent again after it had been delivered";
  const consumersMs = atMs + (world.runtime.clockSkewMs.get("consumers") ?? 0);
  if (row.state === "pending" && Date.parse(row.sending_until ?? "1970-01-01") < consumersMs)
    return "was sent without a claim";
  return null;
};

/** While every attempt so far was recorded, the next one follows the profile's delay and `Retry-After`. */
const tooEarly = (
  world: World,
  profile: Profile | undefined,
  before: readonly Happening[],
  arrival: Arrival,
): string | null => {
  const earlier = sinceReplay(before);
  const last = earlier.at(-1);
  if (!last || !profile || world.runtime.clockSkewMs.size > 0) return null;
  if (arrival.row?.attempts !== before.filter(isArrival).length) return null;
  const waitMs = Math.max(last.retryAfterMs, profiles[profile].retriesMs[earlier.length - 1] ?? 0);
  const waitedMs = arrival.atMs - last.atMs;
  return waitedMs < waitMs
    ? `was sent again after ${waitedMs} ms, attempt ${earlier.length + 1}, where ${waitMs} ms are due`
    : null;
};

/** The number of recorded deliveries equals the number of the receiver's successful answers. */
const untrue = (happenings: readonly Happening[]): string | null => {
  const delivered = happenings.filter((happening) => happening.kind === "moved" && happening.to === "delivered");
  return delivered.length > happenings.filter(isArrival).filter(isTaken).length
    ? "counts as delivered, and its receiver has never said so"
    : null;
};

const profilesById = ({ staging }: World): Map<string, Profile> =>
  new Map(
    staging
      .rows<{ id: string; profile: Profile }>("SELECT id, profile FROM webhook_endpoints")
      .map(({ id, profile }) => [id, profile]),
  );

/** Without faults inside the product, every request has a recorded attempt. */
const unrecorded = ({ staging, runtime, receivers }: World): string[] =>
  runtime.faults.struck.every((name) => name.startsWith("receiver"))
    ? staging
        .rows<{ id: string; attempts: number }>("SELECT id, attempts FROM webhook_deliveries")
        .filter(({ id, attempts }) => (receivers.ledger.get(id) ?? []).filter(isArrival).length !== attempts)
        .map(({ id, attempts }) => `delivery ${id} has ${attempts} attempts, and its receiver counted others`)
    : [];

export const deliveredOnce: Invariant = {
  number: 13,
  words: "a delivered event is not sent again without a replay, and an undelivered one is sent again when it is due",
  atRest: ({ world }) => {
    const profileOf = profilesById(world);
    const wrong = [...world.receivers.ledger].flatMap(([id, happenings]) => {
      const profile = profileOf.get(id.split("_")[1] ?? "");
      const ofArrivals = happenings.flatMap((happening, index) =>
        isArrival(happening)
          ? [unasked(world, happening), tooEarly(world, profile, happenings.slice(0, index), happening)]
          : [],
      );
      return [...ofArrivals, untrue(happenings)]
        .filter((what) => what !== null)
        .map((what) => `delivery ${id} ${what}`);
    });
    return [...wrong, ...unrecorded(world)];
  },
};
