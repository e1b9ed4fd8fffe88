/** Modals and Homes as Slack keeps them: triggers of 3 s that work once, three modals a person, a hash per content. */
import type { View } from "@slack/types";
import { limits } from "../../../tools/playground/slack/limits.ts";
import { describe, validateView } from "../../../tools/playground/slack/validate-blocks.ts";
import type { Tickets } from "./tickets.ts";

/** Who interacted, and where; null where a test does not say. */
export type Interaction = { workspaceId: string; userId: string; channel: string } | null;

export interface ShownView {
  id: string;
  hash: string;
  rootId: string;
  previousId: string | null;
  view: View;
  owner: Interaction;
  openedMs: number;
  isClosed: boolean;
}

type Answer = Record<string, unknown>;

/** Inputs of a view's payload that are not distinguished here are the caller's to check. */
const refusal = (error: string): Answer => ({ ok: false, error });

export class FakeViews {
  /** Every content that was shown, in the order of time. */
  contents: View[] = [];
  /** Every modal, the closed ones as well. */
  modals: ShownView[] = [];
  /** Published Homes by person. */
  homes = new Map<string, View>();
  problems: string[] = [];
  readonly #tickets: Tickets<Interaction>;
  readonly #nowMs: () => number;
  #count = 0;

  constructor(tickets: Tickets<Interaction>, nowMs: () => number) {
    this.#tickets = tickets;
    this.#nowMs = nowMs;
  }

  /** The open modals, the one on top last. */
  get stack(): ShownView[] {
    return this.modals.filter(({ isClosed }) => !isClosed);
  }

  newTrigger(owner: Interaction): string {
    const id = `${this.#nowMs()}.${(this.#count += 1)}.trigger`;
    this.#tickets.addTrigger(id, owner);
    return id;
  }

  open(args: Record<string, string>, team: string): Answer {
    const exchanged = this.#exchange(args["trigger_id"], team);
    if ("error" in exchanged) return refusal(exchanged.error);
    const view = this.#parse(args);
    if (!view) return refusal("invalid_arguments");
    for (const open of this.#stackOf(exchanged.owner)) open.isClosed = true;
    return this.#show(view, null, exchanged.owner);
  }

  push(args: Record<string, string>, team: string): Answer {
    const exchanged = this.#exchange(args["trigger_id"], team);
    if ("error" in exchanged) return refusal(exchanged.error);
    const stack = this.#stackOf(exchanged.owner);
    const below = stack.at(-1);
    if (!below) return refusal("invalid_trigger_id");
    if (stack.length >= limits.viewStack) return refusal("push_limit_reached");
    const view = this.#parse(args);
    return view ? this.#show(view, below, exchanged.owner) : refusal("invalid_arguments");
  }

  update(args: Record<string, string>): Answer {
    const current = this.find(args["view_id"]);
    if (!current) return refusal("not_found");
    if (args["hash"] && args["hash"] !== current.hash) return refusal("hash_conflict");
    const view = this.#parse(args);
    if (!view) return refusal("invalid_arguments");
    this.replace(current, view);
    return { ok: true, view: apiView(current) };
  }

  publish(args: Record<string, string>): Answer {
    const view = this.#parse(args);
    if (view?.type !== "home") return refusal("invalid_arguments");
    this.homes.set(args["user_id"] ?? "", view);
    return { ok: true, view: { ...view, id: "VHOME", hash: this.#newHash() } };
  }

  /** An open modal. */
  find(id: string | undefined): ShownView | undefined {
    return this.modals.find((modal) => modal.id === id && !modal.isClosed);
  }

  /** Shows another content in the place of a view, as an answer to its submission does. */
  replace(current: ShownView, view: View): void {
    current.view = view;
    current.hash = this.#newHash();
    this.contents.push(view);
  }

  close(): void {
    const top = this.stack.at(-1);
    if (top) top.isClosed = true;
  }

  closeAll(): void {
    for (const modal of this.modals) modal.isClosed = true;
  }

  #stackOf(owner: Interaction): ShownView[] {
    return this.stack.filter((open) => open.owner?.userId === owner?.userId);
  }

  #show(view: View, below: ShownView | null, owner: Interaction): Answer {
    const id = `V${(this.#count += 1)}`;
    const shown: ShownView = {
      id,
      hash: this.#newHash(),
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      view,
      owner,
      openedMs: this.#nowMs(),
      isClosed: false,
    };
    this.modals.push(shown);
    this.contents.push(view);
    return { ok: true, view: apiView(shown) };
  }

  #newHash(): string {
    return `${Math.floor(this.#nowMs() / 1000)}.${(this.#count += 1)}`;
  }

  #exchange(triggerId: string | undefined, team: string): { owner: Interaction } | { error: string } {
    const exchanged = this.#tickets.exchange(triggerId);
    if (!exchanged.ok) return exchanged;
    const isForeign = exchanged.owner !== null && exchanged.owner.workspaceId !== team;
    return isForeign ? { error: "invalid_trigger_id" } : exchanged;
  }

  #parse(args: Record<string, string>): View | null {
    const view = JSON.parse(args["view"] ?? "null") as View;
    const problems = validateView(view).map(describe);
    this.problems.push(...problems);
    return problems.length === 0 ? { ...view, blocks: named(view.blocks) } : null;
  }
}

/** Slack names the blocks that have no name. */
export const named = <Block extends { block_id?: string }>(blocks: readonly Block[]): Block[] =>
  blocks.map((block, index) => ({ ...block, block_id: block.block_id ?? `b${index}` }));

/** As the Web API and interaction payloads show it. */
export const apiView = ({ id, hash, rootId, previousId, view }: ShownView): Record<string, unknown> => ({
  private_metadata: "",
  ...view,
  id,
  hash,
  root_view_id: rootId,
  previous_view_id: previousId,
});
