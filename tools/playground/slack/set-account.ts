/** Deactivation. The app learns it by `user_change`, and by nothing else. */
import { toApiUser } from "../../slack/web-api/workspace.ts";
import type { AccountInput, Delivery } from "../client-protocol.ts";
import { asItIs, isDeactivated } from "./accounts.ts";
import { notSent, toDelivery } from "./deliver.ts";
import { sendEvent } from "./events-api.ts";
import { nextTimestamp } from "./ids.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";
import { findActor, isAdmin } from "./workspace.ts";

/** An admin of Slack deactivates somebody's account, or reactivates it. */
export const setAccount = async (slack: Slack, origin: string, input: AccountInput): Promise<Delivery> => {
  const actor = findActor(input.as);
  const person = findActor(input.user);
  if (!actor || !person) return notSent("There is no such person.");
  if (!isAdmin(actor)) return notSent("Only admins of this Slack manage accounts.");
  if (isAdmin(person)) return notSent("The account of the owner of this Slack cannot be deactivated.");
  if (isDeactivated(slack, person.id) !== input.active) return { ok: true, ackMs: 0, status: null, error: null };
  const { sql, now, publish } = slack;
  if (input.active) sql.exec("DELETE FROM deactivated WHERE user = ?", person.id);
  else sql.exec("INSERT INTO deactivated (user) VALUES (?)", person.id);
  publish(null, { type: "person_changed", person: asItIs(slack, person) });
  // Their own page has another Slack from now on: none, or all of it again.
  publish(person.id, { type: "reset" });
  const ack = await sendEvent(slack, origin, {
    type: "user_change",
    user: toApiUser(workspaceIn(slack), asItIs(slack, person)),
    cache_ts: Math.floor(now() / 1000),
    event_ts: nextTimestamp(slack),
  });
  return toDelivery(slack, ack, ack.failure);
};
