/** The measurements of the soak, and the limits that they miss. */
import type { Follower, PollingFollower, SocketFollower } from "./followers.ts";

export interface Measured {
  pushes: number;
  sockets: number;
  tookMs: number;
  /** Ids of all events in D1. */
  truth: readonly number[];
  cut: readonly SocketFollower[];
  kept: readonly SocketFollower[];
  polling: readonly PollingFollower[];
}

interface Latency {
  count: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  meanMs: number;
}

const latencyOf = (values: readonly number[]): Latency => {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const meanMs = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1), meanMs };
};

const requestsEach = (followers: readonly Follower[]): number =>
  followers.reduce((sum, { requests }) => sum + requests, 0) / Math.max(1, followers.length);

export const figuresOf = ({ pushes, sockets, tookMs, truth, cut, kept, polling }: Measured) => {
  const all = [...cut, ...kept];
  const missing = (each: Follower): number => {
    const had = new Set(each.ids);
    return truth.filter((id) => !had.has(id)).length;
  };
  const inOrder = ({ ids }: Follower): boolean => ids.every((id, index) => id > (ids[index - 1] ?? 0));
  const sum = (count: (each: Follower) => number): number => all.reduce((total, each) => total + count(each), 0);
  return {
    pushes,
    sockets,
    seconds: tookMs / 1000,
    events: truth.length,
    delivered: sum(({ ids }) => ids.length),
    lost: sum(missing),
    doubled: sum(({ ids }) => ids.length - new Set(ids).size),
    outOfOrder: all.filter((each) => !inOrder(each)).length,
    kills: cut.reduce((total, each) => total + each.kills, 0),
    troubles: [...new Set(all.flatMap(({ troubles }) => troubles))],
    live: latencyOf(all.flatMap(({ liveMs }) => liveMs)),
    resumed: latencyOf(all.flatMap(({ resumedMs }) => resumedMs)),
    compared: {
      live: latencyOf(kept.flatMap(({ liveMs }) => liveMs)),
      polling: latencyOf(polling.flatMap(({ liveMs }) => liveMs)),
      liveRequests: requestsEach(kept),
      cutRequests: requestsEach(cut),
      pollingRequests: requestsEach(polling),
      pollingLost: polling.reduce((total, each) => total + missing(each), 0),
    },
  };
};

type Figures = ReturnType<typeof figuresOf>;

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const latencyText = ({ count, p50Ms, p95Ms, p99Ms, maxMs }: Latency): string =>
  `p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, p99 ${ms(p99Ms)}, most ${ms(maxMs)} (${count} deliveries)`;

const fewer = ({ compared: { liveRequests, pollingRequests } }: Figures): number =>
  100 * (1 - liveRequests / pollingRequests);
const fresher = ({ compared: { live, polling } }: Figures): number => polling.meanMs / live.meanMs;

export const textOf = (figures: Figures): string => {
  const { pushes, sockets, seconds, events, delivered, lost, doubled, outOfOrder, kills, live, resumed } = figures;
  const { compared } = figures;
  return [
    `${pushes} pushes at once, ${events} events in ${seconds.toFixed(1)} s (${(events / seconds).toFixed(1)} a second), ${sockets} WebSockets, ${kills} connections cut`,
    `${delivered} deliveries, ${lost} lost, ${doubled} doubled, ${outOfOrder} clients out of order`,
    `webhook to connected client: ${latencyText(live)}`,
    `webhook to client that was cut off meanwhile: ${latencyText(resumed)}`,
    `polling each second: ${compared.pollingRequests.toFixed(1)} requests a client, ${latencyText(compared.polling)}, mean ${ms(compared.polling.meanMs)}, ${compared.pollingLost} lost`,
    `WebSocket beside it: ${compared.liveRequests.toFixed(1)} requests a client (${compared.cutRequests.toFixed(1)} where it is cut), mean ${ms(compared.live.meanMs)}`,
    `${fewer(figures).toFixed(1)} % fewer requests, ${fresher(figures).toFixed(1)} times fresher`,
    ...figures.troubles.map((trouble) => `trouble: ${trouble}`),
  ].join("\n");
};

/** Describes violations that no machine excuses. */
export const missedCounts = (figures: Figures, eventsOfPush: number): string[] => {
  const { pushes, events, lost, doubled, outOfOrder, compared } = figures;
  return [
    ...(events >= pushes * eventsOfPush ? [] : [`${events} events are fewer than ${pushes} × ${eventsOfPush}`]),
    ...(lost === 0 ? [] : [`${lost} lost`]),
    ...(doubled === 0 ? [] : [`${doubled} doubled`]),
    ...(outOfOrder === 0 ? [] : [`${outOfOrder} out of order`]),
    ...(fewer(figures) >= 90 ? [] : [`${fewer(figures).toFixed(1)} % fewer requests than polling are not 90 %`]),
    ...(compared.pollingLost === 0 ? [] : [`${compared.pollingLost} lost by polling`]),
  ];
};

/** Describes missed times, which a busy machine may excuse. */
export const missedTimes = (figures: Figures): string[] => {
  const { live } = figures;
  return [
    ...(live.count > 0 && live.p99Ms < 100 ? [] : [`p99 of ${ms(live.p99Ms)} is not under 100 ms`]),
    ...(fresher(figures) >= 10 ? [] : [`${fresher(figures).toFixed(1)} times fresher than polling is not 10 times`]),
  ];
};
