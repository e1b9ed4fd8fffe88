/** Every write of ours to Slack that shows state: one object per workspace, within that workspace's rate budget. */
import { DurableObject } from "cloudflare:workers";
import type { HomeView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import { backoffMs, slackBackoff } from "../../../shared/backoff.ts";
import { log } from "../../../shared/log.ts";
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import { type Card, cardShownStatements, retireCard, staleCardsQuery } from "../../../shared/storage/cards.ts";
import type { Effects } from "../../../shared/effects.ts";
import { read } from "../../../shared/storage/database.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { type Deps, createDeps } from "../../env.ts";
import { workspaceQuery } from "../../../shared/storage/workspace/workspaces.ts";
import { type Message, section } from "../blocks/blocks.ts";
import { type Rendered, renderCard } from "./render.ts";
import { type SlackFailure, failureOf } from "../core/slack-error.ts";
import { RateBudget } from "./rate-budget.ts";
import { channelLink } from "../blocks/text.ts";
import { slackClient } from "../core/web-client.ts";

/** Changes within this time become one write. */
const coalesceMs = 150;
/** Of those that Slack shows, and again of those that it has yet to show. */
const cardsPerRound = 50;
const spareCards = 5;
/** Whoever runs the bot needs a while to fix its token or scopes. */
const unauthorizedMs = 5 * 60_000;
/** Until when Slack does not want to be called: kept, since whoever forgets it calls at once. */
const pausedKey = "pausedUntilMs";

export class SlackOutbox extends DurableObject<Env> {
  readonly #deps: Deps;
  readonly #budget = new RateBudget();
  #isNew = true;
  #failures = 0;
  #client: WebClient | null = null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#deps = createDeps(env);
  }

  /** Some card is out of date. Cheap, and safe to call too often. */
  async wake(workspaceId: string): Promise<void> {
    await this.ctx.storage.put("workspaceId", workspaceId);
    await this.#wakeAt(this.#deps.nowMs() + coalesceMs);
  }

  override async alarm(): Promise<void> {
    const workspaceId = await this.ctx.storage.get<string>("workspaceId");
    if (!workspaceId) return;
    try {
      const nextMs = await this.#deps.withEffects((effects) => this.#round(workspaceId, effects));
      this.#failures = 0;
      if (nextMs !== null) await this.#wakeAt(nextMs);
    } catch (error) {
      // An alarm that throws is retried six times and then dropped, so it never throws: it sets the next one.
      this.#failures += 1;
      const delay = backoffMs(slackBackoff, this.#failures, this.#deps.random());
      log("slack_outbox.failed", { workspaceId, error: String(error), retryInMs: delay });
      await this.#wakeAt(this.#deps.nowMs() + delay);
    }
  }

  /** An earlier alarm stands; a later one is brought forward. */
  async #wakeAt(atMs: number): Promise<void> {
    const current = await this.ctx.storage.getAlarm();
    if (current === null || current > atMs) await this.ctx.storage.setAlarm(atMs);
  }

  /** Writes what the budget allows, final states first. @returns when to go on, or null when all is up to date */
  async #round(workspaceId: string, effects: Effects): Promise<number | null> {
    const ctx = this.#deps.useCaseContext({
      workspaceId,
      actor: systemActor("slack-outbox"),
      idempotencyKey: null,
      effects,
    });
    const [shownCards, newCards, workspace] = await read(
      ctx.db,
      staleCardsQuery(workspaceId, "shown", cardsPerRound),
      staleCardsQuery(workspaceId, "new", cardsPerRound),
      workspaceQuery(workspaceId),
    );
    if (this.#isNew) await this.#remember();
    const stale = [...shownCards, ...newCards];
    if (stale.length === 0 || workspace?.disconnectedAt) return null;
    const rendered: { card: Card; shown: Rendered }[] = [];
    let broken: Error | null = null;
    for (const card of this.#withinReach(stale)) {
      try {
        const shown = await renderCard({ ...ctx, portal: this.#deps.portal }, card);
        if (shown) rendered.push({ card, shown });
        else await writeQuietly(ctx.db, [retireCard(card, "its subject is gone", nowOf(ctx))]);
      } catch (error) {
        // A card that cannot be rendered keeps no other from being written.
        broken = new Error(`Card ${card.id} could not be rendered: ${String(error)}`, { cause: error });
      }
    }
    rendered.sort((a, b) => Number(b.shown.final) - Number(a.shown.final));

    let nextMs = Number.POSITIVE_INFINITY;
    for (const { card, shown } of rendered) {
      const nowMs = this.#deps.nowMs();
      const waitMs = this.#budget.take(callOf(card), card.id, nowMs);
      if (waitMs > 0) {
        nextMs = Math.min(nextMs, nowMs + waitMs);
        continue;
      }
      const failure = await this.#write(card, shown);
      if (failure?.kind === "rate_limited" || failure?.kind === "unauthorized") {
        const isAsked = failure.kind === "rate_limited";
        const untilMs = this.#deps.nowMs() + (isAsked ? failure.retryAfterMs : unauthorizedMs);
        this.#budget.pause(untilMs);
        // A token that is fixed comes with a new version, which may use it at once.
        if (isAsked) await this.ctx.storage.put(pausedKey, untilMs);
        return untilMs;
      }
      if (failure?.kind === "transient") {
        broken = new Error(`Card ${card.id} could not be written: ${failure.error}`);
        if (failure.about === "slack") break;
      }
    }
    if (broken) throw broken;
    // What was raised meanwhile, or waited for its parent, is found by the next round.
    return Number.isFinite(nextMs) ? nextMs : this.#deps.nowMs();
  }

  /** What an earlier instance of this object has stored. */
  async #remember(): Promise<void> {
    this.#budget.pause((await this.ctx.storage.get<number>(pausedKey)) ?? 0);
    this.#isNew = false;
  }

  /** Cards that may be written soon. A few over the budget, so that the final ones can go first. */
  #withinReach(cards: readonly Card[]): Card[] {
    const nowMs = this.#deps.nowMs();
    const chosen = new Map<string, number>();
    return cards.filter((card) => {
      const kind = callOf(card);
      const count = chosen.get(kind) ?? 0;
      chosen.set(kind, count + 1);
      return count < this.#budget.capacity(kind, nowMs) + spareCards;
    });
  }

  /** One call to Slack. A card that Slack will never take is retired; what may pass is returned. */
  async #write(card: Card, rendered: Rendered): Promise<SlackFailure | null> {
    const nowIso = (): string => new Date(this.#deps.nowMs()).toISOString();
    const { shown, fallback, broadcast } = rendered;
    const startedMs = this.#deps.nowMs();
    const about = { ...aboutOf(card), traceId: rendered.traceId, attempt: this.#failures + 1 };
    const send = (message: Message) => this.#call(card, (client) => sendMessage(client, card, message, broadcast));
    let failure = await (shown.as === "home"
      ? this.#call(card, (client) => publishHome(client, card, shown.view))
      : send(shown.message));
    if ("kind" in failure && failure.kind === "invalid" && fallback) {
      log("slack_outbox.fallback", { ...about, error: failure.error });
      failure = await send(fallback);
    }
    if (!("kind" in failure)) {
      const { db } = this.#deps;
      const at = { ...failure, newCardId: this.#deps.newId() };
      const recorded = await writeQuietly(db, cardShownStatements(card, at, nowIso()));
      // A click has made the message another card's meanwhile: that one is rewritten from now on.
      if (!recorded.written) await writeQuietly(db, [retireCard(card, "another card has its message", nowIso())]);
      log("slack_outbox.written", { ...about, final: rendered.final, durationMs: this.#deps.nowMs() - startedMs });
      return null;
    }
    log("slack_outbox.refused", {
      ...about,
      failure: failure.kind,
      error: failure.error,
      durationMs: this.#deps.nowMs() - startedMs,
    });
    if (failure.kind !== "gone" && failure.kind !== "invalid") return failure;
    log("slack_outbox.card_retired", { ...about, error: failure.error });
    await writeQuietly(this.#deps.db, [retireCard(card, failure.error, nowIso())]);
    if (card.ts === null && rendered.owner && shown.as === "message")
      await this.#notifyOwner(card, shown.message, rendered.owner, failure.error);
    return null;
  }

  /** Whoever asked for a card that no channel shows is notified. Once: a failure of that is only logged. */
  async #notifyOwner(card: Card, message: Message, owner: string, error: string): Promise<void> {
    const markdown = `:warning: ${message.text}\nThis should stand in ${channelLink(card.channelId)}, but Slack does not let me post there (${error}). Invite me to the channel; \`/cv review\` posts a commit's card once more, and \`/cv status\` shows how far a push is.`;
    const direct = { ...card, channelId: owner, threadTs: null };
    const sent = await this.#call(direct, (client) =>
      sendMessage(client, direct, { text: markdown, blocks: [section(markdown)] }, false),
    );
    if ("kind" in sent) log("slack_outbox.owner_not_notified", { cardId: card.id, error: sent.error });
  }

  /** One for each token: making a client costs more than a call. */
  #clientOf(botToken: string): WebClient {
    if (this.#client?.token !== botToken) this.#client = slackClient(botToken, this.#deps.slack.apiUrl);
    return this.#client;
  }

  /** @returns where the card stands now, or the failure */
  async #call(card: Card, send: (client: WebClient) => Promise<Shown | null>): Promise<Shown | SlackFailure> {
    const botToken = this.#deps.installation(card.workspaceId)?.botToken;
    if (!botToken) return { kind: "unauthorized", error: "the app is not installed in this workspace" };
    try {
      const shown = await send(this.#clientOf(botToken));
      return shown ?? { kind: "transient", about: "message", error: "an answer without ts" };
    } catch (error) {
      return failureOf(error);
    }
  }
}

interface Shown {
  channelId: string;
  ts: string;
}

const aboutOf = ({ workspaceId, id: cardId, kind, subjectId, desiredVersion: version }: Card) => ({
  workspaceId,
  cardId,
  kind,
  subjectId,
  version,
});

const callOf = (card: Card): Parameters<RateBudget["take"]>[0] => {
  if (card.kind === "home") return "home";
  return card.ts === null ? `post:${card.channelId}` : "update";
};

const sendMessage = async (
  client: WebClient,
  { channelId: channel, threadTs, ts }: Card,
  { text, blocks }: Message,
  broadcast: boolean,
): Promise<Shown | null> => {
  if (ts !== null) {
    const updated = await client.chat.update({ channel, ts, text, blocks });
    return updated.ts ? { channelId: channel, ts: updated.ts } : null;
  }
  const message = { channel, text, blocks, unfurl_links: false };
  const posted = await client.chat.postMessage(
    threadTs ? { ...message, thread_ts: threadTs, reply_broadcast: broadcast } : message,
  );
  // A message to a person stands in a channel of its own, by whose id it is edited.
  return posted.ts ? { channelId: posted.channel ?? channel, ts: posted.ts } : null;
};

const publishHome = async (client: WebClient, { subjectId, channelId, ts }: Card, view: HomeView): Promise<Shown> => {
  await client.views.publish({ user_id: subjectId, view });
  return { channelId, ts: ts ?? "home" };
};
