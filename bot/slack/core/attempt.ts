/** The first try of a request, within the 3 s that Slack waits. Without an answer, PendingCommands takes over. */
import type { App } from "@slack/bolt";
import { ofDuration } from "../../../shared/domain/operations/counts.ts";
import type { Effects } from "../../../shared/effects.ts";
import { currentTraceId, log } from "../../../shared/log.ts";
import { within } from "../../../shared/within.ts";
import type { Deps } from "../../env.ts";
import type { PendingCommand } from "./pending-command.ts";
import { deliver, unknownOutcomeNote, workingNote } from "./late-answer.ts";
import { isOutage } from "./outage.ts";
import { carriesSecrets } from "./secret-inputs.ts";
import { workspaceOf } from "./origin.ts";
import { type Body, keyOf, kindOf } from "./payload.ts";
import type { WorkerContext } from "./request.ts";

/** Slack gives up after 3 s: what has no answer by now is kept, which may take as long as `savePatienceMs`. */
const patienceMs = 2200;
const savePatienceMs = 500;
/** The first try may still be at work: it is what a person waits for least. */
const graceMs = 10_000;
/** D1 or Slack has failed, and may be back. */
const afterOutageMs = 1000;

export interface Incoming {
  app: App;
  body: Body;
  retryNum: number;
  deps: Deps;
  botToken: string;
  /** When Slack began to wait. */
  receivedAtMs: number;
  /** Keeps work alive after the response, for about 30 s. */
  waitUntil: (work: Promise<unknown>) => void;
}

export class FirstAttempt {
  readonly #in: Incoming;
  readonly #key: string | null;
  /** The same, or null for what must not lie anywhere: secrets are typed again. */
  readonly #kept: string | null;
  readonly #traceId = currentTraceId();
  readonly #receivedAtMs: number;
  readonly #placeholder: WorkerContext["placeholder"] = { viewId: null };
  readonly #response: Promise<Response>;
  #respond!: (response: Response) => void;
  #isAcknowledged = false;
  /** Whether PendingCommands has it; null while nobody has asked. */
  #saved: Promise<boolean> | null = null;
  /** What came too late to be said directly. */
  #late: unknown = null;

  constructor(incoming: Incoming) {
    this.#in = incoming;
    this.#key = keyOf(incoming.body);
    this.#kept = carriesSecrets(incoming.body) ? null : this.#key;
    this.#receivedAtMs = incoming.receivedAtMs;
    this.#response = new Promise((resolve) => {
      this.#respond = resolve;
    });
  }

  run(): Promise<Response> {
    const deadline = setTimeout(() => {
      log("slack.late", { type: kindOf(this.#in.body), traceId: this.#traceId, ms: this.#ageMs() });
      if (this.#kept === null) this.#acknowledge(workingNote(this.#in.body));
      else this.#in.waitUntil(this.#handOver(this.#kept, graceMs));
    }, patienceMs - this.#ageMs());
    this.#in.waitUntil(this.#work().finally(() => clearTimeout(deadline)));
    return this.#response;
  }

  async #work(): Promise<void> {
    const { app, body, retryNum, deps, waitUntil } = this.#in;
    const context = (effects: Effects): WorkerContext => ({
      effects,
      deps,
      workspaceId: workspaceOf(body),
      waitUntil,
      traceId: this.#traceId,
      key: this.#key,
      placeholder: this.#placeholder,
      notify: async (message) => {
        if (this.#saved) this.#late = message;
        else await this.#deliver(message);
      },
    });
    const ack = async (reply?: unknown): Promise<void> => {
      if (!this.#acknowledge(ackResponse(reply)) && reply) this.#late = reply;
    };
    try {
      await deps.withEffects(
        (effects) => app.processEvent({ body, ack, retryNum, customProperties: context(effects) }),
        waitUntil,
      );
      await this.#conclude();
    } catch (error) {
      await this.#fail(error);
    }
    this.#acknowledge(new Response(null, { status: 200 }));
  }

  /** Who took it over says what is left to say, or forgets it. */
  async #conclude(): Promise<void> {
    if (this.#key !== null && (await this.#saved)) await this.#pending.answer(this.#key, this.#late);
    else await this.#deliver(this.#late);
  }

  async #fail(error: unknown): Promise<void> {
    const outage = isOutage(error);
    log("slack.failed", { type: kindOf(this.#in.body), traceId: this.#traceId, outage, error: String(error) });
    if (outage && this.#kept !== null) await this.#handOver(this.#kept, afterOutageMs);
    else if (outage && this.#key !== null) await this.#giveUp(this.#key);
    else this.#acknowledge(new Response("Internal error", { status: 500 }));
  }

  /** What is not kept is answered at once, in the form's place. */
  async #giveUp(key: string): Promise<void> {
    const note = unknownOutcomeNote(this.#in.body, key, this.#traceId);
    if (!this.#acknowledge(note.clone())) await this.#deliver(await note.json());
  }

  /** Slack gets an acknowledgement when it is stored, and the truth when it is not. */
  async #handOver(key: string, afterMs: number): Promise<void> {
    if (!(await this.#saved)) this.#saved = this.#save(key, afterMs);
    this.#acknowledge(
      (await this.#saved) ? workingNote(this.#in.body) : unknownOutcomeNote(this.#in.body, key, this.#traceId),
    );
  }

  async #save(key: string, afterMs: number): Promise<boolean> {
    const { body } = this.#in;
    const command: PendingCommand = {
      key,
      workspaceId: workspaceOf(body),
      body,
      traceId: this.#traceId,
      receivedAtMs: this.#receivedAtMs,
      placeholderViewId: this.#placeholder.viewId,
    };
    const late = (): Error => new Error(`no answer within ${savePatienceMs} ms`);
    try {
      await within(savePatienceMs, this.#pending.take(command, afterMs), late);
      return true;
    } catch (error) {
      log("pending.not_saved", { type: kindOf(body), traceId: this.#traceId, error: String(error) });
      return false;
    }
  }

  get #pending() {
    return this.#in.deps.pending(workspaceOf(this.#in.body));
  }

  async #deliver(answer: unknown): Promise<void> {
    const { body, deps, botToken } = this.#in;
    const { nowMs, slack } = deps;
    await deliver(answer, { body, receivedAtMs: this.#receivedAtMs, nowMs, apiUrl: slack.apiUrl, botToken });
  }

  #ageMs(): number {
    return this.#in.deps.nowMs() - this.#receivedAtMs;
  }

  /** @returns false when Slack has its response already */
  #acknowledge(response: Response): boolean {
    if (this.#isAcknowledged) return false;
    this.#isAcknowledged = true;
    this.#in.deps.counts.add(ofDuration("acks", this.#ageMs()));
    this.#respond(response);
    return true;
  }
}

const ackResponse = (reply: unknown): Response => {
  if (reply === undefined || reply === null || reply === "") return new Response(null, { status: 200 });
  return typeof reply === "string" ? new Response(reply) : Response.json(reply);
};
