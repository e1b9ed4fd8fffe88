/** One workspace of a Slack in memory, for the rules of the Web API. */
import type { KnownBlock } from "@slack/types";
import { judgeTrigger, type Trigger } from "../../../tools/slack/tickets.ts";
import type {
  App,
  Channel,
  Message,
  MessageDraft,
  Person,
  StoredView,
  Team,
  Workspace,
} from "../../../tools/slack/workspace.ts";
import type { FakeViews, Interaction, ShownView } from "./fake-views.ts";

export interface PostedMessage {
  channel: string;
  ts: string;
  threadTs: string | null;
  /** A reply that the channel shows as well. */
  broadcast: boolean;
  /** Only this person sees it. */
  ephemeralFor: string | null;
  token: string;
  text: string;
  blocks: KnownBlock[];
  edits: number;
}

export interface SlackPerson {
  id: string;
  real_name: string;
  /** As a handle. */
  name?: string;
  deleted?: boolean;
}

/** What all workspaces of a test share. */
export interface Held {
  views: FakeViews;
  messages: PostedMessage[];
  /** Earlier looks of messages, which people may still see. */
  earlier: PostedMessage[];
  /** When each message was last written, by channel/ts. */
  writtenMs: Map<string, number>;
  /** Messages of people, by channel/ts. */
  others: Set<string>;
  /** Messages that somebody deleted, by channel/ts. */
  deleted: Set<string>;
  /** By e-mail address. */
  people: Map<string, SlackPerson>;
  /** Workspaces that do not have an address, by address. */
  elsewhere: Map<string, Set<string>>;
  teamOfChannel: Map<string, string>;
  /** The Enterprise Grid organisation of a workspace, by the workspace. */
  organisations: Map<string, string>;
  archived: Set<string>;
  /** Channels that the app is not a member of. */
  uninvited: Set<string>;
  triggers: Map<string, Trigger & { owner: Interaction }>;
  newTs: () => string;
  nowMs: () => number;
}

export const app: App = { id: "A0CVOPS001", botId: "B0CVOPS001", botUser: "U0CVOPSBOT", name: "CV Ops" };

export const teamOf = (id: string): Team => ({ id, domain: "example", name: `Team ${id}` });

const personOf = ({ id, real_name: realName, name = id.toLowerCase(), deleted = false }: SlackPerson): Person => ({
  id,
  name,
  real_name: realName,
  title: "",
  is_bot: id === app.botUser,
  tz: "Europe/Lisbon",
  tz_offset: 0,
  color: "#000000",
  deleted,
});

export class MemoryWorkspace implements Workspace {
  readonly team: Team;
  readonly app = app;
  readonly #held: Held;
  readonly #token: string;
  #names = 0;
  /** Whose trigger this call has used. */
  #opener: Interaction = null;

  /** For one call. @param token with which its messages are posted */
  constructor(held: Held, team: string, token: string) {
    this.#held = held;
    this.#token = token;
    const enterpriseId = held.organisations.get(team);
    this.team = { ...teamOf(team), ...(enterpriseId !== undefined && { enterpriseId }) };
  }

  nowMs = (): number => this.#held.nowMs();

  newName = (): string => `b${this.#names++}`;

  people = (): Person[] =>
    [...this.#held.people]
      .filter(([email]) => !this.#held.elsewhere.get(email)?.has(this.team.id))
      .map(([, person]) => personOf(person));

  /** Whoever a test speaks of is a person of its workspace, also where it does not say how they are called. */
  findPerson = (id: string): Person | null =>
    [...this.#held.people.values()].filter((person) => person.id === id).map(personOf)[0] ??
    (/^[UW][A-Z0-9]+$/.test(id) ? personOf({ id, real_name: id }) : null);

  emailOf = ({ id }: Person): string => [...this.#held.people].find(([, person]) => person.id === id)?.[0] ?? "";

  channels = (): Channel[] =>
    [...this.#held.teamOfChannel]
      .filter(([id, team]) => team === this.team.id && !id.startsWith("D"))
      .map(([id]) => this.#channel(id));

  findChannel = (id: string): Channel | null =>
    this.#held.teamOfChannel.get(id) === this.team.id ? this.#channel(id) : null;

  directMessageOf = (userId: string): Channel => {
    const id = `D${userId.slice(1)}`;
    this.#held.teamOfChannel.set(id, this.team.id);
    return this.#channel(id);
  };

  #channel(id: string): Channel {
    const isIm = id.startsWith("D");
    return { id, name: "portfolio", topic: "", is_archived: this.#held.archived.has(id), is_im: isIm };
  }

  isMember = (channelId: string): boolean => !this.#held.uninvited.has(channelId);

  findMessage = (channel: string, ts: string): Message | null => {
    const key = `${channel}/${ts}`;
    const isThis = (message: PostedMessage): boolean => message.channel === channel && message.ts === ts;
    const posted = this.#held.messages.find(isThis);
    if (posted) return this.#shown(posted);
    const gone = this.#held.deleted.has(key) ? this.#held.earlier.findLast(isThis) : undefined;
    if (gone) return { ...this.#shown(gone), deleted: true };
    return this.#held.others.has(key) ? this.#somebodys(channel, ts) : null;
  };

  #shown({ channel, ts, threadTs, text, blocks, ephemeralFor, broadcast, edits }: PostedMessage): Message {
    const replies = this.#held.messages.filter((each) => each.threadTs === ts && each.channel === channel);
    return {
      channel,
      ts,
      thread_ts: threadTs,
      user: app.botUser,
      text,
      blocks,
      edited_ts: edits > 0 ? ts : null,
      reply_count: replies.length,
      ephemeral_for: ephemeralFor,
      deleted: false,
      reply_broadcast: broadcast,
    };
  }

  #somebodys(channel: string, ts: string): Message {
    const about = { thread_ts: null, user: "U0SOMEBODY", text: "Something.", blocks: [], edited_ts: null };
    return { channel, ts, ...about, reply_count: 0, ephemeral_for: null, deleted: false };
  }

  post = ({ channel, text, blocks, ...draft }: MessageDraft): Message => {
    const posted: PostedMessage = {
      channel,
      ts: this.#held.newTs(),
      threadTs: draft.thread_ts,
      broadcast: draft.reply_broadcast,
      ephemeralFor: draft.ephemeral_for,
      token: this.#token,
      text,
      blocks: blocks as KnownBlock[],
      edits: 0,
    };
    this.#held.messages.push(posted);
    this.#written(posted);
    return this.#shown(posted);
  };

  edit = ({ channel, ts }: Message, text: string, blocks: Message["blocks"]): Message => {
    const posted = this.#held.messages.find((message) => message.channel === channel && message.ts === ts);
    if (!posted) throw new Error(`Nobody posted ${channel}/${ts}`);
    this.#held.earlier.push({ ...posted });
    Object.assign(posted, { text, blocks, edits: posted.edits + 1 });
    this.#written(posted);
    return this.#shown(posted);
  };

  #written({ channel, ts }: PostedMessage): void {
    this.#held.writtenMs.set(`${channel}/${ts}`, this.nowMs());
  }

  remove = ({ channel, ts }: Message): void => {
    const { messages } = this.#held;
    const at = messages.findIndex((message) => message.channel === channel && message.ts === ts);
    this.#held.earlier.push(...messages.splice(at, at < 0 ? 0 : 1));
    this.#held.deleted.add(`${channel}/${ts}`);
  };

  findView = (id: string): ShownView | null =>
    [...this.#held.views.stack, ...this.#held.views.allHomes].find((view) => view.id === id) ?? null;

  findViewByExternalId = (externalId: string): ShownView | null =>
    this.#held.views.stack.find(({ view }) => view.external_id === externalId) ?? null;

  openModals = (userId: string): ShownView[] => this.#held.views.stack.filter(({ user }) => user === userId);

  homeOf = (userId: string): ShownView | null => this.#held.views.homeOf(this.team.id, userId);

  addView = (userId: string, view: Record<string, unknown>, below: StoredView | null): ShownView => {
    const home = { workspaceId: this.team.id, userId, channel: "" };
    return this.#held.views.show(view, view["type"] === "home" ? home : this.#opener, userId, below);
  };

  replaceView = (current: StoredView, view: Record<string, unknown>): StoredView => {
    this.#held.views.replace(current, view);
    return current;
  };

  closeModals = (userId: string): void => {
    for (const modal of this.openModals(userId)) modal.isClosed = true;
  };

  /** A test says itself what is in the inputs. */
  statesOf = (): Record<string, never> => ({});

  exchangeTrigger = (id: string): ReturnType<typeof judgeTrigger> => {
    const trigger = this.#held.triggers.get(id);
    const isForeign = trigger?.owner && trigger.owner.workspaceId !== this.team.id;
    const judged = judgeTrigger(isForeign ? null : trigger, this.nowMs());
    if (judged.ok && trigger) {
      trigger.isExchanged = true;
      this.#opener = trigger.owner;
    }
    return judged;
  };
}
