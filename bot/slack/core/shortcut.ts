/** An entry of Slack's menus, and what it gets when somebody chooses it. */
import type { WebClient } from "@slack/web-api";
import type { OpenModal } from "./modals/modal.ts";
import type { RequestContext } from "./request-context.ts";

export interface ShortcutMessage {
  channelId: string;
  ts: string;
  /** `ts` of the thread that it stands in; null for a message of its own. */
  threadTs: string | null;
  /** As Slack sends it: with its entities. */
  text: string;
  /** Null for an app's message. */
  author: string | null;
}

export interface ShortcutCall {
  ctx: RequestContext;
  openModal: OpenModal;
  client: WebClient;
  /** Null for a global shortcut. */
  message: ShortcutMessage | null;
}

export interface Shortcut {
  callbackId: string;
  /** `global`: in the composer and in search. `message`: in the menu of a message. */
  type: "global" | "message";
  /** At most 24 characters (docs.slack.dev, "App manifest reference"). */
  name: string;
  /** At most 150 characters. */
  description: string;
  run: (call: ShortcutCall) => Promise<void>;
}
