/** One workspace as the Web API sees it. Rules are in `web-api/`; who keeps the data implements `Workspace`. */
import type { Block, KnownBlock, View } from "@slack/types";
import type { Exchanged } from "./tickets.ts";

export interface Team {
  id: string;
  domain: string;
  name: string;
  /** The Enterprise Grid organisation that it belongs to. */
  enterpriseId?: string;
  enterpriseName?: string;
  /** Whether the organisation has installed the app for all of its workspaces. */
  isOrgWide?: boolean;
}

export interface App {
  id: string;
  botId: string;
  botUser: string;
  /** As people read it. */
  name: string;
}

export interface Person {
  id: string;
  name: string;
  real_name: string;
  /** Shown under the name: what this persona is for, such as "author" or "approver". */
  title: string;
  is_bot: boolean;
  tz: string;
  tz_offset: number;
  /** A CSS colour for the avatar. */
  color: string;
  /** An admin of Slack has deactivated the account. */
  deleted?: boolean;
}

export interface Channel {
  id: string;
  name: string;
  topic: string;
  is_archived: boolean;
  /** True for a person's direct messages with the bot, which only that person has. */
  is_im?: boolean;
}

export interface Message {
  channel: string;
  ts: string;
  thread_ts: string | null;
  user: string;
  text: string;
  blocks: (KnownBlock | Block)[];
  edited_ts: string | null;
  reply_count: number;
  /** User id of the only person who sees it, or null when everyone in the channel does. */
  ephemeral_for: string | null;
  deleted: boolean;
  /** A reply in a thread that is shown in the channel too. */
  reply_broadcast?: boolean;
}

export type MessageDraft = Pick<Message, "channel" | "user" | "text" | "blocks" | "thread_ts" | "ephemeral_for"> & {
  reply_broadcast: boolean;
};

/** A modal or a Home tab as one person has it before them. */
export interface StoredView {
  id: string;
  user: string;
  hash: string;
  view: View;
  rootId: string;
  previousId: string | null;
}

/** `state.values` of a view or message: by block id, then by action id. */
export type States = Record<string, Record<string, Record<string, unknown>>>;

export interface Workspace {
  readonly team: Team;
  readonly app: App;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** A name for a block or an element that an app left without one. */
  newName: () => string;

  people: () => readonly Person[];
  /** A bot too; null where nobody has that id. */
  findPerson: (id: string) => Person | null;
  emailOf: (person: Person) => string;

  /** Without direct messages. */
  channels: () => readonly Channel[];
  findChannel: (id: string) => Channel | null;
  /** The direct messages of a person with the app. */
  directMessageOf: (userId: string) => Channel;
  isMember: (channelId: string) => boolean;

  /** A deleted one too. */
  findMessage: (channel: string, ts: string) => Message | null;
  post: (draft: MessageDraft) => Message;
  edit: (message: Message, text: string, blocks: Message["blocks"]) => Message;
  remove: (message: Message) => void;

  findView: (id: string) => StoredView | null;
  findViewByExternalId: (externalId: string) => StoredView | null;
  /** A person's modals, the one on top last. */
  openModals: (userId: string) => StoredView[];
  homeOf: (userId: string) => StoredView | null;
  /** Shows a validated view on top of `below`, else as the bottom of a new stack. */
  addView: (userId: string, view: Record<string, unknown>, below: StoredView | null) => StoredView;
  replaceView: (current: StoredView, view: Record<string, unknown>) => StoredView;
  closeModals: (userId: string) => void;
  /** What the person has put into the view so far. */
  statesOf: (view: StoredView) => States;
  /** Uses a trigger up. */
  exchangeTrigger: (id: string) => Exchanged;
}

/** A person who can act: neither a bot nor deactivated. */
export const findActor = (workspace: Pick<Workspace, "findPerson">, id: string): Person | null => {
  const found = workspace.findPerson(id);
  return found && !found.is_bot && !found.deleted ? found : null;
};
