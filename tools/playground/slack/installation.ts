/** Whether the app is installed in a workspace, its codes and tokens. */
import type { Secret, SecretStore } from "../../slack/oauth.ts";
import { parseOwn } from "../../slack/json.ts";
import type { Team } from "../../slack/workspace.ts";
import type { Channel } from "../client-protocol.ts";
import type { Slack } from "./slack.ts";
import {
  directMessageOf,
  findActor,
  findChannel,
  isAdmin,
  ownerOf,
  workspaceOfPerson,
  workspaces,
} from "./workspace.ts";

type SecretRow = { kind: Secret["kind"]; granted: string; untilMs: number | null; ended: string | null };

export const secretsIn = (sql: SqlStorage): SecretStore => ({
  find: (text) => {
    const [row] = sql
      .exec<SecretRow>("SELECT kind, granted, until_ms AS untilMs, ended FROM secrets WHERE text = ?", text)
      .toArray();
    return row ? { ...row, grant: parseOwn<Secret["grant"]>(row.granted) } : null;
  },
  put: (text, { kind, grant, untilMs, ended }) => {
    sql.exec(
      "INSERT INTO secrets (text, kind, place, granted, until_ms, ended) VALUES (?, ?, ?, ?, ?, ?)",
      text,
      kind,
      (grant.place ?? grant.enterprise)?.id ?? "",
      JSON.stringify(grant),
      untilMs,
      ended,
    );
  },
  end: (text, because) => {
    sql.exec("UPDATE secrets SET ended = ? WHERE text = ? AND ended IS NULL", because, text);
  },
  endAll: (place, because) => {
    sql.exec("UPDATE secrets SET ended = ? WHERE place = ? AND ended IS NULL", because, place);
  },
  botTokens: (place) =>
    sql
      .exec<{ text: string }>(
        "SELECT text FROM secrets WHERE kind = 'bot' AND place = ? AND ended IS NULL ORDER BY position",
        place,
      )
      .toArray()
      .map(({ text }) => text),
});

const isOrgWide = ({ oauth, own: { team } }: Slack): boolean =>
  team.enterpriseId !== undefined && oauth.tokenOf(team.enterpriseId) !== null;

export const isInstalled = (slack: Slack): boolean =>
  slack.oauth.tokenOf(slack.own.team.id) !== null || isOrgWide(slack);

/** As payloads say it. */
export const teamIn = (slack: Slack): Team => ({ ...slack.own.team, ...(isOrgWide(slack) && { isOrgWide: true }) });

export const channelIn = (slack: Slack, id: string): Channel | null => {
  const owner = ownerOf(id);
  if (owner !== null) return workspaceOfPerson(owner) === slack.own ? findChannel(id) : null;
  return slack.own.channels.find((each) => each.id === id) ?? null;
};

export const channelsSeenBy = (slack: Slack, userId: string): Channel[] => [
  ...slack.own.channels,
  ...(isInstalled(slack) ? [directMessageOf(userId)] : []),
];

/** The app is installed in the first workspace by its settings, whose token somebody has given the bot. */
export const installBySettings = ({ sql, own }: Slack, botToken: string): void => {
  if (own !== workspaces[0]) return;
  const grant = {
    place: { id: own.team.id, name: own.team.name },
    enterprise: null,
    userId: own.people.find(isAdmin)?.id ?? "",
    redirectUri: "",
    state: "",
    scope: "chat:write,commands",
    userScope: "",
    team: null,
  };
  const secrets = secretsIn(sql);
  if (secrets.find(botToken) === null) secrets.put(botToken, { kind: "bot", grant, untilMs: null, ended: null });
};

/**
 * Somebody agrees to what an app asks for.
 * @returns where the browser goes, or the error that Slack shows instead
 */
export const agree = (
  { oauth, own }: Slack,
  url: URL,
  { userId, orgWide }: { userId: string; orgWide: boolean },
): { location: string } | { error: string } => {
  const { id, name, enterpriseId, enterpriseName = "" } = own.team;
  const enterprise = enterpriseId === undefined ? null : { id: enterpriseId, name: enterpriseName };
  const person = findActor(userId);
  if (orgWide && (enterprise === null || !person || !isAdmin(person))) return { error: "not_an_org_admin" };
  if (!orgWide && enterprise !== null && oauth.tokenOf(enterprise.id) !== null)
    return { error: "cannot_install_an_org_installed_app" };
  return oauth.authorize(url, { team: orgWide ? null : { id, name }, enterprise, userId });
};
