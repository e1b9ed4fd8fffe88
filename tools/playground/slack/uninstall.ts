/** The app is removed from a workspace, or from its organisation. */
import type { Delivery, UninstallInput } from "../client-protocol.ts";
import { notSent, toDelivery } from "./deliver.ts";
import { sendEventAnyway } from "./events-api.ts";
import { nextTimestamp } from "./ids.ts";
import { isInstalled, teamIn } from "./installation.ts";
import type { Slack } from "./slack.ts";
import { app, findActor, isAdmin } from "./workspace.ts";

/** An admin of Slack removes the app. The app gets two events, with its tokens gone already. */
export const uninstall = async (slack: Slack, origin: string, { as }: UninstallInput): Promise<Delivery> => {
  const actor = findActor(as);
  if (!actor || !isAdmin(actor)) return notSent("Only admins of this Slack remove apps.");
  if (!isInstalled(slack)) return notSent(`${app.name} is not installed in this workspace.`);
  const team = teamIn(slack);
  // The event names the installation that it had.
  const about = { ...slack, own: { ...slack.own, team } };
  slack.oauth.uninstall(team.isOrgWide ? (team.enterpriseId ?? "") : team.id);
  slack.publish(null, { type: "reset" });
  const event_ts = nextTimestamp(slack);
  const revoked = { type: "tokens_revoked", tokens: { oauth: [], bot: [app.botUser] }, event_ts };
  await sendEventAnyway(about, origin, revoked);
  const ack = await sendEventAnyway(about, origin, { type: "app_uninstalled", event_ts: nextTimestamp(slack) });
  return toDelivery(slack, ack, ack.failure);
};
