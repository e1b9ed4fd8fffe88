/** Stores messages that cannot be handled with their cause, for admins to review. */
import {
  type KeepContext,
  keepDeadLetter,
  resolveDeadLetterOf,
} from "../shared/use-cases/dead-letters/keep-dead-letter.ts";

export const giveUp = async (
  ctx: KeepContext,
  queue: string,
  message: Pick<Message, "id" | "body" | "attempts">,
  cause: string,
): Promise<void> => {
  const { id, body, attempts } = message;
  await keepDeadLetter(ctx, { id, queue: queue.replace(/-dead$/, ""), body, cause, attempts });
};

/** Resolves a dead letter whose replayed message was handled. */
export const settle = async (ctx: KeepContext, body: unknown): Promise<void> => {
  await resolveDeadLetterOf(ctx, body);
};
