/** What follows when somebody comes to the app's own place in Slack. Looking is allowed to everybody. */
import { insertWelcomeCard, upsertHomeCard } from "../../storage/cards.ts";
import { write } from "../../storage/write.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { openSession } from "../session.ts";

/** Publishes the acting person's Home, now and with every change from now on. */
export const openHome = async (ctx: UseCaseContext): Promise<void> => {
  await openSession(ctx);
  const home = { id: ctx.newId(), userId: ctx.actor.id };
  await write(ctx, upsertHomeCard(atNow(ctx), home));
};

/** Greets the acting person in their direct messages with the app, the first time that they look at them. */
export const welcome = async (ctx: UseCaseContext): Promise<void> => {
  await openSession(ctx);
  const card = { id: ctx.newId(), userId: ctx.actor.id };
  await write(ctx, insertWelcomeCard(atNow(ctx), card));
};
