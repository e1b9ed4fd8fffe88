/** The modals and Homes of a Slack in memory: every content that was shown, and what is open. */
import type { View } from "@slack/types";
import { withIds } from "../../../tools/slack/block-ids.ts";
import type { StoredView } from "../../../tools/slack/workspace.ts";

/** Who interacted, and where; null where a test does not say. */
export type Interaction = { workspaceId: string; userId: string; channel: string } | null;

export interface ShownView extends StoredView {
  owner: Interaction;
  openedMs: number;
  isClosed: boolean;
}

export class FakeViews {
  /** Every content that was shown, in the order of time. */
  contents: View[] = [];
  /** Every modal, the closed ones as well. */
  modals: ShownView[] = [];
  /** By workspace and person. */
  readonly #homes = new Map<string, ShownView>();
  readonly #nowMs: () => number;
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The open modals, the one on top last. */
  get stack(): ShownView[] {
    return this.modals.filter(({ isClosed }) => !isClosed);
  }

  /** Published Homes by person. */
  get homes(): ReadonlyMap<string, View> {
    return new Map([...this.#homes.values()].map(({ user, view }) => [user, view]));
  }

  get allHomes(): ShownView[] {
    return [...this.#homes.values()];
  }

  homeOf(team: string, userId: string): ShownView | null {
    return this.#homes.get(`${team}/${userId}`) ?? null;
  }

  /** An open modal. */
  find(id: string | undefined): ShownView | undefined {
    return this.modals.find((modal) => modal.id === id && !modal.isClosed);
  }

  /** Shows a view on top of `below`, else as the bottom of a new stack. */
  show(content: Record<string, unknown>, owner: Interaction, user: string, below: StoredView | null): ShownView {
    const id = `V${(this.#count += 1)}`;
    const view = this.#named(content);
    const shown: ShownView = {
      id,
      user,
      hash: this.#newHash(),
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      view,
      owner,
      openedMs: this.#nowMs(),
      isClosed: false,
    };
    if (view.type === "home") this.#homes.set(`${owner?.workspaceId ?? ""}/${user}`, shown);
    else {
      this.modals.push(shown);
      this.contents.push(view);
    }
    return shown;
  }

  /** Shows another content in the place of a view, as an answer to its submission does. */
  replace(current: StoredView, content: View | Record<string, unknown>): void {
    current.view = this.#named({ ...content });
    current.hash = this.#newHash();
    if (current.view.type !== "home") this.contents.push(current.view);
  }

  close(): void {
    const top = this.stack.at(-1);
    if (top) top.isClosed = true;
  }

  closeAll(): void {
    for (const modal of this.modals) modal.isClosed = true;
  }

  #newHash(): string {
    return `${Math.floor(this.#nowMs() / 1000)}.${(this.#count += 1)}`;
  }

  #named(content: Record<string, unknown>): View {
    let count = 0;
    const newName = (): string => `b${count++}`;
    // Validated by who shows it.
    return { ...content, blocks: withIds(content["blocks"], newName) } as unknown as View;
  }
}
