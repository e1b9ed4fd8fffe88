import type { Sender } from "../../slack/payloads.ts";
import type { Person } from "../../slack/workspace.ts";
import { teamIn } from "./installation.ts";
import type { Slack } from "./slack.ts";
import { app } from "./workspace.ts";

/** A person of a local workspace as payloads name them. */
export const senderOf = (slack: Slack, person: Pick<Person, "id" | "name">): Sender => ({
  team: teamIn(slack),
  app,
  user: person,
});
