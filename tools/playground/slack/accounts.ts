/** Accounts that an admin of this Slack has deactivated. */
import type { Person } from "../client-protocol.ts";
import type { Slack } from "./slack.ts";
import { isInstalled } from "./installation.ts";
import { app } from "./workspace.ts";

export const isDeactivated = ({ sql }: Slack, userId: string): boolean =>
  sql.exec("SELECT 1 FROM deactivated WHERE user = ?", userId).toArray().length > 0;

export const asItIs = (slack: Slack, person: Person): Person => ({
  ...person,
  deleted: isDeactivated(slack, person.id),
});

/** The app's bot is one of them while the app is installed. */
export const everybody = (slack: Slack): Person[] =>
  slack.own.people.filter(({ id }) => id !== app.botUser || isInstalled(slack)).map((person) => asItIs(slack, person));

export const signedOut = "Your account has been deactivated.";
