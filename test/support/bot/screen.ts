/** A person in front of Slack's modals: what they type stays while its input stays, and goes out as Slack sends it. */
import type { InputBlock, View } from "@slack/types";
import { expect } from "vitest";
import { initialState, kinds } from "../../../tools/slack/element-states.ts";
import {
  actionsPayload,
  messageActionPayload,
  type Sender,
  shortcutPayload,
  submissionPayload,
  suggestionPayload,
  viewSurface,
} from "../../../tools/slack/payloads.ts";
import { describe, validateView } from "../../../tools/slack/validate-blocks.ts";
import type { ShownView } from "../slack/fake-views.ts";
import { senderOf } from "../slack/requests.ts";
import { slack } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";
import { type World, people } from "./world.ts";

/** A text, the values of several choices, or nothing. */
export type Typed = string | string[] | null;

interface Option {
  text: { text: string };
  value: string;
}

export interface Suggested {
  options: Option[];
  /** Of groups, where there are some. */
  labels: string[];
}

const optionOf = (value: string): Record<string, unknown> => ({ text: { type: "plain_text", text: value }, value });

export class Screen {
  readonly world: World;
  readonly userId: string;
  /** Texts below inputs after a submission that was refused, by block id. */
  errors: Record<string, string> = {};
  #typed = new Map<string, Typed>();

  constructor(world: World, userId: string) {
    this.world = world;
    this.userId = userId;
  }

  /** The modal on top. */
  get shown(): ShownView {
    const top = slack.views.stack.at(-1);
    if (!top) throw new Error("no modal is open");
    return top;
  }

  get view(): View {
    return this.shown.view;
  }

  get said(): string {
    return textsOf(this.view);
  }

  get inputs(): InputBlock[] {
    return this.view.blocks.filter((block): block is InputBlock => block.type === "input");
  }

  /** The input whose block id begins so. */
  input(prefix: string): InputBlock {
    const found = this.inputs.find(({ block_id: id }) => id?.startsWith(prefix));
    if (!found) throw new Error(`no input ${prefix} among ${this.inputs.map(({ block_id: id }) => id).join(", ")}`);
    return found;
  }

  has(prefix: string): boolean {
    return this.inputs.some(({ block_id: id }) => id?.startsWith(prefix));
  }

  /** `/cv text`, which opens a modal and says nothing. */
  async command(text: string): Promise<this> {
    const response = await this.world.post(this.world.commandBody(this.userId, text));
    expect(await response.text(), `/cv ${text} opens a modal`).toBe("");
    return this;
  }

  async shortcut(callbackId: string): Promise<this> {
    await this.interact(shortcutPayload(this.#sender, this.#called(callbackId)));
    return this;
  }

  /** The shortcut in the menu of a message. */
  async messageShortcut(
    callbackId: string,
    message: { text: string; ts: string; threadTs?: string; user?: string; channel?: string },
  ): Promise<this> {
    const { text, ts, threadTs, user = people.author, channel = this.world.channel } = message;
    const on = {
      place: { id: channel, name: "portfolio" },
      message: { type: "message", user, ts, text, ...(threadTs ? { thread_ts: threadTs } : {}) },
      responseUrl: slack.newResponseUrl(this.#place),
    };
    await this.interact(messageActionPayload(this.#sender, this.#called(callbackId), on));
    return this;
  }

  /** Puts something into an input; the bot does not get it. */
  type(prefix: string, value: Typed): this {
    this.#typed.set(this.input(prefix).block_id ?? "", value);
    return this;
  }

  /** Puts something into an input that sends it at once. */
  async choose(prefix: string, value: string): Promise<this> {
    const block = this.input(prefix);
    expect(block.dispatch_action, `${prefix} tells at once`).toBe(true);
    this.type(prefix, value);
    await this.interact(this.choicePayload(prefix, value));
    return this;
  }

  choicePayload(prefix: string, value: string): Record<string, unknown> {
    const { block_id: blockId, element } = this.input(prefix);
    const action = {
      type: element.type,
      block_id: blockId,
      action_id: element.action_id,
      selected_option: optionOf(value),
      action_ts: "1.1",
    };
    return actionsPayload(this.#sender, viewSurface(this.#payloadView()), action, this.#newTrigger());
  }

  /** What the input offers for what was typed. */
  async suggest(prefix: string, typed: string): Promise<Suggested> {
    const { block_id: blockId, element } = this.input(prefix);
    const about = { actionId: element.action_id ?? "", blockId: blockId ?? "", value: typed };
    const response = await this.interact(suggestionPayload(this.#sender, viewSurface(this.#payloadView()), about));
    const body = await response.json<{
      options?: Option[];
      option_groups?: { label: { text: string }; options: Option[] }[];
    }>();
    const groups = body.option_groups ?? [];
    const options = body.options ?? groups.flatMap((group) => group.options);
    expect(options.length).toBeLessThanOrEqual(100);
    for (const option of options) {
      expect(option.text.text.length).toBeLessThanOrEqual(75);
      expect(option.value.length).toBeLessThanOrEqual(75);
    }
    return { options, labels: groups.map(({ label }) => label.text) };
  }

  /** Submits what is in the inputs. Slack does with the modal what it is answered. */
  async submit(values: Record<string, Typed> = {}): Promise<this> {
    for (const [prefix, value] of Object.entries(values)) this.type(prefix, value);
    await this.answer(await this.interact(this.submission()));
    return this;
  }

  submission(): Record<string, unknown> {
    return submissionPayload(this.#sender, this.#payloadView(), this.#newTrigger());
  }

  async answer(response: Response): Promise<void> {
    this.errors = {};
    const text = await response.text();
    if (text === "") {
      slack.views.close();
      return;
    }
    const answer = JSON.parse(text) as { response_action: string; errors?: Record<string, string>; view?: View };
    if (answer.response_action === "errors") {
      this.errors = answer.errors ?? {};
      for (const id of Object.keys(this.errors)) expect(this.inputs.map((block) => block.block_id)).toContain(id);
      return;
    }
    if (!answer.view) throw new Error(`an answer without a view: ${text}`);
    expect(validateView(answer.view).map(describe)).toEqual([]);
    slack.views.replace(this.shown, answer.view);
  }

  async interact(payload: Record<string, unknown>): Promise<Response> {
    const response = await this.world.post({ payload: JSON.stringify(payload) });
    expect(response.status).toBe(200);
    return response;
  }

  get #place() {
    return { workspaceId: this.world.team, userId: this.userId, channel: this.world.channel };
  }

  get #sender(): Sender {
    return senderOf(this.#place);
  }

  #called(callbackId: string) {
    return { callbackId, triggerId: this.#newTrigger(), actionTs: "1.1" };
  }

  #newTrigger(): string {
    return slack.newTrigger(this.#place, slack.views.stack.at(-1)?.id);
  }

  #payloadView(): Record<string, unknown> {
    return { ...slack.apiView(this.world.team, this.shown), state: { values: this.#state() } };
  }

  #state(): Record<string, Record<string, unknown>> {
    return Object.fromEntries(
      this.inputs.map((block) => [block.block_id ?? "", { [block.element.action_id ?? ""]: this.#stateOf(block) }]),
    );
  }

  #stateOf({ block_id: blockId = "", element }: InputBlock): Record<string, unknown> {
    const kind = kinds[element.type];
    if (!kind) throw new Error(`${element.type} is not known here`);
    if (!this.#typed.has(blockId)) return initialState({ ...element }, kind);
    const value = this.#typed.get(blockId) ?? null;
    if (kind.from !== "options" && kind.from !== "suggestions") return { type: element.type, [kind.field]: value };
    if (kind.many) return { type: element.type, [kind.field]: [value ?? []].flat().map(optionOf) };
    return { type: element.type, [kind.field]: typeof value === "string" ? optionOf(value) : null };
  }
}
