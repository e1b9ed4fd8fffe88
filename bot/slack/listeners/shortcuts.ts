/** Shortcuts: from the composer (global) and from a message's menu. */
import type { SlackShortcut } from "@slack/bolt";
import type { ShortcutMessage } from "../core/shortcut.ts";
import { ephemeral } from "../core/reply.ts";
import { channelOf } from "../core/conversation.ts";
import { log } from "../../../shared/log.ts";
import { modalOpener } from "../core/modals/open.ts";
import { replyView } from "../core/modals/modal.ts";
import { failed } from "../core/failed.ts";
import { type SlackApp, contextOf } from "../core/request.ts";
import { shortcuts } from "../shortcuts.ts";

const originOfShortcut = (shortcut: SlackShortcut): string | null =>
  shortcut.type === "message_action" ? channelOf(shortcut.channel.id, shortcut.channel.name) : null;

export const listenToShortcuts = (app: SlackApp): void => {
  app.shortcut(/.*/, async ({ shortcut, ack, client, context }) => {
    await ack();
    const chosen = shortcuts.find(({ callbackId }) => callbackId === shortcut.callback_id);
    if (!chosen) {
      log("shortcut.unknown", { callbackId: shortcut.callback_id });
      return;
    }
    const ctx = contextOf(context, shortcut.user.id, null);
    const trigger = { id: shortcut.trigger_id, channelId: originOfShortcut(shortcut), below: null };
    const openModal = modalOpener(client, trigger, context.placeholder);
    const message: ShortcutMessage | null =
      shortcut.type === "message_action"
        ? {
            channelId: shortcut.channel.id,
            ts: shortcut.message.ts,
            threadTs: typeof shortcut.message["thread_ts"] === "string" ? shortcut.message["thread_ts"] : null,
            text: shortcut.message.text ?? "",
            author: shortcut.message.user ?? null,
          }
        : null;
    try {
      await chosen.run({ ctx, openModal, client, message });
    } catch (error) {
      const reply = failed("shortcut.failed", error, ctx, "stage");
      if (context.placeholder.viewId === null) await context.notify(ephemeral(reply));
      else await openModal(replyView(reply));
    }
  });
};
