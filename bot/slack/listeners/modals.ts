import { jsonIn } from "../../../shared/json.ts";
import { log } from "../../../shared/log.ts";
import { failed } from "../core/failed.ts";
import { type SlackApp, contextOf } from "../core/request.ts";
import { responseOf } from "../core/modals/answer.ts";
import { withTriedKey } from "../core/modals/origin.ts";
import { modalOf } from "../modals.ts";
import { lookAfter } from "../core/secret-inputs.ts";
import { formValues } from "../core/modals/values.ts";

export const listenToModals = (app: SlackApp): void => {
  app.view({ type: "view_submission" }, async ({ ack, body, view, context }) => {
    const modal = modalOf(view.callback_id);
    const { key } = context;
    if (!modal || key === null) {
      log("modal.unknown", { callbackId: view.callback_id });
      await ack();
      return;
    }
    const ctx = contextOf(context, body.user.id, key);
    const call = { ctx, values: formValues(view.state.values), metadata: metadataOf(view.private_metadata) };
    let answered = view;
    const answer = await modal.submit(call).catch((error: unknown) => {
      answered = withTriedKey(view, key);
      return failed("modal.failed", error, ctx, null, lookAfter({ ...body }));
    });
    ctx.declined(`form ${modal.name}`, answer);
    await ack(responseOf(answer, answered));
  });
};

/** What a modal was opened with; each form parses its own. Null for what is not JSON. */
export const metadataOf = (text: string | undefined): unknown => jsonIn(text ?? "") ?? null;
