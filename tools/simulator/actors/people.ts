/** Slack users: they type commands, click and submit forms; also twice, at the same moment, and too late. */
import { Random } from "../../../test/support/random.ts";
import {
  type Clicked,
  type Person,
  blockActions,
  homeOpened,
  messageAction,
  slashCommand,
  viewSubmission,
} from "../../../test/support/slack/requests.ts";
import { triedKeyOf } from "../../../bot/slack/core/modals/origin.ts";
import type { Block } from "../slack/slack.ts";
import { type Workspace, workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import { actionsIn, filled } from "./forms.ts";
import { searchRows } from "./row-search.ts";
import type { Delivery, SlackDelivery } from "./slack-delivery.ts";
import { contraryIntent } from "./intents/contrary.ts";
import { type Intent, isForm } from "./intents/draw.ts";
import { nextIntent } from "./intents/intents.ts";

interface Clickable {
  clicked: Clicked;
  action: Block;
}

export class People {
  readonly #world: World;
  readonly #delivery: SlackDelivery;
  /** How often each kind of action was requested, without Slack's retries. */
  readonly asked = new Map<string, number>();
  /** What was drawn, with the key of the request; what could have been drawn has none. */
  readonly drawn: { kind: string; workspaceId: string; key: string | null }[] = [];
  readonly #kinds = new Set<string>();

  constructor(world: World, delivery: SlackDelivery) {
    this.#world = world;
    this.#delivery = delivery;
  }

  /** One step of the workload. Its choices depend only on the step and on the state of the world. */
  act(seed: string, step: number): void {
    const random = new Random(`${seed}/step ${step}`);
    const workspace = random.chance(0.9) ? workspaces[0] : workspaces[1];
    if (!workspace) return;
    const { kinds, kind, intent } = nextIntent(this.#world, workspace, step, random);
    for (const each of kinds) this.#kinds.add(each);
    const { faults, scheduler } = this.#world.runtime;
    const key = this.#fulfil(workspace, intent, step, random);
    this.drawn.push({ kind, workspaceId: workspace.id, key });
    if (faults.strikes("double click"))
      scheduler.after(
        random.between(50, 800),
        () => void this.#fulfil(workspace, intent, step, new Random(`${seed}/step ${step}`)),
      );
    if (faults.strikes("two people at once")) {
      const other = contraryIntent(intent, workspace, random);
      scheduler.after(
        random.between(0, random.pick([12, 12, 1500])),
        () => void this.#fulfil(workspace, other, step, random),
      );
    }
  }

  get kinds(): readonly string[] {
    return [...this.#kinds];
  }

  /** @returns what the bot knows the request by; null where nothing was sent, or nothing is remembered */
  #fulfil(workspace: Workspace, intent: Intent, step: number, random: Random): string | null {
    const person = { workspaceId: workspace.id, userId: intent.userId };
    switch (intent.do) {
      case "type":
        return this.type(person, intent.text, random.chance(0.9) ? workspace.channel : `D${intent.userId.slice(1)}`);
      case "click":
        return this.#click(person, workspace, random);
      case "submit":
        return this.#submit(workspace, `words of step ${step}`, random);
      case "open home":
        return this.#openHome(person);
      case "search rows":
        searchRows(this.#world, this.#delivery, person, random);
        return null;
      case "stage a message":
        return this.#stageMessage(person, workspace.channel, intent.text);
    }
  }

  /** `/cv text`. */
  type(person: Person, text: string, channel: string): string {
    const { triggerId, responseUrl } = this.#world.slack.handOut({ ...person, channel });
    const body = slashCommand(person, { text, channel, triggerId, responseUrl });
    this.#count(person, text);
    this.#world.contributions.sends(person.userId, `slack:${triggerId}`, text);
    this.#send({ person, channel, name: `/cv ${text}`, body, responseUrl });
    return triggerId;
  }

  #click(person: Person, workspace: Workspace, random: Random): string | null {
    const choices = this.#clickables(person, random);
    return choices.length > 0 ? this.clickOn(person, random.pick(choices), workspace.channel) : null;
  }

  clickOn(person: Person, { clicked, action }: Clickable, channel: string): string {
    const viewId = clicked.on === "view" ? String(clicked.view["id"]) : null;
    const { triggerId, responseUrl } = this.#world.slack.handOut({ ...person, channel }, viewId);
    const at = clicked.on === "message" ? { ...clicked, responseUrl } : clicked;
    const value = valueOf(action);
    const command = /^(?:go|do):(.*)$/s.exec(value)?.[1];
    this.#count(person, command ?? `${String(action["action_id"])} ${value}`);
    const body = blockActions(person, at, action, triggerId);
    this.#world.contributions.sends(person.userId, `slack:${triggerId}`);
    this.#send({ person, channel, name: `clicks ${String(action["action_id"])} ${value}`, body, responseUrl });
    return triggerId;
  }

  /** Everything this user can click: current and earlier versions of channel messages, private replies, and Home. */
  #clickables({ workspaceId, userId }: Person, random: Random): Clickable[] {
    const { slack } = this.#world;
    const isOld = random.chance(0.15);
    const messages = (isOld ? slack.earlier : slack.shown)
      .filter(({ channel }) => slack.workspaceOf(channel) === workspaceId)
      .map(({ channel, ts, blocks }) => ({ channel, ts, blocks, isEphemeral: false }));
    const own = slack.privateMessages
      .filter((message) => message.workspaceId === workspaceId && message.userId === userId)
      .slice(-3)
      .map(({ channel, ts, blocks }) => ({ channel, ts, blocks, isEphemeral: true }));
    const onMessages = [...messages, ...own].flatMap(({ blocks, ...at }) =>
      actionsIn(blocks).map((action) => ({ clicked: { on: "message" as const, responseUrl: "", ...at }, action })),
    );
    const home = slack.views.homeOf(workspaceId, userId);
    if (!home) return onMessages.filter(keepsTargets);
    const view = slack.apiView(workspaceId, home);
    const onHome = actionsIn(home.view.blocks).map((action) => ({ clicked: { on: "view" as const, view }, action }));
    return [...onMessages, ...onHome].filter(keepsTargets);
  }

  #submit(workspace: Workspace, words: string, random: Random): string | null {
    const forms = this.#world.slack.openViews(workspace.id).filter(isForm);
    if (forms.length === 0) return null;
    const form = random.pick(forms);
    const userId = form.owner?.userId ?? "";
    const view = this.#world.slack.apiView(workspace.id, form);
    const person = { workspaceId: workspace.id, userId };
    const { triggerId, responseUrl } = this.#world.slack.handOut({ ...person, channel: workspace.channel }, form.id);
    const values = filled(form.view.blocks, words, random);
    const submitted = { ...view, state: { values } };
    const body = viewSubmission(person, submitted, triggerId);
    this.#count(person, `form ${String(view["callback_id"])}`);
    const name = `submits ${String(view["callback_id"])}`;
    this.#send({ person, channel: workspace.channel, name, body, responseUrl, viewId: form.id });
    const key = triedKeyOf(form.view["private_metadata"]) ?? `view:${form.id}:${form.hash}`;
    this.#world.contributions.sends(userId, `slack:${key}`);
    return key;
  }

  #openHome(person: Person): null {
    const body = homeOpened(person, `Ev${this.#world.runtime.random.uint32()}`, this.#world.runtime.nowMs);
    this.#send({ person, channel: "", name: "opens Home", body, responseUrl: "" });
    return null;
  }

  #stageMessage(person: Person, channel: string, text: string): null {
    const { triggerId, responseUrl } = this.#world.slack.handOut({ ...person, channel });
    const message = { channel, ts: this.#world.slack.somebodyPosts(channel), text, triggerId, responseUrl };
    const body = messageAction(person, "stage_message", message);
    this.#send({ person, channel, name: `stages "${text}"`, body, responseUrl });
    return null;
  }

  #count({ workspaceId }: Person, what: string): void {
    const key = `${workspaceId} ${what}`;
    this.asked.set(key, (this.asked.get(key) ?? 0) + 1);
  }

  #send(delivery: Delivery): void {
    const { runtime } = this.#world;
    void this.#delivery.send(delivery);
    if (runtime.faults.strikes("Slack sends again"))
      runtime.scheduler.after(runtime.random.between(1, 10_000), () => void this.#delivery.send(delivery));
  }
}

/** A world has the same targets to its end: what they hold at last is compared. */
const keepsTargets = ({ action }: Clickable): boolean => !valueOf(action).startsWith("do:targets remove ");

/** Slack's payload for a click on a button or a menu entry. */
const valueOf = (action: Block): string => {
  const option = action["selected_option"] as Block | undefined;
  const value = action["value"] ?? option?.["value"];
  return typeof value === "string" ? value : "";
};
