/** Who has contributed to what, by what people and programs have sent. The product's own lists are not read. */
import { type Effects, contentText, effectsOf } from "./effects.ts";
import type { Touched } from "./transaction.ts";
import type { SimulatedD1 } from "../platform/d1.ts";

const nobody: ReadonlySet<string> = new Set();

/** What a scene hands on to those that begin with its rows. */
export interface Remembered {
  contributors: [id: string, userIds: string[]][];
  approved: [approvalId: string, content: string][];
}

interface Sent {
  userId: string;
  /** What was typed. */
  text: string;
  atMs: number;
}

export class Contributions {
  readonly #staging: SimulatedD1;
  readonly #nowMs: () => number;
  /** Who has sent a request, and what it says, by its key. */
  readonly #requests = new Map<string, Sent>();
  /** By id of a change or a commit. */
  readonly #contributors = new Map<string, Set<string>>();
  /** What each approval was given for. */
  readonly #approved = new Map<string, string>();
  /** When the content of a commit was last written, by its id. */
  readonly #writtenMs = new Map<string, number>();
  /** What each commit amounts to, and did before it was written last. */
  readonly #contents = new Map<string, { now: Effects; before: Effects | null }>();
  /** The request of the last transaction; null where it had none. */
  asked: Sent | null = null;
  /** Contents that no request has asked for. */
  readonly complaints: string[] = [];

  constructor(staging: SimulatedD1, nowMs: () => number) {
    this.#staging = staging;
    this.#nowMs = nowMs;
  }

  /** @param key by which the bot keeps that the request had its effect */
  sends(userId: string, key: string, text = ""): void {
    this.#requests.set(key, { userId, text, atMs: this.#nowMs() });
  }

  /** Follows what a transaction has touched. */
  follow(touched: readonly Touched[]): void {
    const request = touched.find(({ kind }) => kind === "request");
    const sent = request ? this.#sentAs(request.id) : null;
    const sender = sent?.userId ?? null;
    this.asked = sent;
    for (const { kind, id } of touched) {
      if (kind === "request") continue;
      if (kind === "approval") this.#approve(id);
      else this.#write(kind, id, sender);
    }
  }

  #write(kind: "change" | "commit", id: string, sender: string | null): void {
    if (kind === "commit") {
      this.#writtenMs.set(id, this.#nowMs());
      this.#contents.set(id, { now: this.contentOf(id), before: this.#contents.get(id)?.now ?? null });
    }
    if (sender === null) {
      this.complaints.push(`${kind} ${id} was written, and nobody has asked for it`);
      return;
    }
    const contributors = this.#contributors.get(id) ?? new Set();
    this.#contributors.set(id, contributors.add(sender));
  }

  #approve(approval: string): void {
    const [row] = this.#staging.rows<{ commit_id: string; decision: string }>(
      "SELECT commit_id, decision FROM approvals WHERE id = ?1",
      approval,
    );
    if (row?.decision === "approved") this.#approved.set(approval, contentText(this.contentOf(row.commit_id)));
  }

  /** The parts of a request have keys below its own. */
  #sentAs(key: string): Sent | null {
    for (let own = key; own !== ""; own = own.slice(0, Math.max(0, own.lastIndexOf(":")))) {
      const sent = this.#requests.get(own);
      if (sent !== undefined) return sent;
    }
    return null;
  }

  /** What the commit amounted to before it was written last; null where nobody has looked. */
  before(commit: string): Effects | null {
    return this.#contents.get(commit)?.before ?? null;
  }

  contentOf(commit: string): Effects {
    return effectsOf(this.#staging, commit);
  }

  /** Everybody whose input is in the commit. */
  of(commit: string): ReadonlySet<string> {
    const changes = this.#staging.rows<{ id: string }>("SELECT id FROM staged_changes WHERE commit_id = ?1", commit);
    return new Set(
      [commit, ...changes.map(({ id }) => id)].flatMap((id) => [...(this.#contributors.get(id) ?? nobody)]),
    );
  }

  isOfContent(approval: string, content: string): boolean {
    return this.#approved.get(approval) === content;
  }

  writtenMs(commit: string): number {
    return this.#writtenMs.get(commit) ?? 0;
  }

  get remembered(): Remembered {
    return {
      contributors: [...this.#contributors].map(([id, userIds]) => [id, [...userIds]]),
      approved: [...this.#approved],
    };
  }

  recall({ contributors, approved }: Remembered): void {
    for (const [id, userIds] of contributors) this.#contributors.set(id, new Set(userIds));
    for (const [id, content] of approved) this.#approved.set(id, content);
  }
}
