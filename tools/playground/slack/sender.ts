import type { Sender } from "../../slack/payloads.ts";
import type { Person } from "../../slack/workspace.ts";
import { app, team } from "./workspace.ts";

/** A person of the local workspace as payloads name them. */
export const senderOf = (person: Pick<Person, "id" | "name">): Sender => ({ team, app, user: person });
