/** A row of the outbox that a batch has claimed for the relay of its own request. */
export interface ClaimedMessage {
  workspaceId: string;
  id: string;
  /** `queue:<name>` */
  destination: string;
  /** JSON, which its receiver parses. */
  payload: string;
  /** How often it was refused by itself. */
  attempts: number;
  createdAt: string;
  /** Of the row, in the order of writing. */
  position: number;
}

/** What has to happen after a batch. A statement says it; the edge of a request carries it out when that ends. */
export type Effect =
  /** Messages of the workspace wait in the outbox. The relay claims what nobody has claimed. */
  | { kind: "relay_outbox"; workspaceId: string; claimed?: readonly ClaimedMessage[] }
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
    const isClaimed = effect.kind === "relay_outbox" && effect.claimed !== undefined;
    const key = `${effect.kind} ${effect.workspaceId}${isClaimed ? " claimed" : ""}`;
    const earlier = collected.get(key);
    if (isClaimed && earlier?.kind === "relay_outbox") {
      collected.set(key, { ...effect, claimed: [...(earlier.claimed ?? []), ...(effect.claimed ?? [])] });
      return;
    }
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
