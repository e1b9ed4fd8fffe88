/** Modals and Home tabs, stored and stacked. */
import type { View } from "@slack/types";
import { withIds } from "../../slack/block-ids.ts";
import { type JsonObject, parseOwn, stringOf } from "../../slack/json.ts";
import type { StoredView as WorkspaceView } from "../../slack/workspace.ts";
import type { OpenView } from "../client-protocol.ts";
import { newId, newName, nextTimestamp, randomHex } from "./ids.ts";
import type { Slack } from "./slack.ts";

interface ViewRow extends Record<string, SqlStorageValue> {
  id: string;
  user: string;
  hash: string;
  view: string;
  errors: string;
  root_view_id: string;
  previous_view_id: string | null;
  external_id: string | null;
}

export type StoredView = OpenView & WorkspaceView;

const columns = "id, user, hash, view, errors, root_view_id, previous_view_id, external_id";

const fromRow = (row: ViewRow): StoredView => ({
  id: row.id,
  user: row.user,
  hash: row.hash,
  view: parseOwn<View>(row.view),
  errors: parseOwn<Record<string, string>>(row.errors),
  rootId: row.root_view_id,
  previousId: row.previous_view_id,
});

export const findView = (slack: Slack, id: string): StoredView | null => {
  const row = slack.sql.exec<ViewRow>(`SELECT ${columns} FROM views WHERE id = ?`, id).toArray()[0];
  return row ? fromRow(row) : null;
};

export const findViewByExternalId = (slack: Slack, externalId: string): StoredView | null => {
  const row = slack.sql.exec<ViewRow>(`SELECT ${columns} FROM views WHERE external_id = ?`, externalId).toArray()[0];
  return row ? fromRow(row) : null;
};

const viewsOf = (slack: Slack, user: string): StoredView[] =>
  slack.sql.exec<ViewRow>(`SELECT ${columns} FROM views WHERE user = ? ORDER BY position`, user).toArray().map(fromRow);

/** A person's modals, the one on top last. */
export const openModals = (slack: Slack, user: string): StoredView[] =>
  viewsOf(slack, user).filter(({ view }) => view.type === "modal");

export const homeOf = (slack: Slack, user: string): StoredView | null =>
  viewsOf(slack, user).find(({ view }) => view.type === "home") ?? null;

/** As the person's page gets it. */
export const toOpenView = ({ id, user, hash, view, errors }: StoredView): OpenView => ({
  id,
  user,
  hash,
  view,
  errors,
});

const newHash = (slack: Slack): string => `${nextTimestamp(slack).split(".")[0]}.${randomHex(4)}`;

const publish = (slack: Slack, id: string, event: "view_opened" | "view_updated" | "home_published"): StoredView => {
  const stored = findView(slack, id);
  if (!stored) throw new Error(`View ${id} vanished`);
  slack.publish(stored.user, { type: event, view: toOpenView(stored) });
  return stored;
};

/** Shows a validated view to `user`: on top of `below`, else as the bottom of a new stack. */
export const addView = (slack: Slack, user: string, view: JsonObject, below: WorkspaceView | null): StoredView => {
  const id = newId("V");
  const stored = { ...view, blocks: withIds(view["blocks"], newName) };
  slack.sql.exec(
    `INSERT INTO views (${columns}) VALUES (?, ?, ?, ?, '{}', ?, ?, ?)`,
    id,
    user,
    newHash(slack),
    JSON.stringify(stored),
    below?.rootId ?? id,
    below?.id ?? null,
    stringOf(view["external_id"]) || null,
  );
  return publish(slack, id, view["type"] === "home" ? "home_published" : "view_opened");
};

/** Replaces a view's content; inputs that stay keep what the person typed. */
export const replaceView = (slack: Slack, current: WorkspaceView, view: JsonObject): StoredView => {
  const stored = { ...view, blocks: withIds(view["blocks"], newName) };
  slack.sql.exec(
    "UPDATE views SET view = ?, hash = ?, errors = '{}', external_id = ? WHERE id = ?",
    JSON.stringify(stored),
    newHash(slack),
    stringOf(view["external_id"]) || null,
    current.id,
  );
  return publish(slack, current.id, view["type"] === "home" ? "home_published" : "view_updated");
};

/** Shows what was wrong with a submission beside its inputs. */
export const setViewErrors = (slack: Slack, current: StoredView, errors: Record<string, string>): void => {
  slack.sql.exec("UPDATE views SET errors = ? WHERE id = ?", JSON.stringify(errors), current.id);
  publish(slack, current.id, "view_updated");
};

export const closeView = (slack: Slack, { id, user }: StoredView): void => {
  slack.sql.exec("DELETE FROM views WHERE id = ?", id);
  slack.sql.exec("DELETE FROM element_states WHERE container = ?", id);
  slack.publish(user, { type: "view_closed", viewId: id, user });
};

/** Closes all of a person's modals, the top one first. */
export const closeModals = (slack: Slack, user: string): void => {
  for (const view of openModals(slack, user).toReversed()) closeView(slack, view);
};
