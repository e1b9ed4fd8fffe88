/** Retries a push, by command or by form. */
import { type Reply, refuse, say } from "../core/reply.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { quoted } from "../blocks/text.ts";
import type { CommandCall } from "../core/commands/command.ts";

export const retryReply = async (
  { ctx, announce }: Pick<CommandCall, "ctx" | "announce">,
  number: number,
  target: string | null,
): Promise<Reply> => {
  const retried = await retryPush(ctx, { number, target });
  if (!retried.ok) {
    // Asking about an unknown outcome may have sent the next target on its way.
    announce(ctx.workspaceId, { dispatched: true });
    return refuse(retried.reason);
  }
  announce(ctx.workspaceId, { watchAt: retried.value.watchAt, dispatched: true });
  return say(`Sending commit *#${number}* to ${quoted(retried.value.target)} again, attempt ${retried.value.attempt}.`);
};
