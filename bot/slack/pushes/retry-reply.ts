import { type Reply, answer, say } from "../core/reply.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { quoted } from "../blocks/text.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";

export const retryReply = (ctx: UseCaseContext, number: number, target: string | null): Promise<Reply> =>
  answer(retryPush(ctx, { number, target }), (retried) =>
    say(`Sending commit *#${number}* to ${quoted(retried.target)} again, attempt ${retried.attempt}.`),
  );
