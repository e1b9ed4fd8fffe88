/** Clicks: buttons of cards, buttons that stand for commands, inputs of forms that send their changes. */
import type { BlockAction } from "@slack/bolt";
import { type Reply, againOf, isForm } from "../core/reply.ts";
import type { WebClient } from "@slack/web-api";
import { log } from "../../../shared/log.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { actions } from "../blocks/blocks.ts";
import type { CommandCall } from "../core/commands/command.ts";
import { operationOf, runCommand } from "../commands.ts";
import { escape } from "../blocks/text.ts";
import { replyView } from "../core/modals/modal.ts";
import { shownModal } from "../core/modals/open.ts";
import { metadataOf } from "./modals.ts";
import { modalOf } from "../modals.ts";
import { formValues } from "../core/modals/values.ts";
import { failed } from "../core/failed.ts";
import { type SlackApp, contextOf } from "../core/request.ts";
import type { RequestContext } from "../core/request-context.ts";
import { reconcileMessage } from "../cards/reconcile.ts";
import { buttonHandlers } from "../buttons.ts";
import { questionFor } from "../questions.ts";
import type { DecodedButton } from "../core/buttons/codec.ts";
import { type ClickedCommand, commandButton } from "../core/buttons/command-button.ts";
import { type ClickedThing, clickOf } from "../core/buttons/row-menu.ts";
import { type Place, above, placeOf } from "../core/buttons/place.ts";

export const listenToActions = (app: SlackApp): void => {
  app.action<BlockAction>({ type: "block_actions" }, async ({ action, body, ack, client, context }) => {
    const click = clickOf(action);
    const modal = body.view?.type === "modal" ? modalOf(body.view.callback_id) : undefined;
    if (!(click ?? modal?.change)) {
      // A link opens in the browser; Slack sends its click all the same.
      if (!(action.type === "button" && action.url)) log("action.unknown", { actionId: action.action_id });
      await ack();
      return;
    }
    const ctx = contextOf(context, body.user.id, context.key);
    const place = placeOf(body, client, context);
    const clicked: Clicked = { ctx, place, again: againOf(action.block_id) };
    if (!click) return changeForm(clicked, body, action.action_id, client, ack);
    if (click.asks && (await askFirst(clicked, click, ack))) return;
    if ("command" in click) return clickCommand(clicked, click.command, ack);
    await clickButton(clicked, click.button, ack);
    await reconcile(ctx, click.button, body.container);
  });
};

/** @returns false where nothing has to be asked */
const askFirst = async (clicked: Clicked, click: ClickedThing, ack: Ack): Promise<boolean> => {
  const { ctx, place, again } = clicked;
  const question = await questionFor(ctx, click).catch((error: unknown) => failed("action.failed", error, ctx));
  if (!question) return false;
  await ack();
  const { again: _shown, ...bare } = question;
  if (question.refused) await showOutcome(clicked, question);
  else await place.show(place.kind === "private" && again !== null ? withWayBack(bare, again, null) : question);
  return true;
};

interface Clicked {
  ctx: RequestContext;
  place: Place;
  /** The command that made what was clicked on, where it was a private reply. */
  again: string | null;
}

type Ack = () => Promise<void>;

/** A button, unlike what is typed, carries its command as it is. */
const runClicked = (command: string, call: Omit<CommandCall, "args">): Promise<Reply | null> =>
  runCommand(escape(command), call);

const commandCall = ({ ctx, place }: Clicked): Omit<CommandCall, "args"> => ({
  ctx,
  channelId: place.channelId,
  openModal: place.openModal,
});

/** The list that was clicked on, made anew: read only, so the click's own key is not asked for. */
const listAnew = (clicked: Clicked, command: string): Promise<Reply | null> =>
  runClicked(command, { ...commandCall(clicked), ctx: { ...clicked.ctx, idempotencyKey: null } }).catch(
    (error: unknown) => {
      // What was done is said all the same.
      log("action.list_failed", { traceId: clicked.ctx.traceId, error: String(error) });
      return null;
    },
  );

/** Nothing to say means that the card, or Home, shows what has become of it. */
const showOutcome = async (clicked: Clicked, outcome: Reply | null): Promise<void> => {
  const { place, again } = clicked;
  const shown = place.kind === "private" && again !== null ? await listAnew(clicked, again) : null;
  // What was looked at may be gone by what was done: then comes the list that it was in.
  const next = shown?.refused && !outcome?.refused ? outcome?.again : undefined;
  const list = next === undefined ? shown : await listAnew(clicked, next);
  if (list) await place.show(outcome ? above(outcome, list) : list);
  else if (outcome) await place.show(outcome);
};

const clickButton = async (clicked: Clicked, { action, button }: DecodedButton, ack: Ack) => {
  const { ctx, place } = clicked;
  const outcome = await buttonHandlers[action]({ ctx, button, channelId: place.channelId })
    .then((answer) => {
      ctx.declined(`button ${action}`, answer);
      return answer;
    })
    .then(async (answer) => (isForm(answer) ? place.openModal(answer) : answer))
    .catch((error: unknown) => failed("action.failed", error, ctx));
  await ack();
  if (outcome === null || "text" in outcome) await showOutcome(clicked, outcome);
};

const clickCommand = async (clicked: Clicked, { click, command }: ClickedCommand, ack: Ack) => {
  const { ctx, place, again } = clicked;
  const reply = await place.awaited(
    runClicked(command, commandCall(clicked)).catch((error: unknown) => failed("action.failed", error, ctx, command)),
  );
  ctx.declined(operationOf(command), reply);
  await ack();
  if (!reply) return;
  if (click === "do") {
    // Home shows by itself what was done.
    if (place.kind !== "home" || reply.refused || place.hasPlaceholder()) await showOutcome(clicked, reply);
    return;
  }
  await place.show(place.kind === "private" && again !== null ? withWayBack(reply, again, command) : reply);
};

/**
 * A reply that is no list, such as a page of a diff, leads back to where its reader came from; so do its pages.
 * @param command null for a question, which no command makes
 */
const withWayBack = (reply: Reply, from: string, command: string | null): Reply =>
  from === command || reply.again === from
    ? reply
    : {
        again: from,
        ...reply,
        blocks: [...reply.blocks, actions(commandButton("go", "Back", from))],
      };

const changeForm = async (clicked: Clicked, body: BlockAction, actionId: string, client: WebClient, ack: Ack) => {
  const { ctx, place } = clicked;
  const { view } = body;
  await ack();
  const change = view && modalOf(view.callback_id)?.change;
  if (!change) return;
  try {
    const shown = shownModal(client, view, place.channelId);
    const metadata = metadataOf(view.private_metadata);
    await change({ ctx, values: formValues(view.state.values), metadata, actionId, shown });
  } catch (error) {
    await place.openModal(replyView(failed("modal.change_failed", error, ctx)));
  }
};

const reconcile = async (ctx: UseCaseContext, { action, button }: DecodedButton, container: unknown): Promise<void> => {
  try {
    await reconcileMessage(ctx, action, button, container);
  } catch (error) {
    log("action.reconcile_failed", { traceId: ctx.traceId, error: String(error) });
  }
};
