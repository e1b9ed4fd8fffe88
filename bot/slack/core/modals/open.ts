/** Opens modals: docs.slack.dev, "Modals": a trigger works once, for three seconds; three views fit on one another. */
import type { ModalView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import { log } from "../../../../shared/log.ts";
import { failureOf } from "../slack-error.ts";
import type { OpenModal, ShownModal } from "./modal.ts";
import type { Placeholder } from "../request.ts";
import { withOrigin } from "./origin.ts";

/** The modal in which something was clicked, as Slack's payload has it. */
export interface ModalBelow {
  id: string;
  hash: string;
  root_view_id: string | null;
  previous_view_id: string | null;
}

export interface Trigger {
  id: string;
  /** Where the person was when they asked; null on Home. */
  channelId: string | null;
  below: ModalBelow | null;
}

/**
 * Over the modal below when there is one and Slack takes another view there, in its place when it does not, else by
 * itself. Its trigger opens one: from then on that one shows what is to be opened.
 */
export const modalOpener =
  (client: WebClient, { id, channelId, below }: Trigger, placeholder: Placeholder): OpenModal =>
  async (plain) => {
    const view = withOrigin(plain, channelId);
    if (placeholder.viewId !== null) return shownModal(client, { id: placeholder.viewId }, channelId).replace(view);
    const isThird = below && below.previous_view_id !== null && below.previous_view_id !== below.root_view_id;
    if (isThird) return shownModal(client, below, channelId).replace(view);
    const trigger = { trigger_id: id, view };
    const opened = await (below ? client.views.push(trigger) : client.views.open(trigger));
    const shown = shownModal(client, opened.view, channelId);
    placeholder.viewId = shown.id;
    return shown;
  };

export const shownModal = (
  client: WebClient,
  view: { id?: string; hash?: string } | undefined,
  channelId: string | null,
): ShownModal => {
  const id = view?.id;
  if (!id) throw new Error("Slack opened a view without saying its id");
  let hash = view.hash;
  const shown: ShownModal = {
    id,
    replace: async (plain: ModalView) => {
      const next = withOrigin(plain, channelId);
      try {
        hash = (await client.views.update({ view_id: id, view: next, ...(hash ? { hash } : {}) })).view?.hash;
      } catch (error) {
        // The person closed it, or a later change of theirs has been shown: there is nothing to say any more.
        if (!["hash_conflict", "not_found", "view_not_found"].includes(failureOf(error).error)) throw error;
        log("modal.not_replaced", { viewId: id, error: failureOf(error).error });
      }
      return shown;
    },
  };
  return shown;
};
