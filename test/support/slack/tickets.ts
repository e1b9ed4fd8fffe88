/** What Slack hands out with an interaction and takes back: triggers and response addresses, on the clock of a test. */
import {
  responseUrlLifetimeMs,
  responseUrlUses,
  triggerLifetimeMs,
} from "../../../tools/playground/slack/ticket-rules.ts";

interface Ticket<Owner> {
  owner: Owner;
  expiresMs: number;
  uses: number;
}

type Taken<Owner, Refusal extends string> = { ok: true; owner: Owner } | { ok: false; error: Refusal };

export class Tickets<Owner> {
  readonly #nowMs: () => number;
  readonly #triggers = new Map<string, Ticket<Owner>>();
  readonly #urls = new Map<string, Ticket<Owner>>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  addTrigger(id: string, owner: Owner): void {
    this.#triggers.set(id, { owner, expiresMs: this.#nowMs() + triggerLifetimeMs, uses: 0 });
  }

  addResponseUrl(url: string, owner: Owner): void {
    this.#urls.set(url, { owner, expiresMs: this.#nowMs() + responseUrlLifetimeMs, uses: 0 });
  }

  /** Uses up a trigger. */
  exchange(id: string | undefined): Taken<Owner, "invalid_trigger_id" | "exchanged_trigger_id" | "expired_trigger_id"> {
    const ticket = this.#triggers.get(id ?? "");
    if (!ticket) return { ok: false, error: "invalid_trigger_id" };
    if (ticket.uses > 0) return { ok: false, error: "exchanged_trigger_id" };
    if (ticket.expiresMs < this.#nowMs()) return { ok: false, error: "expired_trigger_id" };
    ticket.uses += 1;
    return { ok: true, owner: ticket.owner };
  }

  /** Counts one use of a response address. */
  respond(url: string): Taken<Owner, "invalid_url" | "expired_url" | "used_url"> {
    const ticket = this.#urls.get(url);
    if (!ticket) return { ok: false, error: "invalid_url" };
    if (ticket.expiresMs < this.#nowMs()) return { ok: false, error: "expired_url" };
    if (ticket.uses >= responseUrlUses) return { ok: false, error: "used_url" };
    ticket.uses += 1;
    return { ok: true, owner: ticket.owner };
  }
}
