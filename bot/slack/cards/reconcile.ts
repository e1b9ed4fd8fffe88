/** A click on a message of ours that we have no record of: its post succeeded, but Slack's reply was lost. */
import * as z from "zod/mini";
import { reconcileMessageStatements } from "../../../shared/storage/cards.ts";
import { commitQuery } from "../../../shared/storage/commits/commits.ts";
import { read } from "../../../shared/storage/database.ts";
import { write } from "../../../shared/storage/write.ts";
import { pushesOfCommitQuery } from "../../../shared/storage/pushes/pushes.ts";
import { type UseCaseContext, atNow } from "../../../shared/use-cases/context.ts";
import type { ButtonAction, ButtonValue } from "../core/buttons/codec.ts";

/** What only one person sees cannot be rewritten later, so it is no card. */
const messageContainer = z.object({
  type: z.literal("message"),
  channel_id: z.string(),
  message_ts: z.string(),
  is_ephemeral: z.optional(z.literal(false)),
});

/** From now on the message is a card, so it is rewritten with the others. A card that was given up is there again. */
export const reconcileMessage = async (
  ctx: UseCaseContext,
  action: ButtonAction,
  button: ButtonValue,
  container: unknown,
): Promise<void> => {
  const message = messageContainer.safeParse(container);
  if (!message.success) return;
  const { db, workspaceId } = ctx;
  const key = { number: button.number };
  const [commit, pushes] = await read(db, commitQuery(workspaceId, key), pushesOfCommitQuery(workspaceId, key));
  const isCommit = action !== "push.retry";
  // A Retry button with a target is on an outcome, whose subject is a job: few, and over with the next attempt.
  const subjectId = isCommit ? commit?.id : button.target ? undefined : pushes[0]?.id;
  if (!subjectId) return;
  const { channel_id: channelId, message_ts: ts } = message.data;
  const kind = isCommit ? ("commit" as const) : ("push" as const);
  const found = { id: ctx.newId(), kind, subjectId, channelId, ts };
  await write(ctx, reconcileMessageStatements(atNow(ctx), found));
};
