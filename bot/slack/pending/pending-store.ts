/** What PendingCommands keeps in its object's own storage: the one store that is not rebuilt from D1. */
import { userOf } from "../core/payload.ts";
import type { PendingCommand } from "../core/pending-command.ts";

export interface Waiting extends PendingCommand {
  /** Place in the order of arrival. */
  sequence: number;
  dueAtMs: number;
  /** Tries so far, of whatever it waits for: to be run, or for Slack to take its answer. */
  attempts: number;
  /** Undefined while it has none; null when there is nothing to say. */
  answer?: unknown;
}

/** What is left of a request that was given up, until D1 has it. */
export interface DeadLetter {
  workspaceId: string;
  traceId: string;
  cause: string;
  attempts: number;
  body: Record<string, unknown>;
  dueAtMs: number;
}

export type Storage = Pick<DurableObjectStorage, "get" | "put" | "delete" | "list">;

const commandKey = (key: string): string => `command:${key}`;
const deadLetterKey = (traceId: string): string => `letter:${traceId}`;

export class PendingStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** A repeat of a request that waits to be run changes nothing but when it is due. */
  async keep(command: PendingCommand, dueAtMs: number): Promise<void> {
    const existing = await this.find(command.key);
    if (existing?.answer !== undefined) return;
    if (existing) return this.save({ ...existing, dueAtMs: Math.min(existing.dueAtMs, dueAtMs) });
    const sequence = ((await this.#storage.get<number>("sequence")) ?? 0) + 1;
    await this.#storage.put("sequence", sequence);
    await this.save({ ...command, sequence, dueAtMs, attempts: 0 });
  }

  async find(key: string): Promise<Waiting | null> {
    return (await this.#storage.get<Waiting>(commandKey(key))) ?? null;
  }

  async save(waiting: Waiting): Promise<void> {
    await this.#storage.put(commandKey(waiting.key), waiting);
  }

  /** With it go the address and the trigger that Slack gave for answering. */
  async forget(key: string): Promise<void> {
    await this.#storage.delete(commandKey(key));
  }

  /** The first that is due, in the order of arrival. */
  async nextDue(nowMs: number): Promise<Waiting | null> {
    return (await this.#ready()).find(({ dueAtMs }) => dueAtMs <= nowMs) ?? null;
  }

  /** When something is due next, in milliseconds since the epoch; null when nothing waits. */
  async nextDueAtMs(): Promise<number | null> {
    const deadLetter = await this.nextDeadLetter();
    const times = [...(await this.#ready()), ...(deadLetter ? [deadLetter] : [])].map(({ dueAtMs }) => dueAtMs);
    return times.length > 0 ? Math.min(...times) : null;
  }

  /** What a person asked for waits for what they asked for before it. */
  async #ready(): Promise<Waiting[]> {
    const asked = new Set<string>();
    return (await this.#all()).filter(({ body, answer }) => {
      if (answer !== undefined) return true;
      const userId = userOf(body);
      if (userId === null) return true;
      const isFirst = !asked.has(userId);
      asked.add(userId);
      return isFirst;
    });
  }

  async #all(): Promise<Waiting[]> {
    const found = await this.#storage.list<Waiting>({ prefix: commandKey("") });
    return [...found.values()].toSorted((left, right) => left.sequence - right.sequence);
  }

  /** D1 gives no answer: whatever needs it waits. */
  async postpone(untilMs: number): Promise<void> {
    for (const waiting of await this.#all())
      if (waiting.answer === undefined && waiting.dueAtMs < untilMs) await this.save({ ...waiting, dueAtMs: untilMs });
  }

  async saveDeadLetter(deadLetter: DeadLetter): Promise<void> {
    await this.#storage.put(deadLetterKey(deadLetter.traceId), deadLetter);
  }

  /** The one that is due first. */
  async nextDeadLetter(): Promise<DeadLetter | null> {
    const found = await this.#storage.list<DeadLetter>({ prefix: deadLetterKey("") });
    return [...found.values()].toSorted((left, right) => left.dueAtMs - right.dueAtMs)[0] ?? null;
  }

  async forgetDeadLetter({ traceId }: DeadLetter): Promise<void> {
    await this.#storage.delete(deadLetterKey(traceId));
  }
}
