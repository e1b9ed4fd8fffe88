/** The one fictional workspace: its people, channels and the installed app. */
import { type CastMember, cast } from "../cast.ts";
import type { App, Channel, Person, Team } from "../../slack/workspace.ts";

export const team: Team = { id: "T0CVOPS01", domain: "noor-vega", name: "Noor Vega's portfolio" };

export const app = {
  id: "A0CVOPS001",
  botId: "B0CVOPS001",
  botUser: "U0CVOPSBOT",
  name: "CV Ops",
} as const satisfies App;

export const commands: readonly string[] = ["/cv"];

export const slackbot = "USLACKBOT";

const person = (id: string, name: string, realName: string, title: string, color: string, isBot = false): Person => ({
  id,
  name,
  real_name: realName,
  title,
  is_bot: isBot,
  tz: "Europe/Lisbon",
  tz_offset: 0,
  color,
});

const member = ({ id, name, realName }: CastMember, title: string, color: string): Person =>
  person(id, name.toLowerCase(), realName, title, color);

export const people: readonly Person[] = [
  member(cast.avery, "author", "#2f6f4f"),
  member(cast.priya, "approver", "#8a3ffc"),
  member(cast.carla, "admin", "#b5460f"),
  member(cast.viktor, "viewer", "#0f62a8"),
  person(app.botUser, "cvops", app.name, "app", "#1d1c1d", true),
  person(slackbot, "slackbot", "Slackbot", "Slack", "#611f69", true),
];

const channels: readonly Channel[] = [
  {
    id: "C0PORTFOL1",
    name: "portfolio",
    topic: "Changes to the portfolio: staged, reviewed, pushed",
    is_archived: false,
  },
  { id: "C0GENERAL1", name: "general", topic: "Everything else", is_archived: false },
  { id: "C0NEWS0001", name: "news", topic: "Nobody has invited the app here yet", is_archived: false },
  { id: "C0ARCHIVE1", name: "archive", topic: "Closed", is_archived: true },
];

/** An app that may not post everywhere posts where it is a member: here, from the beginning or by invitation. */
export const uninvited: ReadonlySet<string> = new Set(["C0NEWS0001"]);

export const findPerson = (id: string): Person | null => people.find((person) => person.id === id) ?? null;

/** By which Slack and who signs people in know them. */
export const emailOf = ({ name }: Pick<Person, "name">): string => `${name}@noor-vega.example`;

/** Of this Slack itself; what somebody may do in the app is the app's own. */
export const isAdmin = ({ title }: Pick<Person, "title">): boolean => title === "admin";

/** A person who can act: not a bot. */
export const findActor = (id: string): Person | null => {
  const found = findPerson(id);
  return found && !found.is_bot ? found : null;
};

const directMessageId = (userId: string): string => `D${userId.slice(1)}`;

/** The direct-message conversation of a person with the bot. */
export const directMessageOf = (userId: string): Channel => ({
  id: directMessageId(userId),
  name: "cvops",
  topic: `Direct messages with ${app.name}`,
  is_archived: false,
  is_im: true,
});

/** Who alone sees a conversation; null when everyone does. */
export const ownerOf = (channelId: string): string | null =>
  people.find((person) => directMessageId(person.id) === channelId)?.id ?? null;

export const findChannel = (id: string): Channel | null => {
  const owner = ownerOf(id);
  return owner ? directMessageOf(owner) : (channels.find((channel) => channel.id === id) ?? null);
};

export const publicChannels = (): Channel[] => [...channels];

export const channelsOf = (userId: string): Channel[] => [...channels, directMessageOf(userId)];

export const mayRead = (channelId: string, userId: string): boolean => {
  const owner = ownerOf(channelId);
  return owner === null || owner === userId;
};
