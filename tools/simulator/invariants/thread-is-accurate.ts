import type { Product, RenderedCard } from "../product/product.ts";
import type { Block } from "../slack/slack.ts";
import { drain } from "../runs/drain.ts";
import type { Invariant, Observed } from "./invariant.ts";

interface CardRow {
  workspace_id: string;
  id: string;
  kind: string;
  subject_id: string;
  commit_id: string | null;
  attempt: number;
  channel_id: string;
  ts: string | null;
  parent_ts: string | null;
  desired_version: number;
  shown_version: number;
}

/** Relative times, which depend on when the card is rendered. */
const timeless = (blocks: readonly unknown[]): string =>
  JSON.stringify(blocks.map((block, index) => ({ block_id: `b${index}`, ...(block as Block) }))).replace(
    /updated <!date[^>]*>/g,
    "updated",
  );

const contextLength = 40;

/** The first difference of two texts with some context; null when the texts are equal. */
const differenceOf = (shown: string, expected: string): string | null => {
  if (shown === expected) return null;
  let at = 0;
  while (shown[at] === expected[at]) at += 1;
  const near = (text: string): string => text.slice(Math.max(0, at - contextLength), at + contextLength);
  return `shows …${near(shown)}… where …${near(expected)}… is recorded`;
};

const render = (observed: Observed, product: Product, card: CardRow): Promise<RenderedCard | null> => {
  const { world } = observed;
  const rendering = world.runtime.invoke("bot", "a look at a card", async () => {
    const deps = product.createDeps(world.botBindings());
    const actor = { kind: "system", id: "simulator" };
    const ctx = deps.useCaseContext({ workspaceId: card.workspace_id, actor, idempotencyKey: null, traceId: "0" });
    return product.renderCard(
      { ...ctx, portal: deps.portal },
      {
        workspaceId: card.workspace_id,
        id: card.id,
        kind: card.kind,
        subjectId: card.subject_id,
        commitId: card.commit_id,
        attempt: card.attempt,
        channelId: card.channel_id,
        threadTs: card.parent_ts,
        hasParent: card.parent_ts !== null,
        ts: card.ts,
        desiredVersion: card.desired_version,
        shownVersion: card.shown_version,
      },
    );
  });
  return drain(world.runtime.scheduler, rendering);
};

/**
 * The first difference between what a card shows and what is recorded. Where a release was deployed in between, its
 * predecessor may have rendered the card: until something changes, nothing renders it again.
 */
const differenceFromRecord = async (
  observed: Observed,
  card: CardRow,
  shown: readonly unknown[],
): Promise<string | null> => {
  const { product, previous } = observed.world;
  let first: string | null = null;
  for (const release of previous ? [product, previous] : [product]) {
    const rendered = await render(observed, release, card);
    if (!rendered) return null;
    const expected = rendered.shown.as === "home" ? rendered.shown.view.blocks : rendered.shown.message.blocks;
    const difference = differenceOf(timeless(shown), timeless(expected));
    if (difference === null) return null;
    first ??= difference;
  }
  return first;
};

/** Text that a push's card must contain, computed from its row alone. */
const pushWords: Record<string, RegExp> = {
  completed: /applied|verified/i,
  failed: /failed|not applied|not known|unknown|timeout|waits|stopped/i,
  cancelled: /cancelled|taken back|stopped/i,
};

const goodReasons = ["message_not_found", "thread_not_found", "another card has its message", "its subject is gone"];

/** A card is retired only when its message is deleted, or that of its thread. */
const endedWithoutReason = ({ world: { staging, slack } }: Observed): string[] =>
  staging
    .rows<{ id: string; channel_id: string; ts: string | null; parent_ts: string | null; retired_reason: string }>(
      `SELECT c.id, c.channel_id, c.ts, p.ts AS parent_ts, c.retired_reason FROM cards c
       LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id WHERE c.retired_reason IS NOT NULL`,
    )
    .filter(
      ({ channel_id: channel, ts, parent_ts: parentTs, retired_reason: reason }) =>
        !goodReasons.includes(reason) ||
        (reason === "message_not_found" && !slack.isDeleted(channel, ts ?? "")) ||
        (reason === "thread_not_found" && !slack.isDeleted(channel, parentTs ?? "")),
    )
    .map(({ id, retired_reason: reason }) => `card ${id} is retired: ${reason}`);

export const threadIsAccurate: Invariant = {
  number: 6,
  words: "the last state in the thread is the recorded one",
  atRest: async (observed) => {
    const { staging, slack } = observed.world;
    const cards = staging.rows<CardRow>(
      `SELECT c.workspace_id, c.id, c.kind, c.subject_id, c.attempt, c.channel_id, c.ts, p.ts AS parent_ts, c.desired_version, c.shown_version,
        COALESCE((SELECT id FROM commits WHERE id = c.subject_id), (SELECT commit_id FROM pushes WHERE id = c.subject_id),
          (SELECT commit_id FROM jobs WHERE id = c.subject_id),
          (SELECT commit_id FROM staged_changes WHERE id = c.subject_id)) AS commit_id
       FROM cards c LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
       WHERE c.retired_reason IS NULL AND (c.parent_card_id IS NULL OR p.retired_reason IS NULL)`,
    );
    const wrong: string[] = [];
    for (const card of cards) {
      const isHome = card.kind === "home";
      const message = slack.find(card.channel_id, card.ts ?? "");
      const shown = isHome ? slack.views.homes.get(card.subject_id)?.blocks : message?.blocks;
      // The card keeps the duration of the outage as it was computed at the end of the outage.
      if (slack.isDeleted(card.channel_id, card.ts ?? "") || card.kind === "outage") continue;
      const difference = await differenceFromRecord(observed, card, shown ?? []);
      if (difference) wrong.push(`the ${card.kind} card ${card.id}, "${message?.text ?? ""}", ${difference}`);
    }
    wrong.push(...endedWithoutReason(observed));
    const pushes = staging.rows<{ number: number; state: string; channel_id: string; ts: string }>(
      `SELECT p.number, p.state, c.channel_id, c.ts FROM pushes p
       JOIN cards c ON c.workspace_id = p.workspace_id AND c.subject_id = p.id AND c.kind = 'push' AND c.ts IS NOT NULL AND c.retired_reason IS NULL`,
    );
    for (const { number, state, channel_id: channel, ts } of pushes) {
      const message = slack.find(channel, ts);
      const words = pushWords[state];
      if (message && words && !words.test(JSON.stringify(message.blocks)))
        wrong.push(`push ${number} is ${state}, and its card says "${message.text}"`);
    }
    return wrong;
  },
};
