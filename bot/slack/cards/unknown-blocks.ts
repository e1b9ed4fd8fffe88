/** Types of blocks that a workspace's Slack does not take: remembered for a day, so that not each card asks in vain. */
import type { Message } from "../blocks/blocks.ts";

const rememberedMs = 24 * 60 * 60_000;
const storedKey = "unknownBlocks";

const typesIn = ({ blocks }: Message): string[] => blocks.map(({ type }) => type);

export class UnknownBlocks {
  readonly #storage: DurableObjectStorage;
  /** Until when, by type. */
  #until: Record<string, number> | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  async areIn(message: Message, nowMs: number): Promise<boolean> {
    const until = await this.#stored();
    return typesIn(message).some((type) => (until[type] ?? 0) > nowMs);
  }

  /** Slack has refused the one message and taken the other. */
  async learn(refused: Message, taken: Message, nowMs: number): Promise<void> {
    const known = typesIn(taken);
    const unknown = typesIn(refused).filter((type) => !known.includes(type));
    if (unknown.length === 0) return;
    const lasting = Object.entries(await this.#stored()).filter(([, untilMs]) => untilMs > nowMs);
    this.#until = Object.fromEntries([...lasting, ...unknown.map((type) => [type, nowMs + rememberedMs] as const)]);
    await this.#storage.put(storedKey, this.#until);
  }

  async #stored(): Promise<Record<string, number>> {
    this.#until ??= (await this.#storage.get<Record<string, number>>(storedKey)) ?? {};
    return this.#until;
  }
}
