/** An admin who registers, edits, rotates, enables, tests and replays webhooks, and repairs all of them at the end. */
import { type OpenWebhook, undeliveredTo, openWebhooks } from "../invariants/undelivered.ts";
import type { Random } from "../../../test/support/random.ts";
import { addressOf, filterLists } from "../receivers/webhooks.ts";
import { type Workspace, workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { People } from "./people.ts";

const maxWebhooks = 3;

export class WebhookAdmin {
  readonly #world: World;
  readonly #people: People;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  /** Occasionally changes a webhook, usually as an admin. */
  act(random: Random): void {
    if (!random.chance(0.35)) return;
    const webhooks = openWebhooks(this.#world);
    const existing = webhooks.length > 0 ? random.pick(webhooks) : null;
    const workspace = workspaces.find(({ id }) => id === existing?.workspace_id) ?? random.pick(workspaces);
    const userId = random.chance(0.9) ? workspace.people[0]?.userId : random.pick(workspace.people).userId;
    const text = this.#intent(webhooks, existing, random);
    this.#say(workspace, userId ?? "", text);
    if (random.chance(0.15))
      this.#world.runtime.scheduler.after(random.between(0, 400), () => this.#say(workspace, userId ?? "", text));
  }

  #intent(webhooks: readonly OpenWebhook[], existing: OpenWebhook | null, random: Random): string {
    const filters = random.pick(filterLists).join(",");
    const add = `webhooks add ${addressOf(`added-${random.uint32()}`)} --events ${filters} --profile ${random.pick(["fast", "standard"])}`;
    if (!existing) return add;
    const { number, state } = existing;
    return random.weighted([
      [webhooks.length < maxWebhooks ? 1 : 0, add],
      [1, `webhooks test ${number}`],
      [1.5, `webhooks rotate ${number}${random.pick(["", "", " --overlap 1", " --overlap 0"])}`],
      [state === "active" ? 1.5 : 0.1, `webhooks disable ${number}`],
      [state === "active" ? 0.1 : 5, `webhooks enable ${number}`],
      [1, `webhooks change ${number} --events ${filters}`],
      [0.4, `webhooks remove ${number}`],
      [2, `webhooks replay ${number} --since 1h`],
      [2, this.#replayOne(existing, random)],
      [0.5, random.pick(["webhooks", `webhooks show ${number}`, `webhooks failures ${number}`])],
    ]);
  }

  /** Requests one delivery in any state. */
  #replayOne({ id, number }: OpenWebhook, random: Random): string {
    const deliveries = this.#world.staging.rows<{ number: number }>(
      "SELECT number FROM webhook_deliveries WHERE endpoint_id = ?1 ORDER BY number",
      id,
    );
    return deliveries.length > 0 ? `webhooks replay ${random.pick(deliveries).number}` : `webhooks test ${number}`;
  }

  /** Enables disabled webhooks and replays undelivered events. @returns whether anything was left to repair */
  repair(): boolean {
    const commands = openWebhooks(this.#world).flatMap((webhook): [workspaceId: string, text: string][] => {
      const { number, state, workspace_id: workspaceId } = webhook;
      if (state === "disabled") return [[workspaceId, `webhooks enable ${number}`]];
      return undeliveredTo(this.#world, webhook).length > 0
        ? [[workspaceId, `webhooks replay ${number} --since 1d`]]
        : [];
    });
    for (const [workspaceId, text] of commands) {
      const workspace = workspaces.find(({ id }) => id === workspaceId);
      if (workspace) this.#say(workspace, workspace.people[0]?.userId ?? "", text);
    }
    return commands.length > 0;
  }

  #say({ id: workspaceId, channel }: Workspace, userId: string, text: string): void {
    this.#people.type({ workspaceId, userId }, text, channel);
  }
}
