/** The tests' Slack on virtual time: slow, failing, hanging and losing replies as the run's faults say. */
import { type Answered, FakeSlack, type PostedMessage } from "../../../test/support/slack/fake-slack.ts";
import type { Interaction, ShownView } from "../../../test/support/slack/fake-views.ts";
import { RateLimits } from "../../../test/support/slack/rate-limits.ts";
import type { Person } from "../../../test/support/slack/requests.ts";
import { withIds } from "../../slack/block-ids.ts";
import type { Runtime } from "../platform/runtime.ts";

export type Block = Record<string, unknown>;

/** What only one person sees. */
export interface PrivateMessage {
  workspaceId: string;
  userId: string;
  channel: string;
  ts: string;
  text: string;
  blocks: PostedMessage["blocks"];
  responseUrl: string;
}

export class Slack extends FakeSlack {
  readonly privateMessages: PrivateMessage[] = [];
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    const nowMs = (): number => runtime.nowMs;
    super(nowMs);
    this.#runtime = runtime;
    this.rates = new RateLimits(nowMs);
  }

  /** With every command, click and submission. */
  handOut(owner: Interaction, viewId: string | null = null): { triggerId: string; responseUrl: string } {
    return { triggerId: this.newTrigger(owner, viewId), responseUrl: this.newResponseUrl(owner) };
  }

  /** Everything that the bot sends to Slack. */
  override fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const { faults } = this.#runtime;
    const method = hostname === "hooks.slack.com" ? "response_url" : pathname.replace("/api/", "");
    const hangs = faults.strikes("Slack hangs");
    const fails = faults.strikes("Slack fails");
    const limits = faults.strikes("Slack limits the rate");
    const losesReply = faults.strikes("Slack posts and its reply is lost");
    return this.#runtime.operate(
      `slack ${method}`,
      async () => {
        if (hangs) return new Promise<Response>(() => {});
        if (fails) return new Response("Internal Error", { status: 500 });
        if (limits) return rateLimited(this.#runtime.random.between(1, 30));
        const answer = await super.fetch(request);
        if (losesReply) throw new TypeError("fetch failed");
        return answer;
      },
      { signal: request.signal, latencyMs: [10, 60] },
    );
  }

  /** The messages that everybody in their channel sees. */
  get shown(): PostedMessage[] {
    return this.messages.filter(({ ephemeralFor }) => ephemeralFor === null);
  }

  openViews(workspaceId: string): ShownView[] {
    return this.views.stack.filter(({ owner }) => owner?.workspaceId === workspaceId);
  }

  override delete(message: PostedMessage): void {
    super.delete(message);
    this.#runtime.note(`somebody deletes ${message.channel}/${message.ts}`);
  }

  override takeAnswer(answer: Answered): void {
    super.takeAnswer(answer);
    if (answer.owner) this.notifyPerson(answer.owner, answer.url, answer.payload);
  }

  /** A reply that only one person sees, to a request or to a response address. */
  notifyPerson(
    { workspaceId, userId, channel }: Person & { channel: string },
    responseUrl: string,
    reply: Block,
  ): void {
    const text = typeof reply["text"] === "string" ? reply["text"] : "";
    let count = 0;
    const blocks = withIds(reply["blocks"], () => `b${count++}`) as PostedMessage["blocks"];
    this.#runtime.note(`${userId} reads: ${text.slice(0, 160).replaceAll("\n", " ")}`);
    this.privateMessages.push({ workspaceId, userId, channel, responseUrl, ts: this.newTs(), text, blocks });
  }
}

const rateLimited = (seconds: number): Response =>
  Response.json({ ok: false, error: "ratelimited" }, { status: 429, headers: { "retry-after": String(seconds) } });
