/** Asks, once nothing moves, whether the targets hold what was pushed, where the simulator has its own answer. */
import { workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { People } from "./people.ts";

const [workspace] = workspaces;

export class Verifier {
  readonly #world: World;
  readonly #people: People;
  #asked: { userId: string; sinceMs: number; rows: string[] } | null = null;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  /** @returns whether there was something to ask about */
  ask(): boolean {
    if (this.#asked || !workspace) return false;
    const rows = this.#parted();
    const [member] = this.#world.staging.rows<{ user_id: string }>(
      "SELECT user_id FROM members WHERE workspace_id = ?1 AND role IN ('approver', 'admin') ORDER BY user_id",
      workspace.id,
    );
    if (rows.length === 0 || !member) return false;
    this.#asked = { userId: member.user_id, sinceMs: this.#world.runtime.nowMs, rows };
    this.#people.type({ workspaceId: workspace.id, userId: member.user_id }, "verify", workspace.channel);
    return true;
  }

  /** Rows at which somebody has undone what a commit had written, and nobody has accepted it. */
  #parted(): string[] {
    const accepted = new Set(
      this.#world.staging
        .rows<{ id: string }>("SELECT data ->> '$.entityId' AS id FROM job_events WHERE type = 'target.accepted'")
        .map(({ id }) => id),
    );
    return this.#world.stores
      .flatMap((store) => store.undone(workspace?.portfolioId ?? ""))
      .filter((id) => !accepted.has(id));
  }

  /** What the answer has kept to itself. */
  unnamed(): string[] {
    if (!this.#asked) return [];
    const { userId, sinceMs, rows } = this.#asked;
    const answers = this.#world.slack.privateMessages.filter(
      (message) =>
        message.userId === userId && Number(message.ts) * 1000 >= sinceMs - 1000 && /holds \d+/.test(message.text),
    );
    return answers
      .filter(({ text }) => !text.includes("difference"))
      .map(() => `somebody has undone what was pushed to ${rows.join(", ")}, and verify says nothing of it`);
  }
}
