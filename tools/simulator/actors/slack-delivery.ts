/** Delivers Slack's requests to the bot, interprets the answer, and times out after three seconds. */
import type { ShownView } from "../../../test/support/slack/fake-views.ts";
import { currentInvocation } from "../platform/invocation.ts";
import { type Person, type SlackBody, signedRequest } from "../../../test/support/slack/requests.ts";
import type { Block } from "../slack/slack.ts";
import { type World, signingSecret } from "../world/world.ts";

const ackMs = 3000;
/** Slack retries events immediately, after a minute and after five minutes (docs.slack.dev, "Events API"). */
const retriesMs = [100, 60_000, 300_000];

export interface Delivery {
  person: Person;
  channel: string;
  name: string;
  body: SlackBody;
  responseUrl: string;
  /** The submitted form. */
  viewId?: string;
}

/** The outcome of a request as Slack sees it. */
export interface Acknowledged {
  name: string;
  body: SlackBody;
  sentMs: number;
  /** Null when the connection broke. */
  tookMs: number | null;
  status: number;
}

/** Stands for an answer that exceeds Slack's time limit. */
export const isNote = (text: unknown): boolean => typeof text === "string" && text.startsWith("Working on it");

export class SlackDelivery {
  readonly answers: Acknowledged[] = [];
  readonly late: string[] = [];
  readonly #world: World;
  /** Requests that were answered with a note that the result follows, by response address. */
  readonly pending = new Map<string, { name: string; person: Person; sinceMs: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  async send(delivery: Delivery, retryNumber = 0): Promise<void> {
    const { runtime } = this.#world;
    const { name, body, person } = delivery;
    if (currentInvocation()) throw new Error("Slack sends from outside");
    runtime.note(`→ ${person.userId} ${name}${retryNumber > 0 ? ` (retry ${retryNumber})` : ""}`);
    await this.#travel();
    const sentMs = runtime.nowMs;
    const timestampSeconds = Math.floor((runtime.nowMs + (runtime.clockSkewMs.get("bot") ?? 0)) / 1000);
    const request = signedRequest(body, { secret: signingSecret, timestampSeconds, retryNumber });
    let isOver = false;
    runtime.scheduler.after(ackMs, () => {
      if (isOver) return;
      isOver = true;
      this.late.push(name);
      this.#retry(delivery, retryNumber);
    });
    try {
      const response = await this.#world.requestBot(`slack ${name}`, request);
      const text = await response.text();
      if (isOver) return;
      isOver = true;
      this.answers.push({ name, body, sentMs, tookMs: runtime.nowMs - sentMs, status: response.status });
      if (!response.ok) return this.#retry(delivery, retryNumber);
      await this.#travel();
      this.#take(delivery, response, text);
    } catch (error) {
      runtime.note(`✗ ${name}: ${String(error)}`);
      if (isOver) return;
      isOver = true;
      this.answers.push({ name, body, sentMs, tookMs: null, status: 0 });
      this.#retry(delivery, retryNumber);
    }
  }

  #travel(): Promise<void> {
    const { random, scheduler } = this.#world.runtime;
    return new Promise((resolve) => scheduler.after(random.between(5, 40), resolve));
  }

  #retry(delivery: Delivery, retryNumber: number): void {
    const delayMs = delivery.body.isEvent ? retriesMs[retryNumber] : undefined;
    if (delayMs !== undefined)
      this.#world.runtime.scheduler.after(delayMs, () => void this.send(delivery, retryNumber + 1));
  }

  #take({ person, channel, responseUrl, viewId, name }: Delivery, response: Response, text: string): void {
    const { slack, runtime } = this.#world;
    if (text === "") return;
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    const answer = isJson ? (JSON.parse(text) as Block) : { text };
    const open = slack.views.find(viewId);
    if (open) {
      if (answer["response_action"] === "update") slack.views.replace(open, answer["view"] as ShownView["view"]);
      else if (answer["response_action"] !== "errors") open.isClosed = true;
      return;
    }
    if (answer["response_type"] !== "ephemeral" && !("text" in answer)) return;
    if (isNote(answer["text"])) this.pending.set(responseUrl, { name, person, sinceMs: runtime.nowMs });
    slack.notifyPerson({ ...person, channel }, responseUrl, answer);
  }
}
