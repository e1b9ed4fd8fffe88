import type { Dismiss } from "./dismissed.ts";
import type { Confirm } from "@slack/types";
import { createContext, useContext } from "react";
import type { ClientState } from "../../client-protocol.ts";
import type { Client } from "./client.ts";

/** A note that only this page shows, such as Slack's answer to a command that failed. */
export interface LocalNote {
  id: string;
  channel: string;
  thread_ts: string | null;
  /** Milliseconds since the epoch. */
  atMs: number;
  text: string;
}

export interface Session {
  state: ClientState;
  client: Client;
  notes: LocalNote[];
  addNote: (note: Pick<LocalNote, "channel" | "thread_ts" | "text">) => void;
  /** Keys of notes and ephemeral messages that the person has put away. */
  dismissed: ReadonlySet<string>;
  dismiss: Dismiss;
  /** Notifies the person of a failure that belongs to no message. */
  report: (text: string) => void;
  /** Shows Slack's confirmation dialog and resolves with the answer. */
  ask: (confirm: Confirm) => Promise<boolean>;
}

export const SessionContext = createContext<Session | null>(null);

export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session around this component");
  return session;
};
