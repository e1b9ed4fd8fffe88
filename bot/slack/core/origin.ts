/**
 * Whose payload it is. In a channel that organisations share, Slack names the workspace of the person who acted in some
 * fields and the one that the app is installed in in others (docs.slack.dev, "Understanding Slack Connect"; bolt-js
 * #1614, java-slack-sdk #629 and #1041). Read before the shape is checked: what is not there is "".
 */
import type { Body } from "./payload.ts";

/** The text at a path: "" where there is none. */
const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return "";
    found = (found as Record<string | number, unknown>)[key];
  }
  return typeof found === "string" ? found : "";
};

/** The workspace that the app is installed in. */
export const workspaceOf = (body: Body): string =>
  textAt(body, "view", "app_installed_team_id") ||
  textAt(body, "authorizations", 0, "team_id") ||
  textAt(body, "team_id") ||
  textAt(body, "team", "id") ||
  // There is no `team` where the app is installed for a whole organisation.
  textAt(body, "user", "team_id") ||
  // Where it is uninstalled for all of one, no workspace is named at all.
  (organisationOf(body) ?? "");

/** Whose org-wide installation the payload comes by; null where the workspace has the app itself. */
export const organisationOf = (body: Body): string | null => {
  const authorization = (body["authorizations"] as unknown[] | undefined)?.[0];
  const isOrgWide = [body["is_enterprise_install"], flagIn(authorization)].some(
    (flag) => flag === true || flag === "true",
  );
  if (!isOrgWide) return null;
  return (
    textAt(body, "authorizations", 0, "enterprise_id") ||
    textAt(body, "enterprise", "id") ||
    textAt(body, "enterprise_id") ||
    null
  );
};

const flagIn = (authorization: unknown): unknown =>
  typeof authorization === "object" && authorization !== null && "is_enterprise_install" in authorization
    ? authorization.is_enterprise_install
    : undefined;

/**
 * Whether somebody of another organisation has acted, in a channel that it shares with the workspace; null while Slack
 * has not said to which organisation the workspace belongs. A payload does not say it: its `enterprise` may be that of
 * whoever acted, as its `team` may be.
 */
export const isStranger = async (
  body: Body,
  ownOrganisation: () => Promise<{ organisation: string | null } | null>,
): Promise<boolean | null> => {
  const home =
    textAt(body, "user", "team_id") ||
    textAt(body, "event", "user_team") ||
    textAt(body, "event", "source_team") ||
    textAt(body, "event", "team");
  if (home === "" || home === workspaceOf(body)) return false;
  // The workspaces of one organisation have their people in common, whose home may be the organisation itself.
  const organisations = [home, textAt(body, "user", "enterprise_id")].filter((id) => id.startsWith("E"));
  if (organisations.length === 0) return true;
  const own = await ownOrganisation();
  return own && (own.organisation === null || !organisations.includes(own.organisation));
};
