/** What each shortcut of the table does. */
import type { WebClient } from "@slack/web-api";
import type { AnnounceLater } from "../../shared/announce.ts";
import type { OpenModal } from "./core/modals/modal.ts";
import { stageMessage } from "./staging/stage-message.ts";
import { plainIntent } from "./staging/stage-intent.ts";
import { openStageForm } from "./staging/stage-modal.ts";
import type { RequestContext } from "./core/request-context.ts";

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
  announce: AnnounceLater;
  openModal: OpenModal;
  client: WebClient;
  /** Null for a global shortcut. */
  message: ShortcutMessage | null;
}

export const shortcutHandlers: Record<string, (call: ShortcutCall) => Promise<void>> = {
  stage_change: ({ ctx, openModal }) => openStageForm(ctx, openModal, plainIntent),
  stage_message: stageMessage,
};
