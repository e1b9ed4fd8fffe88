/** Forms whose content takes longer to read than a trigger works. */
import type { ModalView } from "@slack/types";
import { failed } from "../failed.ts";
import { type Reply, isForm } from "../reply.ts";
import type { RequestContext } from "../request-context.ts";
import { type OpenModal, type ShownModal, loadingView, replyView } from "./modal.ts";

interface Loading {
  ctx: RequestContext;
  title: string;
  /** For the log, should it fail. */
  event: string;
  load: () => Promise<ModalView | Reply>;
}

export const showLoaded = async (shown: ShownModal, { ctx, title, event, load }: Loading): Promise<void> => {
  const loaded = await load().catch((error: unknown) => failed(event, error, ctx));
  if (!isForm(loaded)) ctx.declined(`form ${event.replace(/(?:_form)?\..*$/, "")}`, loaded);
  await shown.replace(isForm(loaded) ? loaded : replyView(loaded, title));
};

export const openAndLoad = async (openModal: OpenModal, loading: Loading): Promise<void> =>
  showLoaded(await openModal(loadingView(loading.title)), loading);
