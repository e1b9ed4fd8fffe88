/** A person who only clicks: on a private reply, which the next one replaces, on Home, and in modals. */
import type { KnownBlock, View } from "@slack/types";
import { expect } from "vitest";
import { describe, validateMessage } from "../../../tools/playground/slack/validate-blocks.ts";
import { apiView } from "../slack/fake-views.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import type { Reply, World } from "./world.ts";

export interface Clickable {
  blockId: string;
  type: "button" | "overflow";
  actionId: string;
  value: string;
  label: string;
}

/** Everything on the blocks that can be clicked, entries of menus included. */
export const clickablesOf = (blocks: readonly KnownBlock[]): Clickable[] =>
  blocks.flatMap((block, index) => {
    const elements = block.type === "actions" ? block.elements : block.type === "section" ? [block.accessory] : [];
    const blockId = block.block_id ?? `b${index}`;
    return elements.flatMap((element): Clickable[] => {
      const actionId = element && "action_id" in element ? (element.action_id ?? "") : "";
      if (element?.type === "button")
        return [{ blockId, type: "button", actionId, value: element.value ?? "", label: element.text.text }];
      if (element?.type !== "overflow") return [];
      return element.options.map(({ text, value }) => ({
        blockId,
        type: "overflow" as const,
        actionId,
        value: value ?? "",
        label: text.text,
      }));
    });
  });

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
    const responseUrl = slack.newResponseUrl();
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

  #payload({ blockId, type, actionId, value, label }: Clickable, responseUrl: string): Record<string, unknown> {
    const { userId, world } = this;
    const text = { type: "plain_text", text: label };
    const chosen = type === "button" ? { text, value } : { selected_option: { text, value } };
    return {
      type: "block_actions",
      user: { id: userId, username: userId.toLowerCase(), team_id: world.team },
      api_app_id: "A0CVOPS01",
      token: "deprecated",
      team: { id: world.team, domain: "noor" },
      enterprise: null,
      is_enterprise_install: false,
      trigger_id: slack.newTrigger(),
      ...this.#place(responseUrl),
      actions: [{ type, block_id: blockId, action_id: actionId, action_ts: "1.1", ...chosen }],
    };
  }

  #place(responseUrl: string): Record<string, unknown> {
    const { modal, world } = this;
    if (modal) {
      const view = { private_metadata: "", ...apiView(modal), state: { values: {} } };
      return { container: { type: "view", view_id: modal.id }, view };
    }
    if (this.#surface.is === "home") {
      const view = {
        ...this.home,
        id: "VHOME",
        hash: "1.1",
        callback_id: "",
        private_metadata: "",
        state: { values: {} },
      };
      return { container: { type: "view", view_id: "VHOME" }, view };
    }
    return {
      container: { type: "message", message_ts: "1.000001", channel_id: world.channel, is_ephemeral: true },
      channel: { id: world.channel, name: "portfolio" },
      response_url: responseUrl,
    };
  }
}

/** What `/cv text` has shown. */
export const lookAt = async (world: World, userId: string, text = ""): Promise<Driver> =>
  new Driver(world, userId, await world.command(userId, text));
