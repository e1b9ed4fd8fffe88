/**
 * What the page, the demo and the tests say to the local Slack on behalf of a person, below `/playground/client/`.
 * JSON both ways; `as` is the acting person's user id. The Slack Web API itself is below `/playground/slack/api/`.
 */
import type { View } from "@slack/types";
import type { Channel, Message, Person, Team } from "../slack/workspace.ts";
import type { FaultName } from "./faults.ts";

export type { Channel, Message, Person, Team };

/** A modal as it stands open for one person. */
export interface OpenView {
  id: string;
  user: string;
  hash: string;
  view: View;
  /** Errors of the last submission, by block id. */
  errors: Record<string, string>;
}

/** `GET /playground/client/state?as=U…` */
export interface ClientState {
  team: Team;
  /** Whether the app is. */
  installed: boolean;
  /** Every workspace of this Slack, each with somebody in it. */
  workspaces: { id: string; name: string; firstPerson: string }[];
  me: Person;
  people: Person[];
  channels: Channel[];
  /** Oldest first; only what `as` may see: nothing once they are deactivated. */
  messages: Message[];
  views: OpenView[];
  /** The app's Home tab as published for `as`; null until the bot published one. */
  home?: OpenView | null;
  /** What goes wrong on purpose right now. */
  faults?: FaultName[];
  /** Position in the stream of `ClientEvent`s that this state includes. */
  sequence: number;
}

/** Pushed over the WebSocket `GET /playground/client/socket?as=U…&after=<sequence>`, in order. */
export type ClientEvent = { sequence: number; at: number } & (
  | { type: "message"; message: Message }
  | { type: "message_changed"; message: Message }
  | { type: "message_deleted"; channel: string; ts: string }
  | { type: "view_opened"; view: OpenView }
  | { type: "view_updated"; view: OpenView }
  | { type: "view_closed"; viewId: string; user: string }
  | { type: "home_published"; view: OpenView }
  | { type: "faults_changed"; faults: FaultName[] }
  | { type: "person_changed"; person: Person }
  /** The state was emptied, or events were missed: load `ClientState` again. */
  | { type: "reset" }
);

/** What the bot answered to a payload, as the person's Slack client would learn it. */
export interface Delivery {
  ok: boolean;
  /** How long the bot took to acknowledge, milliseconds. */
  ackMs: number;
  /** HTTP status of the acknowledgement; null when none came within 3 s. */
  status: number | null;
  /** What Slack shows the person when it went wrong, such as "/cv failed with the error operation_timeout". */
  error: string | null;
}

/** `POST /playground/client/command` */
export interface CommandInput {
  as: string;
  channel: string;
  /** The whole line: `/cv stage …`. */
  text: string;
}

/** `POST /playground/client/message` */
export interface MessageInput {
  as: string;
  channel: string;
  text: string;
  thread_ts?: string;
}

export type Container = { type: "message"; channel: string; ts: string } | { type: "view"; viewId: string };

/** `POST /playground/client/action`; `value` is what the element carries: a chosen option, a date, a text. */
export interface ActionInput {
  as: string;
  container: Container;
  blockId: string;
  actionId: string;
  /** For selects the option's value or values, for inputs the text; absent for buttons. */
  value?: string | string[];
}

/** `POST /playground/client/view-submission`; `values[blockId][actionId]` as in `view.state.values`. */
export interface ViewSubmissionInput {
  as: string;
  viewId: string;
  values: Record<string, Record<string, unknown>>;
}

/** `POST /playground/client/view-close` */
export interface ViewCloseInput {
  as: string;
  viewId: string;
}

/** `POST /playground/client/options`: typeahead of an external select. Answers `{ options }` in Slack's shape. */
export interface OptionsInput {
  as: string;
  container: Container;
  blockId: string;
  actionId: string;
  value: string;
}

/** `GET /playground/client/portfolio?target=d1cv|ai-agent&type=technology`: its rows, deleted ones too. */
export interface PortfolioRows {
  rows: { id: string; version: string; values: Record<string, unknown>; deletedAt: string | null }[];
}

/** `GET /playground/client/search?q=…`: semantic search as ai-agent answers it. */
export interface SearchHits {
  hits: { entityType: string; id: string; name: string; score: number }[];
}

// POST /playground/client/reset: empties Slack and the databases, and seeds them again. Answers { ok: true }.

/** `POST /playground/client/home`: the person opens the app, on its Home tab unless `tab` says "messages". */
export interface HomeInput {
  as: string;
  tab?: "home" | "messages";
}

/** `POST /playground/client/shortcut`: a global shortcut of the app. */
export interface ShortcutInput {
  as: string;
  callbackId: string;
}

/** `POST /playground/client/message-shortcut`: a shortcut from a message's menu. */
export interface MessageShortcutInput {
  as: string;
  callbackId: string;
  channel: string;
  ts: string;
}

/** `POST /playground/client/account`: an admin of Slack deactivates somebody's account, or reactivates it. */
export interface AccountInput {
  as: string;
  user: string;
  active: boolean;
}

/** `POST /playground/client/uninstall`: an admin of Slack removes the app from the workspace, or the organisation. */
export interface UninstallInput {
  as: string;
}

// POST /playground/client/verify-url: the `url_verification` handshake with the bot. Answers a Delivery.
// POST /playground/client/seed: loads the portfolio if there is none. Answers { ok: true, seeded: boolean }.
// POST /playground/client/change-row: somebody else gives Python other years at both targets. Answers { ok, years }.
// POST /playground/client/tick: runs every Worker's cron. Answers { ok: true, workers: { <binding>: "ok" or error } }.

/** `POST /playground/client/fault`: something goes wrong from now on, or no longer. Answers `Faults`. */
export interface FaultInput {
  name: FaultName;
  on: boolean;
}

/** Also the answer of `POST /playground/client/faults-end`, which ends all of them. */
export interface Faults {
  faults: FaultName[];
}

/**
 * One request to the bot and its acknowledgement, or one call of the bot and our answer.
 * `GET /playground/client/exchanges` lists them newest first (`{ exchanges }`). The WebSocket
 * `GET /playground/client/exchange-socket` sends those there are, oldest first and without secrets, and then each new
 * one. An id that comes again replaces the one before. After a reset it is closed.
 */
export interface Exchange {
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  direction: "to_bot" | "from_bot";
  /** What it is: a kind of payload, a method of the Web API, or `response_url`. */
  kind: string;
  payload: unknown;
  /** HTTP status of the answer; null when none came within 3 s. */
  status: number | null;
  body: string;
  /** How long the bot took to acknowledge, milliseconds; 0 for its own calls. */
  ackMs: number;
  error: string | null;
  /** 0 at first, then which repetition this is. */
  retry: number;
}
