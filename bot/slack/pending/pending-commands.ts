/**
 * What Slack asked for and D1 has not answered in time: one object per workspace keeps it, tries it until it has an
 * answer, sends it to the person, and gives up loudly after a quarter of an hour. Idempotency records make the effect
 * single, and answers a request that had its effect before.
 */
import { DurableObject } from "cloudflare:workers";
import type { App } from "@slack/bolt";
import { type Backoff, atLeastAsked, backoffMs } from "../../../shared/backoff.ts";
import type { Effects } from "../../../shared/effects.ts";
import { inTrace, log } from "../../../shared/log.ts";
import { DatabaseOutage } from "../../../shared/storage/database.ts";
import { within } from "../../../shared/within.ts";
import { type Deps, createDeps } from "../../env.ts";
import { createSlackApp } from "../app.ts";
import { unknownOutcome } from "../core/failed.ts";
import { deliver, replyTo } from "../core/late-answer.ts";
import { Undelivered, isOutage } from "../core/outage.ts";
import { kindOf } from "../core/payload.ts";
import type { WorkerContext } from "../core/request.ts";
import {
  recipientOf,
  gaveUpAnswer,
  saveAsDeadLetter,
  deadLetterOf,
  sayThatItWaits,
  showInPlaceholder,
  whatBecame,
} from "./give-up.ts";
import type { PendingCommand, PendingQueue } from "../core/pending-command.ts";
import { PendingStore, type Waiting } from "./pending-store.ts";

const giveUpAfterMs = 15 * 60_000;
/** The last words have some time of their own, should Slack not take them at once. */
const lastWordsMs = 5 * 60_000;
/** D1 has stalled for as long as 80 s, and then answered. */
const longestTryMs = 100_000;
/** When the time is over, what became of it is looked up for so long: the person gets a message either way. */
const lastLookMs = 5000;
const triesPerAlarm = 20;
/** Longer than Slack is waited for at each of the places where an answer may go. */
const sayingMs = 45_000;
const backoff: Backoff = { firstMs: 2000, maxMs: 30_000 };

export class PendingCommands extends DurableObject<Env> implements PendingQueue {
  readonly #deps: Deps;
  readonly #app: App<WorkerContext>;
  readonly #store: PendingStore;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#deps = createDeps(env);
    this.#app = createSlackApp(this.#deps).app;
    this.#store = new PendingStore(state.storage);
  }

  async take(command: PendingCommand, afterMs: number): Promise<void> {
    await this.#store.keep(command, this.#inMs(afterMs));
    await this.#schedule();
  }

  async answer(key: string, answer: unknown): Promise<void> {
    const waiting = await this.#store.find(key);
    if (!waiting || waiting.answer !== undefined) return;
    await inTrace(waiting.traceId, () => this.#answered(waiting, answer));
    await this.#schedule();
  }

  async wake(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.#schedule();
  }

  /** An alarm that throws is retried six times and then dropped, so it never throws: it sets the next one. */
  override alarm(): Promise<void> {
    return inTrace(null, () => this.#advanceAll());
  }

  async #advanceAll(): Promise<void> {
    try {
      for (let tries = 0; tries < triesPerAlarm; tries += 1) {
        const waiting = await this.#store.nextDue(this.#deps.nowMs());
        if (!waiting) break;
        await inTrace(waiting.traceId, () => this.#advance(waiting));
      }
      await this.#keepDeadLetters();
    } catch (error) {
      log("pending.failed", { error: String(error) });
      await this.#store.postpone(this.#inMs(backoff.maxMs));
    }
    await this.#schedule();
  }

  async #schedule(): Promise<void> {
    const atMs = await this.#store.nextDueAtMs();
    if (atMs === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(atMs);
  }

  async #advance(waiting: Waiting): Promise<void> {
    if (waiting.answer !== undefined) return this.#say(waiting);
    const giveUpAtMs = waiting.receivedAtMs + giveUpAfterMs;
    const leftMs = giveUpAtMs - this.#deps.nowMs();
    if (leftMs <= 0) return this.#giveUp(waiting);
    const tried = await this.#try(waiting, Math.min(longestTryMs, leftMs));
    const now = await this.#store.find(waiting.key);
    // The first try has ended after all, and has given the answer.
    if (!now || now.answer !== undefined) return;
    if ("answer" in tried) return this.#answered(now, tried.answer);
    const attempts = now.attempts + 1;
    const dueAtMs = Math.min(this.#nextTryAtMs(attempts), giveUpAtMs);
    log("pending.tried", { ...about(now), attempts, error: String(tried.error) });
    await this.#store.save({ ...now, attempts, dueAtMs });
    if (tried.error instanceof DatabaseOutage) await this.#store.postpone(dueAtMs);
    if (attempts === 1) await sayThatItWaits(this.#deps, now);
  }

  /** The same that the Worker does with it, but for where the answer goes. */
  async #try(waiting: Waiting, limitMs: number): Promise<{ answer: unknown } | { error: unknown }> {
    const { key, workspaceId, body, traceId, placeholderViewId } = waiting;
    let answer: unknown = null;
    const waitUntil = (work: Promise<unknown>): void => this.ctx.waitUntil(work);
    const context = (effects: Effects): WorkerContext => ({
      effects,
      deps: this.#deps,
      workspaceId,
      waitUntil,
      traceId,
      key,
      placeholder: { viewId: placeholderViewId },
      notify: async (message) => {
        answer = message;
      },
    });
    const ack = async (reply?: unknown): Promise<void> => {
      answer ??= reply ?? null;
    };
    try {
      const processed = this.#deps.withEffects(
        (effects) => this.#app.processEvent({ body, ack, customProperties: context(effects) }),
        waitUntil,
      );
      await withinLimit(limitMs, processed);
      return { answer };
    } catch (error) {
      if (isOutage(error)) return { error };
      // A bug of ours is the same each time.
      log("pending.broken", { ...about(waiting), error: String(error) });
      return { answer: replyTo(body, unknownOutcome(traceId), key) };
    }
  }

  async #answered(waiting: Waiting, answer: unknown): Promise<void> {
    // While it is being said, an alarm does not say it too.
    const answered = { ...waiting, answer: answer ?? null, attempts: 0, dueAtMs: this.#inMs(sayingMs) };
    await this.#store.save(answered);
    await this.#say(answered);
  }

  /** Until Slack has taken it. It may come twice when the object dies in between, which is better than not at all. */
  async #say(waiting: Waiting): Promise<void> {
    const { key, answer } = waiting;
    try {
      const isTaken = await deliver(answer, await recipientOf(this.#deps, waiting));
      if (!isTaken) await this.#leaveDeadLetter(waiting, "Slack takes its answer nowhere");
      await this.#store.forget(key);
      log("pending.answered", { ...about(waiting), ms: this.#deps.nowMs() - waiting.receivedAtMs });
    } catch (error) {
      await this.#sayLater(waiting, error);
    }
  }

  async #sayLater(waiting: Waiting, error: unknown): Promise<void> {
    const attempts = waiting.attempts + 1;
    const dueAtMs = this.#nextTryAtMs(attempts, error instanceof Undelivered ? error.retryAfterMs : null);
    log("pending.not_answered", { ...about(waiting), attempts, error: String(error) });
    if (dueAtMs < waiting.receivedAtMs + giveUpAfterMs + lastWordsMs) {
      await this.#store.save({ ...waiting, attempts, dueAtMs });
      return;
    }
    await this.#leaveDeadLetter(waiting, `Its answer could not be said: ${String(error)}`);
    await this.#store.forget(waiting.key);
  }

  async #giveUp(waiting: Waiting): Promise<void> {
    const became = await withinLimit(lastLookMs, whatBecame(this.#deps, waiting)).catch(() => "unknown" as const);
    if (became === "done") {
      // Only its answer is missing, which its idempotency record has.
      const tried = await this.#try(waiting, longestTryMs);
      if ("answer" in tried) return this.#answered(waiting, tried.answer);
    }
    const isUndone = became === "undone";
    log("pending.given_up", { ...about(waiting), attempts: waiting.attempts, became });
    const outcome = isUndone ? "nothing was changed" : "unknown whether it had its effect";
    await this.#leaveDeadLetter(waiting, `No answer from D1 for 15 minutes: ${outcome}`);
    await showInPlaceholder(this.#deps, waiting, isUndone);
    await this.#answered(waiting, gaveUpAnswer(waiting, isUndone));
  }

  #leaveDeadLetter(waiting: Waiting, cause: string): Promise<void> {
    return this.#store.saveDeadLetter(deadLetterOf(waiting, cause, this.#deps.nowMs()));
  }

  /** Admins see in D1 what was given up, as soon as D1 is back. */
  async #keepDeadLetters(): Promise<void> {
    for (let deadLetter = await this.#dueDeadLetter(); deadLetter; deadLetter = await this.#dueDeadLetter()) {
      try {
        await inTrace(deadLetter.traceId, () => saveAsDeadLetter(this.#deps, deadLetter));
        await this.#store.forgetDeadLetter(deadLetter);
      } catch (error) {
        log("pending.dead_letter_not_saved", { traceId: deadLetter.traceId, error: String(error) });
        await this.#store.saveDeadLetter({ ...deadLetter, dueAtMs: this.#inMs(backoff.maxMs) });
        return;
      }
    }
  }

  async #dueDeadLetter() {
    const deadLetter = await this.#store.nextDeadLetter();
    return deadLetter && deadLetter.dueAtMs <= this.#deps.nowMs() ? deadLetter : null;
  }

  #nextTryAtMs(attempts: number, askedMs: number | null = null): number {
    return this.#inMs(atLeastAsked(backoffMs(backoff, attempts, this.#deps.random()), askedMs));
  }

  #inMs(delayMs: number): number {
    return this.#deps.nowMs() + delayMs;
  }
}

/** For the log: neither what was typed nor what Slack gave to answer with. */
const about = ({ body, workspaceId, traceId }: Waiting) => ({ type: kindOf(body), workspaceId, traceId });

/** What takes longer counts for nothing: its idempotency record says what it has done. */
const withinLimit = <T>(limitMs: number, work: Promise<T>): Promise<T> =>
  within(limitMs, work, () => new DatabaseOutage(`no answer within ${limitMs} ms`));
