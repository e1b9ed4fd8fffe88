/** A message → the form in which what it asks for is staged, with the message as its source. */
import type { ModalView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import { entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { propose } from "../../../shared/domain/staging/propose.ts";
import type { CachedRow } from "../../../shared/domain/staging/proposal.ts";
import { log } from "../../../shared/log.ts";
import type { ChangeSource } from "../../../shared/use-cases/staging/stage-change.ts";
import { stagingDesk } from "../../../shared/use-cases/staging/staging-desk.ts";
import { type Reply, refuse } from "../core/reply.ts";
import { asProse } from "../core/commands/slack-text.ts";
import { openAndLoad } from "../core/modals/load.ts";
import { stageTitle } from "./stage-form.ts";
import { stageLinesView } from "./stage-lines-modal.ts";
import { type Carried, carriedLines, carriedText, plainIntent } from "./stage-intent.ts";
import { loadStageView } from "./stage-modal.ts";
import { offeredRows } from "./typeahead/offered-rows.ts";
import type { RequestContext } from "../core/request-context.ts";
import type { ShortcutCall, ShortcutMessage } from "../core/shortcut.ts";

/** What of the message the form shows: its metadata has no space for more. */
const quoteLength = 500;
const permalinkLength = 500;

export const stageMessage = (call: ShortcutCall): Promise<void> =>
  openAndLoad(call.openModal, {
    ctx: call.ctx,
    title: stageTitle,
    event: "stage_message.failed",
    load: () => loadView(call),
  });

const loadView = async ({ ctx, client, message }: ShortcutCall): Promise<ModalView | Reply> => {
  if (!message) throw new Error("A message shortcut came without its message");
  const desk = await stagingDesk(ctx);
  if (!desk.ok) return refuse(desk.reason);
  const text = asProse(message.text);
  const [source, rows] = await Promise.all([sourceOf(client, message), cachedRows(ctx, desk.value)]);
  const { proposals, notUnderstood } = propose(text, rows);
  const [first, ...more] = proposals;
  const carried: Carried = { note: null, source, quote: carriedText(text, quoteLength) };
  if (first && more.length > 0) return stageLinesView([first, ...more], { ...carried, quote: null }, notUnderstood);
  // Where nothing is understood, the message itself stands above the form.
  if (first) carried.notUnderstood = carriedLines(notUnderstood);
  const { action, entityType, row, values } = first ?? { ...plainIntent, values: {} };
  return loadStageView(ctx, { ...plainIntent, action, entityType, row, proposed: values, carried });
};

const sourceOf = async (
  client: WebClient,
  { channelId, ts, threadTs, author }: ShortcutMessage,
): Promise<ChangeSource> => ({
  permalink: await permalinkOf(client, channelId, ts),
  author,
  channelId,
  threadTs: threadTs ?? ts,
});

/** Null where we are not in the channel: the change is staged all the same. */
const permalinkOf = async (client: WebClient, channel: string, ts: string): Promise<string | null> => {
  try {
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
    return permalink && permalink.length <= permalinkLength ? permalink : null;
  } catch (error) {
    log("stage_message.no_permalink", { channelId: channel, error: String(error) });
    return null;
  }
};

/** The rows of all types, asked for at once; a type that nobody answers for has none. */
const cachedRows = async (ctx: RequestContext, desk: Parameters<typeof offeredRows>[1]): Promise<CachedRow[]> => {
  const byType = await Promise.all(
    entityTypes.map(async (entityType) => {
      const { rows } = await offeredRows(ctx, desk, [], entityType);
      return rows.map(({ id, values }) => ({ entityType, id, values }));
    }),
  );
  return byType.flat();
};
