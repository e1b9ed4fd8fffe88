/** The edge of every request, alarm, message and sweep: the effects of its batches are carried out here alone. */
import { type Effect, type Effects, createEffects } from "./effects.ts";
import { log } from "./log.ts";
import type { Databases } from "./storage/databases.ts";
import { type OutboxQueues, relayOutbox } from "./use-cases/relay-outbox.ts";

export interface EdgeBindings {
  databases: Pick<Databases, "of">;
  nowMs: () => number;
  queues: OutboxQueues;
  wakeSlackOutbox: (workspaceId: string) => Promise<void>;
  notifyFollowers: (workspaceId: string) => Promise<void>;
  watchDeadline: (workspaceId: string, atMs: number) => Promise<void>;
}

/**
 * Runs `run`, and carries out the effects of what it wrote when it has ended, however it ended. Waits for that, unless
 * `waitUntil` keeps it alive. Never fails by it: what fails is in D1, and cron finds it within a minute.
 */
export type WithEffects = <T>(
  run: (effects: Effects) => Promise<T>,
  waitUntil?: (work: Promise<void>) => void,
) => Promise<T>;

export const createWithEffects =
  (bindings: EdgeBindings): WithEffects =>
  async (run, waitUntil) => {
    const effects = createEffects();
    try {
      return await run(effects);
    } finally {
      const carriedOut = carryOut(bindings, effects);
      if (waitUntil) waitUntil(carriedOut);
      else await carriedOut;
    }
  };

/** Carrying out one may lead to others: a message that no queue takes is kept with the dead letters. */
const carryOut = async (bindings: EdgeBindings, effects: Effects): Promise<void> => {
  for (let taken = effects.take(); taken.length > 0; taken = effects.take()) {
    await Promise.all(taken.map((effect) => attempt(bindings, effect, effects)));
  }
};

const attempt = async (bindings: EdgeBindings, effect: Effect, effects: Effects): Promise<void> => {
  try {
    await carryOutOne(bindings, effect, effects);
  } catch (error) {
    const { kind, workspaceId } = effect;
    log("effect.failed", { kind, workspaceId, error: String(error) });
  }
};

const carryOutOne = async (bindings: EdgeBindings, effect: Effect, effects: Effects): Promise<void> => {
  switch (effect.kind) {
    case "relay_outbox": {
      const { databases, nowMs, queues } = bindings;
      await relayOutbox({ db: databases.of(effect.workspaceId), nowMs, effects }, queues, effect);
      return;
    }
    case "wake_slack_outbox":
      return bindings.wakeSlackOutbox(effect.workspaceId);
    case "notify_followers":
      return bindings.notifyFollowers(effect.workspaceId);
    case "watch_deadline":
      return bindings.watchDeadline(effect.workspaceId, Date.parse(effect.at));
  }
};
