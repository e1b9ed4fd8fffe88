/** A person who only clicks: on a private reply, which the next one replaces, on Home, and in modals. */
import type { KnownBlock, View } from "@slack/types";
import { expect } from "vitest";
import { describe, validateMessage } from "../../../tools/slack/validate-blocks.ts";
import { type Clicked, clickPayload } from "../slack/requests.ts";
import { actionOf, type Clickable, clickablesOf } from "./clickables.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import type { Reply, World } from "./world.ts";

type Surface = { is: "message"; blocks: KnownBlock[] } | { is: "home" };

export class Driver {
  readonly world: World;
  readonly userId: string;
  #surface: Surface;

  constructor(world: World, userId: string, reply: Reply | "home") {
    this.world = world;
    this.userId = userId;
    this.#surface = reply === "home" ? { is: "home" } : { is: "message", blocks: reply.blocks };
  }

  get home(): View {
    const home = slack.views.homes.get(this.userId);
    if (!home) throw new Error(`${this.userId} has opened no Home`);
    return home;
  }

  /** The modal on top, if one is open over what they look at. */
  get modal() {
    return slack.views.stack.at(-1);
  }

  get blocks(): KnownBlock[] {
    if (this.modal) return this.modal.view.blocks as KnownBlock[];
    return this.#surface.is === "home" ? (this.home.blocks as KnownBlock[]) : this.#surface.blocks;
  }

  get said(): string {
    return textsOf(this.blocks);
  }

  get clickables(): Clickable[] {
    return clickablesOf(this.blocks);
  }

  closeModals(): void {
    slack.views.closeAll();
  }

  /** @param what a label, and where several have it which of them, the first being 0 */
  async click(what: string | Clickable, which = 0): Promise<this> {
    const found = typeof what === "string" ? this.clickables.filter(({ label }) => label === what)[which] : what;
    if (!found) throw new Error(`nothing is called ${String(what)} among:\n${this.said}`);
    const { team: workspaceId, channel } = this.world;
    const responseUrl = slack.newResponseUrl({ workspaceId, userId: this.userId, channel });
    const response = await this.world.post({ payload: JSON.stringify(this.#payload(found, responseUrl)) });
    expect(response.status).toBe(200);
    for (const { payload } of slack.answers.filter(({ url }) => url === responseUrl)) {
      expect(payload, "a private reply gives way to the next").toMatchObject({
        response_type: "ephemeral",
        replace_original: true,
      });
      expect(validateMessage(payload).map(describe)).toEqual([]);
      this.#surface = { is: "message", blocks: payload["blocks"] as KnownBlock[] };
    }
    return this;
  }

  #payload(clicked: Clickable, responseUrl: string): Record<string, unknown> {
    const person = { workspaceId: this.world.team, userId: this.userId };
    const triggerId = slack.newTrigger({ ...person, channel: this.world.channel }, this.modal?.id);
    return clickPayload(person, this.#clicked(responseUrl), actionOf(clicked), triggerId);
  }

  #clicked(responseUrl: string): Clicked {
    const { team, channel } = this.world;
    const shown = this.modal ?? (this.#surface.is === "home" ? slack.views.homeOf(team, this.userId) : null);
    if (shown) return { on: "view", view: slack.apiView(team, shown) };
    return { on: "message", channel, ts: "1.000001", isEphemeral: true, responseUrl };
  }
}

/** What `/cv text` has shown. */
export const lookAt = async (world: World, userId: string, text = ""): Promise<Driver> =>
  new Driver(world, userId, await world.command(userId, text));
