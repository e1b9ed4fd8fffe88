import type { HomeView } from "@slack/types";
import type { VerbContext } from "../../../shared/verbs/context.ts";
import { section } from "./blocks.ts";

/** The acting person's Home. */
export const loadHome = async (_ctx: VerbContext): Promise<HomeView> => ({
  type: "home",
  blocks: [section("CV Ops")],
});
