/** Messages of clients over WebSockets. No message throws, and each gets an answer that says what to do. */
import {
  type ClientMessage,
  type ServerNotice,
  type Subject,
  type Subscribing,
  clientMessage,
  closeCodes,
  maxSubscriptions,
  subjectsOf,
} from "../../shared/contract/live.ts";
import { jsonText } from "../../shared/storage/database.ts";
import { type FollowReason, type Followed, followEvents } from "../../shared/use-cases/workspace/follow-events.ts";
import type { Deps } from "../env.ts";
import { messageBurst, messagesPerSecond, maxCharacters, maxMalformed } from "./limits.ts";
import type { SocketClient } from "./socket-client.ts";

const message = jsonText(clientMessage);

export interface Hub {
  deps: Pick<Deps, "useCaseContext" | "withEffects">;
  /** Delivers events after `from` to the client; `newest` is the id of the newest event. */
  follow: (client: SocketClient, subjects: Subject[], from: number, newest: number) => void;
  onCapacity: (client: SocketClient) => void;
  close: (client: SocketClient, why: { code: number; reason: string }) => void;
}

type ErrorNotice = Extract<ServerNotice, { event: "error" }>;

const malformed: ErrorNotice = {
  event: "error",
  code: "malformed",
  message:
    'This is not a message of the protocol. Send {"type":"subscribe","jobId":"…"}, {"type":"subscribe","commit":42}, {"type":"subscribe","workspace":true} (each with lastEventId if you come back), the same with "unsubscribe", or {"type":"ping"}',
};
const tooMany: ErrorNotice = {
  event: "error",
  code: "too_many_subscriptions",
  message: `A connection follows at most ${maxSubscriptions} subjects: unsubscribe from some, or follow the workspace`,
};
export const unavailable: ErrorNotice = {
  event: "error",
  code: "unavailable",
  message: "The database does not answer. Send the same message again in a few seconds",
};

/** The messages of one client, answered in the order in which they came. */
export class Conversation {
  readonly #client: SocketClient;
  readonly #hub: Hub;
  #last: Promise<void> = Promise.resolve();
  #left = messageBurst;
  #lastMessageMs = 0;

  constructor(client: SocketClient, hub: Hub) {
    this.#client = client;
    this.#hub = hub;
  }

  /** Counts a message against the limit; false when the limit is exceeded. */
  mayGoOn(nowMs: number): boolean {
    const earned = (Math.max(0, nowMs - this.#lastMessageMs) / 1000) * messagesPerSecond;
    this.#left = Math.min(messageBurst, this.#left + earned) - 1;
    this.#lastMessageMs = nowMs;
    return this.#left >= 0;
  }

  /** Rejects when D1 does not answer. */
  receive(said: string | ArrayBuffer): Promise<void> {
    const answered = this.#last.then(() => receive(this.#hub, this.#client, said));
    this.#last = answered.catch(() => undefined);
    return answered;
  }
}

const receive = async (hub: Hub, client: SocketClient, said: string | ArrayBuffer): Promise<void> => {
  const parsed = typeof said === "string" && said.length <= maxCharacters ? message.safeParse(said) : null;
  if (parsed?.success) await answer(hub, client, parsed.data);
  else reportMalformed(hub, client);
};

const reportMalformed = (hub: Hub, client: SocketClient): void => {
  client.say(malformed);
  client.state.malformed += 1;
  client.save();
  if (client.state.malformed >= maxMalformed) {
    hub.close(client, {
      code: closeCodes.policy,
      reason: "Too many malformed messages: see docs/reference/live-events.md",
    });
  }
};

const answer = async (hub: Hub, client: SocketClient, said: ClientMessage): Promise<void> => {
  switch (said.type) {
    case "ping":
      return client.say({ event: "pong" });
    case "synced":
      client.synced(said.id);
      return hub.onCapacity(client);
    case "unsubscribe": {
      const to = subjectsOf(said);
      client.unfollow(to);
      client.say({ event: "unsubscribed", to });
      // The subscription that blocked the others may be gone.
      return hub.onCapacity(client);
    }
    case "subscribe":
      return subscribe(hub, client, said);
  }
};

const subscribe = async (
  hub: Hub,
  client: SocketClient,
  said: Extract<Subscribing, { type: "subscribe" }>,
): Promise<void> => {
  const to = subjectsOf(said);
  const asked = said.lastEventId ?? Number.MAX_SAFE_INTEGER;
  if (!client.hasCapacityFor(to, asked)) return client.say({ ...tooMany, to });
  const { deps } = hub;
  const followed = await deps.withEffects((effects) =>
    followEvents(deps.useCaseContext({ ...client.state.caller, idempotencyKey: null, effects }), followedOf(to)),
  );
  if (!followed.ok) return client.say(refusalOf(followed.reason, to));
  const { lastEventId: newest } = followed.value;
  const from = Math.min(asked, newest);
  client.say({ event: "subscribed", to, lastEventId: from });
  hub.follow(client, to, from, newest);
};

export const followedOf = (to: readonly Subject[]): Followed => ({
  jobIds: to.flatMap((each) => ("jobId" in each ? [each.jobId] : [])),
  commits: to.flatMap((each) => ("commit" in each ? [each.commit] : [])),
});

const refusalOf = (reason: FollowReason, to: Subject[]): ErrorNotice => {
  if (reason.code !== "nothing_to_follow") {
    return {
      event: "error",
      code: "forbidden",
      message: "You may not read what happens here: a token needs the scope read",
      to,
    };
  }
  const unknown = [
    ...reason.jobIds.map((jobId): Subject => ({ jobId })),
    ...reason.commits.map((commit): Subject => ({ commit })),
  ];
  const names = [...reason.jobIds.map((id) => `job ${id}`), ...reason.commits.map((number) => `commit #${number}`)];
  return {
    event: "error",
    code: "not_found",
    message: `Not found in this workspace: ${names.join(", ")}. Nothing was subscribed to`,
    to: unknown,
  };
};
