/** The workspace, its people and its channels: docs.slack.dev/reference/methods, `users.*` and `conversations.*`. */
import type { JsonObject } from "../json.ts";
import { type Channel, findActor, type Person, type Workspace } from "../workspace.ts";
import { argument, flagArgument, type Method, refuse, refuseArgument } from "./method.ts";

type Directory = Pick<Workspace, "team" | "app" | "emailOf">;

/** Of a deactivated person Slack says less: no time zone, no colour, no role. */
export const toApiUser = ({ team, app, emailOf }: Directory, person: Person): JsonObject => ({
  id: person.id,
  team_id: team.id,
  name: person.name,
  deleted: person.deleted === true,
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
  is_bot: person.is_bot,
  is_app_user: false,
  updated: 1_700_000_000,
  ...(person.deleted ? {} : ofAnActiveAccount(person)),
});

const ofAnActiveAccount = (person: Person): JsonObject => ({
  color: person.color.slice(1),
  real_name: person.real_name,
  tz: person.tz,
  tz_label: "Western European Time",
  tz_offset: person.tz_offset,
  is_admin: person.title === "admin",
  is_owner: person.title === "admin",
  is_restricted: false,
});

const toApiChannel = (workspace: Workspace, channel: Channel): JsonObject =>
  channel.is_im
    ? {
        id: channel.id,
        created: 1_700_000_000,
        is_im: true,
        is_archived: false,
        user: ownerOf(workspace, channel),
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
        is_member: !channel.is_archived && workspace.isMember(channel.id),
        created: 1_700_000_000,
        creator: "U0CARLA01",
        topic: { value: channel.topic, creator: "U0CARLA01", last_set: 1_700_000_000 },
        purpose: { value: "", creator: "", last_set: 0 },
        num_members: membersOf(workspace, channel).length,
      };

/** Who alone sees a conversation; null when everyone does. */
const ownerOf = (workspace: Workspace, channel: Channel): string | null =>
  channel.is_im
    ? (workspace.people().find(({ id }) => workspace.directMessageOf(id).id === channel.id)?.id ?? null)
    : null;

const onePage = { response_metadata: { next_cursor: "" } };

const listedTypes = (workspace: Workspace, types: string): Channel[] => {
  const named = new Set((types || "public_channel").split(",").map((type) => type.trim()));
  const people = workspace.people().filter((person) => !person.is_bot);
  return [
    ...(named.has("public_channel") ? workspace.channels() : []),
    ...(named.has("im") ? people.map((person) => workspace.directMessageOf(person.id)) : []),
  ];
};

const membersOf = (workspace: Workspace, channel: Channel): string[] => {
  const owner = ownerOf(workspace, channel);
  const everyone = workspace.people().filter(({ id, deleted }) => id !== "USLACKBOT" && !deleted);
  return owner ? [owner, workspace.app.botUser] : everyone.map((person) => person.id);
};

export const workspaceMethods: Record<string, Method> = {
  "api.test": {
    tier: "tier4",
    run: (_workspace, args) => (args["error"] ? refuse(argument(args, "error"), { args }) : { ok: true, args }),
  },
  "auth.test": {
    tier: "special",
    run: ({ team, app }, _args, origin) => ({
      ok: true,
      url: `${origin}/`,
      team: team.name,
      user: "cvops",
      team_id: team.id,
      user_id: app.botUser,
      bot_id: app.botId,
      ...(team.enterpriseId && { enterprise_id: team.enterpriseId }),
      is_enterprise_install: team.isOrgWide === true,
    }),
  },
  "team.info": {
    tier: "tier3",
    run: ({ team }) => ({ ok: true, team: { id: team.id, name: team.name, domain: team.domain } }),
  },
  "users.info": {
    tier: "tier4",
    run: (workspace, args) => {
      const person = workspace.findPerson(argument(args, "user"));
      return person ? { ok: true, user: toApiUser(workspace, person) } : refuse("user_not_found");
    },
  },
  "users.lookupByEmail": {
    tier: "tier3",
    run: (workspace, args) => {
      const email = argument(args, "email").toLowerCase();
      // A deactivated person is not found by an address.
      const person = workspace
        .people()
        .find((each) => !each.is_bot && !each.deleted && workspace.emailOf(each).toLowerCase() === email);
      return person ? { ok: true, user: toApiUser(workspace, person) } : refuse("users_not_found");
    },
  },
  "users.list": {
    tier: "tier3",
    run: (workspace, args) => {
      const all = workspace.people();
      const from = Number(argument(args, "cursor"));
      const to = from + (Number(argument(args, "limit")) || all.length);
      return {
        ok: true,
        members: all.slice(from, to).map((person) => toApiUser(workspace, person)),
        cache_ts: Math.floor(workspace.nowMs() / 1000),
        response_metadata: { next_cursor: to < all.length ? String(to) : "" },
      };
    },
  },
  "conversations.info": {
    tier: "tier3",
    run: (workspace, args) => {
      const channel = workspace.findChannel(argument(args, "channel"));
      return channel ? { ok: true, channel: toApiChannel(workspace, channel) } : refuse("channel_not_found");
    },
  },
  "conversations.list": {
    tier: "tier3",
    run: (workspace, args) => {
      const found = listedTypes(workspace, argument(args, "types"));
      const channels = flagArgument(args, "exclude_archived") ? found.filter((channel) => !channel.is_archived) : found;
      return { ok: true, channels: channels.map((channel) => toApiChannel(workspace, channel)), ...onePage };
    },
  },
  "conversations.members": {
    tier: "tier4",
    run: (workspace, args) => {
      const channel = workspace.findChannel(argument(args, "channel"));
      return channel ? { ok: true, members: membersOf(workspace, channel), ...onePage } : refuse("channel_not_found");
    },
  },
  "conversations.open": {
    tier: "tier3",
    run: (workspace, args) => {
      const users = argument(args, "users").split(",").filter(Boolean);
      if (users.length !== 1) return refuseArgument("must provide exactly one user [json-pointer:/users]");
      const [id = ""] = users;
      if (workspace.findPerson(id)?.deleted) return refuse("user_disabled");
      const user = findActor(workspace, id);
      if (!user) return refuse("user_not_found");
      const channel = toApiChannel(workspace, workspace.directMessageOf(user.id));
      return { ok: true, no_op: true, already_open: true, channel };
    },
  },
};
