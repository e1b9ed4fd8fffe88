/** The fictional workspaces: their people, channels and the app. Ids are of one workspace each, the app's own apart. */
import { type CastMember, cast } from "../cast.ts";
import type { App, Channel, Person, Team } from "../../slack/workspace.ts";

export interface LocalWorkspace {
  team: Team;
  /** Bots too. */
  people: readonly Person[];
  channels: readonly Channel[];
  /** An app that may not post everywhere posts where it is a member: here, from the beginning or by invitation. */
  uninvited: ReadonlySet<string>;
}

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

const bots: readonly Person[] = [
  person(app.botUser, "cvops", app.name, "app", "#1d1c1d", true),
  person(slackbot, "slackbot", "Slackbot", "Slack", "#611f69", true),
];

const channel = (id: string, name: string, topic: string): Channel => ({ id, name, topic, is_archived: false });

/** The app is installed in it from the beginning. */
const noorVega: LocalWorkspace = {
  team: { id: "T0CVOPS01", domain: "noor-vega", name: "Noor Vega's portfolio" },
  people: [
    member(cast.avery, "author", "#2f6f4f"),
    member(cast.priya, "approver", "#8a3ffc"),
    member(cast.carla, "admin", "#b5460f"),
    member(cast.viktor, "viewer", "#0f62a8"),
    ...bots,
  ],
  channels: [
    channel("C0PORTFOL1", "portfolio", "Changes to the portfolio: staged, reviewed, pushed"),
    channel("C0GENERAL1", "general", "Everything else"),
    channel("C0NEWS0001", "news", "Nobody has invited the app here yet"),
    { ...channel("C0ARCHIVE1", "archive", "Closed"), is_archived: true },
  ],
  uninvited: new Set(["C0NEWS0001"]),
};

const fenAndAsh: LocalWorkspace = {
  team: { id: "T0FENASH1", domain: "fen-ash", name: "Fen & Ash Studio" },
  people: [
    person("U0MINAOK1", "mina", "Mina Okafor", "admin", "#7a3b69"),
    person("U0TOMASF1", "tomas", "Tomas Fenn", "designer", "#1f7a8c"),
    ...bots,
  ],
  channels: [channel("C0FENCV001", "cv", "Our portfolio"), channel("C0FENGEN01", "general", "Everything else")],
  uninvited: new Set(["C0FENCV001", "C0FENGEN01"]),
};

/** Of an organisation (Enterprise Grid), which may install an app for all of its workspaces: here it has one. */
const halden: LocalWorkspace = {
  team: {
    id: "T0HALDEN1",
    domain: "halden",
    name: "Halden Research",
    enterpriseId: "E0HALDEN1",
    enterpriseName: "Halden Group",
  },
  people: [
    person("U0IDAHAL1", "ida", "Ida Halden", "admin", "#8f4a1f"),
    person("U0JONASB1", "jonas", "Jonas Berg", "researcher", "#3a5a9b"),
    ...bots,
  ],
  channels: [channel("C0HALCV001", "profiles", "Who we are"), channel("C0HALGEN01", "general", "Everything else")],
  uninvited: new Set(["C0HALCV001", "C0HALGEN01"]),
};

export const workspaces = [noorVega, fenAndAsh, halden] as const satisfies readonly LocalWorkspace[];

/** Of the first one, which the demo and the guide are about. */
export const { team, people } = noorVega;

/** The workspace that an id, or any text with one in it, belongs to. */
export const workspaceNamed = (text: string): LocalWorkspace | null =>
  workspaces.find(({ team: { id, enterpriseId = id } }) => text.includes(id) || text.includes(enterpriseId)) ?? null;

export const workspaceOfPerson = (userId: string): LocalWorkspace | null =>
  workspaces.find((each) => each.people.some((one) => one.id === userId && !one.is_bot)) ?? null;

const everybody = workspaces.flatMap((each): readonly Person[] => each.people);
const allChannels = workspaces.flatMap((each): readonly Channel[] => each.channels);

export const findPerson = (id: string): Person | null => everybody.find((person) => person.id === id) ?? null;

/** By which Slack and who signs people in know them. */
export const emailOf = ({ id, name }: Pick<Person, "id" | "name">): string =>
  `${name}@${(workspaceOfPerson(id) ?? noorVega).team.domain}.example`;

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
  everybody.find((person) => directMessageId(person.id) === channelId)?.id ?? null;

export const findChannel = (id: string): Channel | null => {
  const owner = ownerOf(id);
  return owner ? directMessageOf(owner) : (allChannels.find((each) => each.id === id) ?? null);
};

export const mayRead = (channelId: string, userId: string): boolean => {
  const owner = ownerOf(channelId);
  return owner === null || owner === userId;
};
