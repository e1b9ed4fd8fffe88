/**
 * What a campaign exercised: how often each kind of fault struck, each kind of intent was drawn and had an effect, and
 * each type of event occurred. A workload that never takes effect proves nothing.
 */
import { type EventType, eventTypes } from "../../../shared/domain/events/event-types.ts";
import { withoutEffect } from "../actors/intents/intents.ts";
import { storyKinds } from "../actors/stories.ts";
import { faultKinds } from "../faults.ts";
import { mixedKinds } from "../world/versions.ts";
import type { Scene } from "../world/scene.ts";

interface Count {
  drawn: number;
  effective: number;
}

export interface Coverage {
  intents: Record<string, Count>;
  events: Record<string, number>;
  /** What took place while two releases served (world/versions.ts). */
  mixed: Record<string, number>;
}

/** These seeds cannot cause, and why. */
const neverOccurs: Partial<Record<EventType, string>> = {
  "push.repaired": "only a bug leaves a push that nothing moves on",
  "commit.repaired": "only a bug leaves a commit that nothing moves on",
  "member.erased": "what is stored of people is compared at the end, so nobody's is erased",
  "member.left": "nobody leaves the simulated Slack",
  "workspace.disconnected": "the simulated Slack never revokes its token",
  "workspace.installed": "the simulated Slack has no page to install an app at",
  "target.added": "a world's targets are compared at the end, so they stay as they are",
  "target.rotated": "a target's test call is outside of the simulated world",
  "target.moved": "a world's targets are compared at the end, so they stay as they are",
  "target.removed": "a world's targets are compared at the end, so they stay as they are",
  "target.reconciled": "no database is put back in time within a seed: rewind.test.ts does it",
  "workspace.numbers_left_out": "no database is put back in time within a seed: rewind.test.ts does it",
};

/** Fewer seeds are not judged by what they exercised. */
const fewestSeeds = 1200;
/** Fewer seeds may miss what is rare: then a campaign goes on to so many before it is judged. */
export const enoughSeeds = 2000;

export const coverageOf = ({ world, people, program }: Scene): Coverage => {
  const intents: Coverage["intents"] = Object.fromEntries(
    [...people.kinds, ...storyKinds].map((kind) => [kind, { drawn: 0, effective: 0 }]),
  );
  const count = (kind: string, isEffective: boolean): void => {
    const so = (intents[kind] ??= { drawn: 0, effective: 0 });
    so.drawn += 1;
    if (isEffective) so.effective += 1;
  };
  const records = world.staging.rows<{ key: string }>("SELECT key FROM idempotency_records WHERE key LIKE 'slack:%'");
  // The parts of a request have keys below its own.
  const isRecorded = (key: string): boolean => records.some((record) => `${record.key}:`.startsWith(`slack:${key}:`));
  for (const { kind, key } of people.drawn) count(kind, key !== null && isRecorded(key));
  for (const { deed, answers } of program.asked)
    count(
      `API ${deed}`,
      answers.some(({ named }) => named !== null),
    );
  const events = world.staging.rows<{ type: string; total: number }>(
    "SELECT type, COUNT(*) AS total FROM job_events GROUP BY type",
  );
  return { intents, events: Object.fromEntries(events.map(({ type, total }) => [type, total])), mixed: world.mixed };
};

export const emptyCoverage = (): Coverage => ({
  intents: {},
  events: Object.fromEntries(eventTypes.map((type) => [type, 0])),
  mixed: Object.fromEntries(mixedKinds.map((kind) => [kind, 0])),
});

export const addCoverage = (sum: Coverage, { intents, events, mixed }: Coverage): void => {
  for (const [kind, { drawn, effective }] of Object.entries(intents)) {
    const so = (sum.intents[kind] ??= { drawn: 0, effective: 0 });
    so.drawn += drawn;
    so.effective += effective;
  }
  for (const [type, total] of Object.entries(events)) sum.events[type] = (sum.events[type] ?? 0) + total;
  for (const [kind, total] of Object.entries(mixed)) sum.mixed[kind] = (sum.mixed[kind] ?? 0) + total;
};

/** What should have taken effect and has not; nothing for too few seeds to judge by. */
export const gapsIn = (coverage: Coverage, struck: ReadonlyMap<string, number>, seeds: number): string[] => {
  if (seeds < fewestSeeds) return [];
  return [
    ...faultKinds.filter((kind) => !struck.has(kind)).map((kind) => `the fault "${kind}" never struck`),
    ...Object.entries(coverage.intents).flatMap(([kind, { drawn, effective }]) => {
      if (drawn === 0) return [`nobody ever tried "${kind}"`];
      return effective > 0 || withoutEffect.has(kind) ? [] : [`"${kind}" never took effect`];
    }),
    ...eventTypes
      .filter((type) => coverage.events[type] === 0 && !Object.hasOwn(neverOccurs, type))
      .map((type) => `the event ${type} never occurred`),
    ...mixedKinds.filter((kind) => !coverage.mixed[kind]).map((kind) => `while two releases served: never "${kind}"`),
  ];
};

/** How often each kind that is expected occurred, the rarest first. */
export const rarestIn = (
  { intents, events, mixed }: Coverage,
  struck: ReadonlyMap<string, number>,
): [name: string, total: number][] =>
  [
    ...faultKinds.map((kind): [string, number] => [kind, struck.get(kind) ?? 0]),
    ...Object.entries(intents).flatMap(([kind, { effective }]): [string, number][] =>
      withoutEffect.has(kind) ? [] : [[kind, effective]],
    ),
    ...Object.entries(events).filter(([type]) => !Object.hasOwn(neverOccurs, type)),
    ...Object.entries(mixed),
  ].toSorted(([, a], [, b]) => a - b);

/** As the tables of docs/explanation/reliability.md. */
export const coverageText = ({ intents, events, mixed }: Coverage, struck: ReadonlyMap<string, number>): string => {
  const byName = <T>(entries: Iterable<[string, T]>): [string, T][] =>
    [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    "| tried | times | had an effect |",
    "|---|---|---|",
    ...byName(Object.entries(intents)).map(([kind, { drawn, effective }]) => `| ${kind} | ${drawn} | ${effective} |`),
    "",
    "| event | times |",
    "|---|---|",
    ...byName(Object.entries(events)).map(([type, total]) => `| \`${type}\` | ${total} |`),
    "",
    "| while two releases served | times |",
    "|---|---|",
    ...byName(Object.entries(mixed)).map(([kind, total]) => `| ${kind} | ${total} |`),
    "",
    "| fault | times |",
    "|---|---|",
    ...byName(struck).map(([kind, total]) => `| ${kind} | ${total} |`),
  ].join("\n");
};
