/** Modals and Homes as Slack keeps them: triggers of three seconds that work once, a stack of three, a hash per content. */
import type { View } from "@slack/types";
import { describe, validateView } from "../../../tools/playground/slack/validate-blocks.ts";
import type { Tickets } from "../slack/tickets.ts";

export interface ShownView {
  id: string;
  hash: string;
  rootId: string;
  previousId: string | null;
  view: View;
}

type Answer = Record<string, unknown>;

const maxViews = 3;
/** Inputs of a view's payload that are not distinguished here are the caller's to check. */
const refusal = (error: string): Answer => ({ ok: false, error });

export class FakeViews {
  /** Every content that was shown, in the order of time. */
  contents: View[] = [];
  /** The open modals, the one on top last. */
  stack: ShownView[] = [];
  /** Published Homes by person. */
  homes = new Map<string, View>();
  problems: string[] = [];
  readonly #tickets: Tickets<null>;
  #count = 0;

  constructor(tickets: Tickets<null>) {
    this.#tickets = tickets;
  }

  newTrigger(): string {
    const id = `${Date.now()}.${(this.#count += 1)}.trigger`;
    this.#tickets.addTrigger(id, null);
    return id;
  }

  open(args: Record<string, string>): Answer {
    const refused = this.#exchange(args["trigger_id"]);
    if (refused) return refused;
    const view = this.#parse(args);
    if (!view) return refusal("invalid_arguments");
    this.stack = [];
    return this.#show(view, null);
  }

  push(args: Record<string, string>): Answer {
    const below = this.stack.at(-1);
    const refused = this.#exchange(args["trigger_id"]);
    if (refused) return refused;
    if (!below) return refusal("invalid_trigger_id");
    if (this.stack.length >= maxViews) return refusal("push_limit_reached");
    const view = this.#parse(args);
    return view ? this.#show(view, below) : refusal("invalid_arguments");
  }

  update(args: Record<string, string>): Answer {
    const current = this.stack.find(({ id }) => id === args["view_id"]);
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
    return { ok: true, view };
  }

  /** Shows another content in the place of a view, as an answer to its submission does. */
  replace(current: ShownView, view: View): void {
    current.view = view;
    current.hash = this.#newHash();
    this.contents.push(view);
  }

  close(): void {
    this.stack.pop();
  }

  #show(view: View, below: ShownView | null): Answer {
    const id = `V${(this.#count += 1)}`;
    const shown = { id, hash: this.#newHash(), rootId: below?.rootId ?? id, previousId: below?.id ?? null, view };
    this.stack.push(shown);
    this.contents.push(view);
    return { ok: true, view: apiView(shown) };
  }

  #newHash(): string {
    return `${Math.floor(Date.now() / 1000)}.${(this.#count += 1)}`;
  }

  #exchange(triggerId: string | undefined): Answer | null {
    const exchanged = this.#tickets.exchange(triggerId);
    return exchanged.ok ? null : refusal(exchanged.error);
  }

  #parse(args: Record<string, string>): View | null {
    const view = JSON.parse(args["view"] ?? "null") as View;
    const problems = validateView(view).map(describe);
    this.problems.push(...problems);
    return problems.length === 0 ? view : null;
  }
}

/** As the Web API and interaction payloads show it. */
export const apiView = ({ id, hash, rootId, previousId, view }: ShownView): Record<string, unknown> => ({
  ...view,
  id,
  hash,
  root_view_id: rootId,
  previous_view_id: previousId,
});
