/** What could not be handled is kept with its cause, for people to look at. */
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

/** A message that a person sent again was handled this time. */
export const settle = async (ctx: KeepContext, body: unknown): Promise<void> => {
  await resolveDeadLetterOf(ctx, body);
};
