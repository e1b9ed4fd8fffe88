import type { ClientEvent, Exchange } from "../client-protocol.ts";
import type { Budget } from "../../slack/budget.ts";
import type { OAuthServer } from "../../slack/oauth.ts";
import type { LocalWorkspace } from "./workspace.ts";

type WithoutPosition<Event> = Event extends ClientEvent ? Omit<Event, "sequence" | "at"> : never;
export type NewEvent = WithoutPosition<ClientEvent>;

/** What every part of the local Slack works with. `now` and the limits are replaced in tests. */
export interface Slack {
  sql: SqlStorage;
  /** Milliseconds since the epoch. */
  now: () => number;
  bot: { fetch: (request: Request) => Promise<Response> };
  /** Whose Slack it is. */
  own: LocalWorkspace;
  signingSecret: string;
  /** The app's installations, codes and tokens. */
  oauth: OAuthServer;
  /** How long the bot may take to acknowledge, milliseconds. */
  ackTimeoutMs: number;
  budget: Budget;
  /** Puts a message on the bot's queue that nobody can handle. */
  sendPoison: () => Promise<unknown>;
  /** Notifies a person's pages, or everyone's when `audience` is null. */
  publish: (audience: string | null, event: NewEvent) => void;
  /** Notifies the pages that look at what goes back and forth. */
  publishExchange: (exchange: Exchange) => void;
}
