/** Retries a push, by command or by form. */
import { type Reply, refuse, say } from "../core/reply.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { quoted } from "../blocks/text.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";

export const retryReply = async (ctx: UseCaseContext, number: number, target: string | null): Promise<Reply> => {
  const retried = await retryPush(ctx, { number, target });
  if (!retried.ok) return refuse(retried.reason);
  return say(`Sending commit *#${number}* to ${quoted(retried.value.target)} again, attempt ${retried.value.attempt}.`);
};
