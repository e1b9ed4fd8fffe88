/** Typeahead: what an input offers for what was typed so far. No answer is an empty list, never an error. */
import { log } from "../../../shared/log.ts";
import { metadataOf } from "./modals.ts";
import { type SlackApp, contextOf } from "../core/request.ts";
import type { Suggestions } from "../core/suggest.ts";
import { suggestersOf } from "../typeahead.ts";

const none: Suggestions = { options: [] };

export const listenToOptions = (app: SlackApp): void => {
  app.options<"block_suggestion">({ type: "block_suggestion" }, async ({ body, ack, context }) => {
    const suggest = suggestersOf(body.action_id);
    if (!suggest) {
      log("options.unknown", { actionId: body.action_id });
      await ack(none);
      return;
    }
    const ctx = contextOf(context, body.user.id, null);
    const call = {
      ctx,
      actionId: body.action_id,
      typed: body.value,
      metadata: metadataOf(body.view?.private_metadata),
      values: body.view?.state.values,
    };
    const suggestions = await suggest(call).catch((error: unknown) => {
      log("options.failed", { traceId: ctx.traceId, error: String(error) });
      return none;
    });
    await ack(suggestions);
  });
};
