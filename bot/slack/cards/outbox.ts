/** Every write of ours to Slack that shows state: one object per workspace, within that workspace's rate budget. */
import { DurableObject } from "cloudflare:workers";
import type { WebClient } from "@slack/web-api";
import { backoffMs, cardBackoff, slackBackoff } from "../../../shared/backoff.ts";
import { currentTraceId, inTrace, log } from "../../../shared/log.ts";
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import {
  type Card,
  cardShownStatements,
  cardsToWrite,
  nextCardRetryQuery,
  outdatedCardsQuery,
  retireCard,
  retryCard,
  staleCardsQuery,
} from "../../../shared/storage/cards.ts";
import type { Effects } from "../../../shared/effects.ts";
import { DatabaseOutage, read } from "../../../shared/storage/database.ts";
import { readsTogether } from "../../../shared/storage/reads-together.ts";
import type { Sql } from "../../../shared/storage/sql.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { type UseCaseContext, atNow, nowOf } from "../../../shared/use-cases/context.ts";
import { type Deps, createDeps } from "../../env.ts";
import { workspaceQuery } from "../../../shared/storage/workspace/workspaces.ts";
import { type Message, section } from "../blocks/blocks.ts";
import { type Rendered, renderCard } from "./render.ts";
import { type SlackFailure, failureOf } from "../core/slack-error.ts";
import { type Shown, callOf, publishHome, sendMessage } from "./send.ts";
import { RateBudget } from "./rate-budget.ts";
import { UnknownBlocks } from "./unknown-blocks.ts";
import { unpostedMessage } from "../../../shared/messages/en/unposted.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { channelLink } from "../blocks/text.ts";
import { slackClient } from "../core/web-client.ts";

/** Changes within this time become one write. */
const coalesceMs = 150;
/** Of those that Slack shows, and again of those that it has yet to show. */
const cardsPerRound = 50;
const spareCards = 5;
/** Fewer than these are looked up in one query, which reads each once. */
const maxOutdated = 100;
/** Whoever runs the bot needs a while to fix its token or scopes. */
const unauthorizedMs = 5 * 60_000;
/** Until when Slack does not want to be called: kept, since whoever forgets it calls at once. */
const pausedKey = "pausedUntilMs";
/** What Slack shows and D1 does not know yet: kept, since an object that forgets it posts once more. */
const shownKey = "shown";
/** One after the other in one alarm, whose invocation has 1,000 queries. */
const turnsPerRound = 3;

interface ShownCard {
  /** Without `ts` where the version before has stored it. */
  card: Pick<Card, "workspaceId" | "id" | "desiredVersion"> & Partial<Pick<Card, "ts">>;
  at: Shown & { newCardId: string };
  now: string;
}

/** What Slack does not show. */
interface Found {
  stale: Card[];
  /** When a card that Slack has refused is tried again, ISO 8601. */
  retryAt: string | null;
  isDisconnected: boolean;
}

export class SlackOutbox extends DurableObject<Env> {
  readonly #deps: Deps;
  readonly #budget = new RateBudget();
  #isNew = true;
  #failures = 0;
  readonly #unknownBlocks: UnknownBlocks;
  #client: WebClient | null = null;
  #shown: ShownCard[] = [];
  /** Nobody has called since the cards were last looked up. */
  #isLookedUp = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#unknownBlocks = new UnknownBlocks(state.storage);
    this.#deps = createDeps(env);
  }

  /** Some card is out of date. Cheap, and safe to call too often. */
  async wake(workspaceId: string): Promise<void> {
    this.#isLookedUp = false;
    await this.ctx.storage.put("workspaceId", workspaceId);
    await this.#wakeAt(this.#deps.nowMs() + coalesceMs);
  }

  override alarm(): Promise<void> {
    return inTrace(null, () => this.#nextRound());
  }

  async #nextRound(): Promise<void> {
    const workspaceId = await this.ctx.storage.get<string>("workspaceId");
    if (!workspaceId) return;
    try {
      const nextMs = await this.#deps.withEffects((effects) => this.#round(workspaceId, effects));
      this.#failures = 0;
      // What has been called for meanwhile has been looked up.
      if (this.#isLookedUp)
        await (nextMs === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(nextMs));
      else if (nextMs !== null) await this.#wakeAt(nextMs);
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
    if (this.#isNew) await this.#remember();
    let found = await this.#record(ctx);
    for (let turn = 0; turn < turnsPerRound; turn += 1) {
      const { stale, retryAt, isDisconnected } = found;
      if (isDisconnected) return null;
      if (stale.length === 0) return retryAt === null ? null : Date.parse(retryAt);
      const { ready, restMs } = this.#sorted(stale);
      const rendered = await this.#render(ctx, ready);
      rendered.sort((a, b) => Number(b.shown.final) - Number(a.shown.final));
      const nextMs = Math.min(await this.#writeAll(rendered), this.#deps.nowMs() + restMs);
      const isWaiting = Number.isFinite(nextMs);
      if (isWaiting && this.#shown.length === 0) return nextMs;
      // What was raised meanwhile, or waited for its parent, is found as well.
      found = await this.#record(ctx);
      if (isWaiting && found.stale.length > 0) return nextMs;
    }
    return this.#deps.nowMs();
  }

  /** Records what Slack shows, and looks for what it does not show, in one round trip. */
  async #record(ctx: UseCaseContext): Promise<Found> {
    const { workspaceId } = ctx;
    const queries = [outdatedCardsQuery(workspaceId, maxOutdated), workspaceQuery(workspaceId)] as const;
    const [outdated, workspace] = queries;
    const statementsOf = ({ card, at, now }: ShownCard): Sql[] => cardShownStatements(card, at, now);
    this.#isLookedUp = true;
    let recorded = await writeQuietly(ctx.db, [...this.#shown.flatMap(statementsOf), ...queries]);
    if (!recorded.written) {
      // A click has made a message another card's meanwhile: that one is rewritten from now on.
      for (const each of this.#shown) {
        const { written } = await writeQuietly(ctx.db, statementsOf(each));
        if (!written) await writeQuietly(ctx.db, [retireCard(each.card, "another card has its message", nowOf(ctx))]);
      }
      recorded = await writeQuietly(ctx.db, queries);
    }
    if (!recorded.written) throw new Error("The cards could not be looked up");
    if (this.#shown.length > 0) await this.ctx.storage.delete(shownKey);
    this.#shown = [];
    const { of } = recorded.results;
    const { shown, unposted, retryAt } =
      of(outdated).length < maxOutdated
        ? cardsToWrite(of(outdated), nowOf(ctx), cardsPerRound)
        : await this.#firstOfMany(ctx);
    return { stale: [...shown, ...unposted], retryAt, isDisconnected: of(workspace)?.disconnectedAt != null };
  }

  /** The same where more are out of date than are looked up at once: none of the two kinds crowds the other out. */
  async #firstOfMany(ctx: UseCaseContext): Promise<ReturnType<typeof cardsToWrite>> {
    const [shown, unposted, retry] = await read(
      ctx.db,
      staleCardsQuery(atNow(ctx), "shown", cardsPerRound),
      staleCardsQuery(atNow(ctx), "new", cardsPerRound),
      nextCardRetryQuery(ctx.workspaceId),
    );
    return { shown, unposted, retryAt: retry.at };
  }

  /** What may be written soon, and how long the first of the others rest. */
  #sorted(stale: readonly Card[]): { ready: Card[]; restMs: number } {
    const nowMs = this.#deps.nowMs();
    const rests = new Map(stale.map((card) => [card, this.#budget.restMs(callOf(card), card.id, nowMs)]));
    const resting = [...rests.values()].filter((restMs) => restMs > 0);
    const firstMs = Math.min(Number.POSITIVE_INFINITY, ...resting);
    return {
      ready: this.#withinReach(stale.filter((card) => rests.get(card) === 0)),
      restMs: Math.max(firstMs, ...resting.filter((restMs) => restMs <= firstMs + coalesceMs)),
    };
  }

  /** What the cards show is read together. */
  async #render(ctx: UseCaseContext, ready: readonly Card[]): Promise<{ card: Card; shown: Rendered }[]> {
    const together = { ...ctx, db: readsTogether(ctx.db), portal: this.#deps.portal };
    const rendered = await Promise.all(
      ready.map(async (card) => {
        try {
          const shown = await renderCard(together, card);
          if (shown) return [{ card, shown }];
          await writeQuietly(ctx.db, [retireCard(card, "its subject is gone", nowOf(ctx))]);
        } catch (error) {
          if (error instanceof DatabaseOutage) throw error;
          log("slack_outbox.not_rendered", { ...aboutOf(card), error: String(error) });
          await this.#tryLater(card);
        }
        return [];
      }),
    );
    return rendered.flat();
  }

  /** @returns when to go on; never, when everything has been written */
  async #writeAll(rendered: readonly { card: Card; shown: Rendered }[]): Promise<number> {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { card, shown } of rendered) {
      const nowMs = this.#deps.nowMs();
      const waitMs = this.#budget.take(callOf(card), card.id, nowMs);
      if (waitMs > 0) {
        nextMs = Math.min(nextMs, nowMs + waitMs);
        continue;
      }
      const failure = await inTrace(shown.traceId ?? currentTraceId(), () => this.#write(card, shown));
      if (failure?.kind === "rate_limited" || failure?.kind === "unauthorized") {
        const isAsked = failure.kind === "rate_limited";
        const untilMs = this.#deps.nowMs() + (isAsked ? failure.retryAfterMs : unauthorizedMs);
        this.#budget.pause(untilMs);
        // A token that is fixed comes with a new version, which may use it at once.
        if (isAsked) await this.ctx.storage.put(pausedKey, untilMs);
        return untilMs;
      }
      if (failure) throw new Error(`Card ${card.id} could not be written: ${failure.error}`);
    }
    return nextMs;
  }

  /** What an earlier instance of this object has stored. */
  async #remember(): Promise<void> {
    this.#budget.pause((await this.ctx.storage.get<number>(pausedKey)) ?? 0);
    this.#shown = (await this.ctx.storage.get<ShownCard[]>(shownKey)) ?? [];
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

  /**
   * One card to Slack. A card whose place is gone is retired; one that Slack refuses for another reason waits.
   * @returns the failure that the other cards would meet as well
   */
  async #write(card: Card, rendered: Rendered): Promise<SlackFailure | null> {
    const startedMs = this.#deps.nowMs();
    const about = { ...aboutOf(card), traceId: rendered.traceId, attempt: card.failures + 1 };
    const answer = await this.#sendAs(card, rendered, about);
    if (!("kind" in answer)) {
      const { workspaceId, id, desiredVersion, ts } = card;
      const at = { ...answer, newCardId: this.#deps.newId() };
      this.#shown.push({ card: { workspaceId, id, desiredVersion, ts }, at, now: this.#nowIso() });
      await this.ctx.storage.put(shownKey, this.#shown);
      log("slack_outbox.written", { ...about, final: rendered.final, durationMs: this.#deps.nowMs() - startedMs });
      return null;
    }
    const { kind, error } = answer;
    log("slack_outbox.refused", { ...about, failure: kind, error, durationMs: this.#deps.nowMs() - startedMs });
    switch (kind) {
      case "rate_limited":
      case "unauthorized":
        return answer;
      case "transient":
        if (answer.about === "slack") return answer;
        await this.#tryLater(card);
        return null;
      case "invalid":
        await this.#tryLater(card);
        return null;
      case "gone":
        await this.#retire(card, rendered, error);
        return null;
    }
  }

  async #tryLater(card: Card): Promise<void> {
    const atMs = this.#deps.nowMs() + backoffMs(cardBackoff, card.failures + 1, this.#deps.random());
    await writeQuietly(this.#deps.databases.of(card.workspaceId), [retryCard(card, new Date(atMs).toISOString())]);
  }

  async #retire(card: Card, { shown, owner }: Rendered, error: string): Promise<void> {
    log("slack_outbox.card_retired", { ...aboutOf(card), error });
    await writeQuietly(this.#deps.databases.of(card.workspaceId), [retireCard(card, error, this.#nowIso())]);
    if (card.ts === null && owner && shown.as === "message") await this.#notifyOwner(card, shown.message, owner, error);
  }

  /** A message that Slack does not take as it is goes in simpler forms: at last its text alone, without buttons. */
  async #sendAs(card: Card, { shown, fallbacks, broadcast }: Rendered, about: object): Promise<Shown | SlackFailure> {
    if (shown.as === "home") return this.#call(card, (client) => publishHome(client, card, shown.view));
    const { text } = shown.message;
    const bare = { text, blocks: [section(text)] };
    const refused: Message[] = [];
    let failure: SlackFailure = { kind: "transient", about: "message", error: "no form of it is left" };
    for (const form of [shown.message, ...fallbacks, bare]) {
      if (form !== bare && (await this.#unknownBlocks.areIn(form, this.#deps.nowMs()))) continue;
      if (refused.length > 0) {
        log("slack_outbox.fallback", { ...about, error: failure.error });
        this.#budget.spend(callOf(card), this.#deps.nowMs());
      }
      const answer = await this.#call(card, (client) => sendMessage(client, card, form, broadcast));
      if (!("kind" in answer)) {
        // The text alone says nothing about which block was the cause.
        if (form !== bare) for (const each of refused) await this.#unknownBlocks.learn(each, form, this.#deps.nowMs());
        return answer;
      }
      if (answer.kind !== "invalid") return answer;
      refused.push(form);
      failure = answer;
    }
    return failure;
  }

  #nowIso(): string {
    return new Date(this.#deps.nowMs()).toISOString();
  }

  /** Whoever asked for a card that no channel shows is notified. Once: a failure of that is only logged. */
  async #notifyOwner(card: Card, message: Message, owner: string, error: string): Promise<void> {
    const place = `This should stand in ${channelLink(card.channelId)}, but Slack does not let me post there`;
    const others = "`/cv review` posts a commit's card once more, and `/cv status` shows how far a push is.";
    const markdown = `:warning: ${message.text}\n${place}${mrkdwn(unpostedMessage(error))} ${others}`;
    const direct = { ...card, channelId: owner, threadTs: null };
    const sent = await this.#call(direct, (client) =>
      sendMessage(client, direct, { text: markdown, blocks: [section(markdown)] }, false),
    );
    if ("kind" in sent) log("slack_outbox.owner_not_notified", { cardId: card.id, error: sent.error });
  }

  /** One for each token: making a client costs more than a call. */
  #clientOf(botToken: string): WebClient {
    if (this.#client?.token !== botToken) this.#client = slackClient(botToken, this.#deps.slack);
    return this.#client;
  }

  /** @returns where the card stands now, or the failure */
  async #call(card: Card, send: (client: WebClient) => Promise<Shown | null>): Promise<Shown | SlackFailure> {
    const botToken = (await this.#deps.installation(card.workspaceId))?.botToken;
    if (!botToken) return { kind: "unauthorized", error: "the app is not installed in this workspace" };
    try {
      const shown = await send(this.#clientOf(botToken));
      return shown ?? { kind: "transient", about: "message", error: "an answer without ts" };
    } catch (error) {
      return failureOf(error);
    }
  }
}

const aboutOf = ({ workspaceId, id: cardId, kind, subjectId, desiredVersion: version }: Card) => ({
  workspaceId,
  cardId,
  kind,
  // Of these two it is a person.
  ...(kind === "home" || kind === "welcome" ? {} : { subjectId }),
  version,
});
