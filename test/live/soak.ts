/**
 * `npm run live-soak`: many pushes at once, followed over many WebSockets that are cut at random, and by polling
 * clients. `-- --short` is for CI. Prints every measurement and fails at a missed limit. The short form only reports
 * missed times, because it may share its machine.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Random } from "../support/random.ts";
import { type Follower, PollingFollower, SocketFollower } from "./followers.ts";
import { figuresOf, missedCounts, missedTimes, textOf } from "./figures.ts";
import { Work, eventsOfPush } from "./work.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    sockets: { type: "string", default: "200" },
    pushes: { type: "string" },
  },
});
const size = { pushes: Number(values.pushes ?? (values.short ? 20 : 100)), sockets: Number(values.sockets) };
const eventsPerSecond = 13;
/** Followers of each kind that are never cut, to compare cost and latency. */
const compared = 5;
/** Each with a token, and with fewer connections than one person may have. */
const programs = 10;
const killsEach = values.short ? 1 : 3;

const random = new Random(`soak ${values.seed}`);
const work = new Work();

/** Sends all events at the rate, with the pushes interleaved; resolves with the duration, ms. */
const happen = async (isAccepted: (jobId: string) => boolean): Promise<number> => {
  const startedMs = performance.now();
  const waiting = Array.from({ length: size.pushes }, (_, index) => index + 1);
  const running: { steps: (() => Promise<void>)[]; last: Promise<void> }[] = [];
  const inFlight: Promise<unknown>[] = [];
  for (let events = 0; waiting.length > 0 || running.some(({ steps }) => steps.length > 0);) {
    await delay(Math.max(0, startedMs + (events * 1000) / eventsPerSecond - performance.now()));
    const number = running.length < 4 || random.chance(0.3) ? waiting.shift() : undefined;
    if (number !== undefined) {
      running.push({ steps: work.steps(number), last: work.push(number, isAccepted) });
      events += 3;
      continue;
    }
    const active = running.filter(({ steps }) => steps.length > 0);
    // All pushes start before the first one ends.
    const early = waiting.length > 0 ? active.filter(({ steps }) => steps.length > 2) : active;
    const push = early.length > 0 ? random.pick(early) : undefined;
    const step = push?.steps.shift();
    if (push && step) {
      push.last = push.last.then(step);
      inFlight.push(push.last);
    }
    events += 1;
  }
  await Promise.all(inFlight);
  return performance.now() - startedMs;
};

const follow = async (): Promise<void> => {
  await work.start();
  const keys: string[] = [];
  for (let index = 0; index < programs; index += 1) {
    keys.push(await work.makeToken(`soak-${index}`, `U0SOAK000${index}`));
  }
  const [first = ""] = keys;
  await work.prepare(size.pushes);
  const startId = await work.lastEventId(first);
  const { url } = work;
  const socket = (index: number) => new SocketFollower(url, keys[index % keys.length] ?? "", startId, work.reportedMs);
  const cut = Array.from({ length: size.sockets - compared }, (_, index) => socket(index));
  const kept = Array.from({ length: compared }, (_, index) => socket(index));
  const polling = Array.from({ length: compared }, () => new PollingFollower(url, first, startId, work.reportedMs));
  for (let index = 0; index < cut.length; index += 20) {
    await Promise.all(cut.slice(index, index + 20).map((each) => each.connect()));
  }
  await Promise.all(kept.map((each) => each.connect()));

  const polls = polling.map((each) => each.run(1000));
  const totalMs = (size.pushes * eventsOfPush * 1000) / eventsPerSecond;
  const kills = cut.flatMap((each) =>
    Array.from({ length: killsEach }, async () => {
      await delay(random.between(0, Math.floor(totalMs * 0.95)));
      await each.kill(random.between(20, 500));
    }),
  );
  const pings = setInterval(() => [...cut, ...kept].forEach((each) => each.ping()), 30_000);
  const isAccepted = (jobId: string): boolean => kept.some(({ accepted }) => accepted.has(jobId));
  const tookMs = await happen(isAccepted);
  await Promise.all(kills);
  // The last events are in transit, and a poll may be a second late.
  const truth = await work.eventIds(first, startId);
  const hasAll = (each: Follower): boolean => each.ids.at(-1) === truth.at(-1);
  for (let waited = 0; waited < 100 && ![...cut, ...kept, ...polling].every(hasAll); waited += 1) await delay(100);
  clearInterval(pings);
  for (const each of [...cut, ...kept, ...polling]) each.end();
  await Promise.all(polls);

  const figures = figuresOf({ ...size, tookMs, truth, cut, kept, polling });
  console.log(textOf(figures));
  const counts = missedCounts(figures, eventsOfPush);
  for (const each of work.target.violations) counts.push(`the target: ${each}`);
  const times = missedTimes(figures);
  const missed = [...counts, ...times];
  console.log(missed.length === 0 ? "All bars are met" : missed.map((each) => `Missed: ${each}`).join("\n"));
  process.exitCode = counts.length + (values.short ? 0 : times.length) === 0 ? 0 : 1;
};

try {
  await follow();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await work.stop();
}
process.exit();
