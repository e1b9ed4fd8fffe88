import type { OpenModal } from "../core/modals/modal.ts";
import { ephemeral } from "../core/reply.ts";
import { channelOf } from "../core/conversation.ts";
import { modalOpener } from "../core/modals/open.ts";
import { failed } from "../core/failed.ts";
import { type SlackApp, contextOf } from "../core/request.ts";
import { asProse } from "../core/commands/slack-text.ts";
import { operationOf, runCommand } from "../commands.ts";

export const listenToCommands = (app: SlackApp): void => {
  app.command("/cv", async ({ command, ack, client, context }) => {
    const ctx = contextOf(context, command.user_id, context.key);
    const channelId = channelOf(command.channel_id, command.channel_name);
    const open = modalOpener(client, { id: command.trigger_id, channelId, below: null }, context.placeholder);
    // The modal is the answer: filling it may take longer than Slack waits, and no note about that shall stay behind.
    const openModal: OpenModal = async (view) => {
      const shown = await open(view);
      await ack();
      return shown;
    };
    const reply = await runCommand(command.text, { ctx, channelId, openModal }).catch((error: unknown) =>
      failed("command.failed", error, ctx, asProse(command.text)),
    );
    ctx.declined(operationOf(command.text), reply);
    if (reply) await ack(ephemeral(reply));
  });
};
