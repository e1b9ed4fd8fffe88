/** What has to happen after a batch. A statement says it; the edge of a request carries it out when that ends. */
export type Effect =
  /** A message of the workspace waits in the outbox; null: of any workspace. */
  | { kind: "relay_outbox"; workspaceId: string | null }
  /** Cards in Slack do not show what is so. */
  | { kind: "wake_slack_outbox"; workspaceId: string }
  /** Events were added. */
  | { kind: "notify_followers"; workspaceId: string }
  /** A job is to be looked at, at `at`, ISO 8601. */
  | { kind: "watch_deadline"; workspaceId: string; at: string };

/** What the batches of one request have led to: each effect once, the earliest of several deadlines. */
export interface Effects {
  add: (effects: readonly Effect[]) => void;
  /** Hands them over: who takes them carries them out. */
  take: () => Effect[];
}

export const createEffects = (): Effects => {
  const collected = new Map<string, Effect>();
  const addOne = (effect: Effect): void => {
    const key = `${effect.kind} ${effect.workspaceId}`;
    const earlier = collected.get(key);
    const isLater = earlier?.kind === "watch_deadline" && effect.kind === "watch_deadline" && earlier.at <= effect.at;
    if (!isLater) collected.set(key, effect);
  };
  return {
    add: (effects) => {
      for (const effect of effects) addOne(effect);
    },
    take: () => {
      const taken = [...collected.values()];
      collected.clear();
      return taken;
    },
  };
};
