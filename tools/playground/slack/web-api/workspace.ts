import type { Channel, Person } from "../../client-protocol.ts";
import { isMember } from "../membership.ts";
import type { Slack } from "../slack.ts";
import type { JsonObject } from "../json.ts";
import {
  app,
  channelsOf,
  directMessageOf,
  emailOf,
  findActor,
  findChannel,
  findPerson,
  ownerOf,
  people,
  publicChannels,
  team,
} from "../workspace.ts";
import { argument, flagArgument, type Method, refuse, refuseArgument } from "./method.ts";

const toApiUser = (person: Person): JsonObject => ({
  id: person.id,
  team_id: team.id,
  name: person.name,
  deleted: false,
  color: person.color.slice(1),
  real_name: person.real_name,
  tz: person.tz,
  tz_label: "Western European Time",
  tz_offset: person.tz_offset,
  profile: {
    title: person.title,
    real_name: person.real_name,
    real_name_normalized: person.real_name,
    display_name: person.name,
    display_name_normalized: person.name,
    team: team.id,
    ...(person.is_bot ? {} : { email: emailOf(person) }),
    ...(person.id === app.botUser ? { api_app_id: app.id, bot_id: app.botId } : {}),
  },
  is_admin: person.title === "admin",
  is_owner: person.title === "admin",
  is_restricted: false,
  is_bot: person.is_bot,
  is_app_user: false,
  updated: 1_700_000_000,
});

const toApiChannel = (slack: Slack, channel: Channel): JsonObject =>
  channel.is_im
    ? {
        id: channel.id,
        created: 1_700_000_000,
        is_im: true,
        is_archived: false,
        user: ownerOf(channel.id),
        is_open: true,
      }
    : {
        id: channel.id,
        name: channel.name,
        name_normalized: channel.name,
        is_channel: true,
        is_group: false,
        is_im: false,
        is_mpim: false,
        is_private: false,
        is_archived: channel.is_archived,
        is_general: channel.name === "general",
        is_member: !channel.is_archived && isMember(slack, channel.id),
        created: 1_700_000_000,
        creator: "U0CARLA01",
        topic: { value: channel.topic, creator: "U0CARLA01", last_set: 1_700_000_000 },
        purpose: { value: "", creator: "", last_set: 0 },
        num_members: people.length - 1,
      };

const onePage = { response_metadata: { next_cursor: "" } };

const listedTypes = (types: string): Channel[] => {
  const wanted = new Set((types || "public_channel").split(",").map((type) => type.trim()));
  return [
    ...(wanted.has("public_channel") ? publicChannels() : []),
    ...(wanted.has("im") ? people.filter((person) => !person.is_bot).map((person) => directMessageOf(person.id)) : []),
  ];
};

const membersOf = (channel: Channel): string[] => {
  const owner = ownerOf(channel.id);
  const everyone = people.filter((person) => person.id !== "USLACKBOT").map((person) => person.id);
  return owner ? [owner, app.botUser] : everyone;
};

export const workspaceMethods: Record<string, Method> = {
  "api.test": {
    tier: "tier4",
    run: (_slack, args) => (args["error"] ? refuse(argument(args, "error"), { args }) : { ok: true, args }),
  },
  "auth.test": {
    tier: "special",
    run: (_slack, _args, origin) => ({
      ok: true,
      url: `${origin}/`,
      team: team.name,
      user: "cvops",
      team_id: team.id,
      user_id: app.botUser,
      bot_id: app.botId,
      is_enterprise_install: false,
    }),
  },
  "team.info": {
    tier: "tier3",
    run: () => ({ ok: true, team: { id: team.id, name: team.name, domain: team.domain } }),
  },
  "users.info": {
    tier: "tier4",
    run: (_slack, args) => {
      const person = findPerson(argument(args, "user"));
      return person ? { ok: true, user: toApiUser(person) } : refuse("user_not_found");
    },
  },
  "users.lookupByEmail": {
    tier: "tier3",
    run: (_slack, args) => {
      const email = argument(args, "email").toLowerCase();
      const person = people.find((each) => !each.is_bot && emailOf(each) === email);
      return person ? { ok: true, user: toApiUser(person) } : refuse("users_not_found");
    },
  },
  "users.list": {
    tier: "tier3",
    run: (slack) => ({
      ok: true,
      members: people.map(toApiUser),
      cache_ts: Math.floor(slack.now() / 1000),
      ...onePage,
    }),
  },
  "conversations.info": {
    tier: "tier3",
    run: (slack, args) => {
      const channel = findChannel(argument(args, "channel"));
      return channel ? { ok: true, channel: toApiChannel(slack, channel) } : refuse("channel_not_found");
    },
  },
  "conversations.list": {
    tier: "tier3",
    run: (slack, args) => {
      const found = listedTypes(argument(args, "types"));
      const channels = flagArgument(args, "exclude_archived") ? found.filter((channel) => !channel.is_archived) : found;
      return { ok: true, channels: channels.map((channel) => toApiChannel(slack, channel)), ...onePage };
    },
  },
  "conversations.members": {
    tier: "tier4",
    run: (_slack, args) => {
      const channel = findChannel(argument(args, "channel"));
      return channel ? { ok: true, members: membersOf(channel), ...onePage } : refuse("channel_not_found");
    },
  },
  "conversations.open": {
    tier: "tier3",
    run: (slack, args) => {
      const users = argument(args, "users").split(",").filter(Boolean);
      if (users.length !== 1) return refuseArgument("must provide exactly one user [json-pointer:/users]");
      const user = findActor(users[0] ?? "");
      if (!user) return refuse("user_not_found");
      const known = channelsOf(user.id).find((channel) => channel.is_im);
      return {
        ok: true,
        no_op: true,
        already_open: true,
        channel: toApiChannel(slack, known ?? directMessageOf(user.id)),
      };
    },
  },
};
