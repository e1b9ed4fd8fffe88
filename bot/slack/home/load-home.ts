import type { HomeView } from "@slack/types";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { refusalText } from "../blocks/mrkdwn.ts";
import { section } from "../blocks/blocks.ts";
import { homeView } from "./home-card.ts";

const lastEvents = 8;

/** The acting person's Home, read in one round trip. */
export const loadHome = async (ctx: UseCaseContext): Promise<HomeView> => {
  const listed = await listActionItems(ctx, { events: lastEvents });
  if (!listed.ok) return { type: "home", blocks: [section(refusalText(listed.reason))] };
  return homeView({ ...listed.value, readerId: ctx.actor.id, nowMs: ctx.nowMs() });
};
