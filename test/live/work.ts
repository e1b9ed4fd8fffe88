/** A workspace with many pushes in progress, and a target that reports on request. */
import { setTimeout as delay } from "node:timers/promises";
import { portfolioId } from "../../tools/playground/seed/portfolio.ts";
import { people } from "../support/people.ts";
import { sendAsSlack } from "../stories/signatures.ts";
import { slashCommand } from "../stories/slack-payloads.ts";
import { StrictTarget } from "../stories/strict-target.ts";
import { ServedSlack } from "../support/slack/served-slack.ts";
import { keyOf } from "./followers.ts";
import { type Workers, startWorkers } from "./workers.ts";

const owner = { workspaceId: "T0LIVE0001", userId: people.admin, channelId: "C0LIVE0001" };
const botToken = "xoxb-live";
const percents = [10, 20, 30, 40, 50, 60, 70];
/** The product itself records push.started, job.dispatched and job.accepted. */
const ownEvents = 3;
export const eventsOfPush = ownEvents + percents.length + 2;

export class Work {
  #slack: ServedSlack | null = null;
  readonly target = new StrictTarget("d1cv");
  /** When each webhook was sent, by its content; performance.now(). */
  readonly reportedMs = new Map<string, number>();
  #workers: Workers | null = null;
  #asked = 0;

  get url(): string {
    if (!this.#workers) throw new Error("The Workers have not been started");
    return this.#workers.url;
  }

  async start(): Promise<void> {
    const slack = await ServedSlack.start();
    slack.addWorkspace(owner.workspaceId, botToken, owner.channelId);
    this.#slack = slack;
    await this.target.start();
    this.#workers = await startWorkers({
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: botToken,
      BOOTSTRAP_ADMIN: owner.userId,
      D1CV_API_URL: this.target.url,
      DEFAULT_TARGETS: JSON.stringify([{ name: "d1cv", portfolioId }]),
    });
    this.target.reportsTo(`${this.url}/v2/webhook/d1cv`);
    await this.#type("settings mode solo", /solo/i);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#workers?.remove(), this.target.stop()]);
    await this.#slack?.stop();
  }

  async #type(line: string, expected: RegExp, userId: string = owner.userId): Promise<string> {
    this.#asked += 1;
    const response = await sendAsSlack(this.url, slashCommand({ ...owner, userId }, line, `trigger-${this.#asked}`));
    const text = await response.text();
    if (!expected.test(text)) throw new Error(`/cv ${line} was answered with: ${text}`);
    return text;
  }

  /** @param userId whose it is; live connections are limited for each person */
  async makeToken(name: string, userId: string = owner.userId): Promise<string> {
    if (userId !== owner.userId) await this.#type(`roles <@${userId}> editor`, /editor/);
    const text = await this.#type(`tokens new ${name}`, /cvops_/, userId);
    return /cvops_[A-Za-z0-9_-]{43}/.exec(text)?.[0] ?? "";
  }

  async lastEventId(token: string): Promise<number> {
    return (await this.eventIds(token, 0)).at(-1) ?? 0;
  }

  /** Every event after an id, in D1. */
  async eventIds(token: string, afterId: number): Promise<number[]> {
    const ids: number[] = [];
    for (let after = afterId, more = true; more;) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${this.url}/v2/events?limit=500&lastEventId=${after}`, { headers });
      const page = JSON.parse(await response.text()) as {
        events: { id: number }[];
        lastEventId: number;
        more: boolean;
      };
      ids.push(...page.events.map(({ id }) => id));
      ({ lastEventId: after, more } = page);
    }
    return ids;
  }

  /** Approved commits, ready to push. */
  async prepare(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      this.target.misbehaves(messageOf(number), "is slow");
      await this.#type(`stage create technology name="Tool ${number}" category=Backend --target d1cv`, /Staged/);
      await this.#type(`commit -m "${messageOf(number)}"`, /Commit/);
      await this.#type(`approve ${number}`, /Approved/);
    }
  }

  /**
   * Resolves when the target has accepted the push and the acceptance is delivered: an earlier report would replace it.
   * @param isKnown whether a follower has received the acceptance of the job
   */
  async push(number: number, isKnown: (jobId: string) => boolean): Promise<void> {
    await this.#type(`push ${number} d1cv`, /has started/);
    const message = messageOf(number);
    while (!this.target.requests.some((request) => request.message === message)) await delay(10);
    const { jobId } = this.target.jobOf(message).request;
    while (!isKnown(jobId)) await delay(10);
  }

  /** Sends the target's reports on a push, one after the other. */
  steps(number: number): (() => Promise<void>)[] {
    const message = messageOf(number);
    const report = async (type: string, fields: object = {}, percent?: number): Promise<void> => {
      const { jobId } = this.target.jobOf(message).request;
      this.reportedMs.set(keyOf(jobId, type, percent), performance.now());
      await this.target.report(message, type, fields);
    };
    return [
      ...percents.map((percent) => () => report("job.progress", { stage: "writing", percent }, percent)),
      async () => {
        this.target.finish(message);
        await report("job.completed", { result: this.target.jobOf(message).result });
      },
      () => report("job.verified", { result: { d1Count: 1, vectorCount: null, synced: true } }),
    ];
  }
}

const messageOf = (number: number): string => `Tool ${number}`;
