/** What interactive elements carry: how a choice is checked, stored and reported in `state.values`. */
import type { Block } from "@slack/types";
import { type ElementState, initialState, type Kind, kinds } from "../../slack/element-states.ts";
import { elementsOf, optionsOf } from "../../slack/elements.ts";
import { type JsonObject, isObject, listOf, objectsOf, parseOwn, stringOf } from "../../slack/json.ts";
import type { States } from "../../slack/workspace.ts";
import type { Slack } from "./slack.ts";
import { channelIn } from "./installation.ts";

/** Where an element stands: `container` is a message's timestamp or a view's id. */
export interface Place {
  user: string;
  container: string;
  blockId: string;
  actionId: string;
}

export type Chosen = { ok: true; state: ElementState } | { ok: false; error: string };

export const rememberSuggestions = (slack: Slack, place: Place, options: JsonObject[]): void => {
  slack.sql.exec(
    "INSERT OR REPLACE INTO suggestions (user, container, block_id, action_id, options) VALUES (?, ?, ?, ?, ?)",
    place.user,
    place.container,
    place.blockId,
    place.actionId,
    JSON.stringify(options),
  );
};

const suggestionsAt = (slack: Slack, place: Place): JsonObject[] => {
  const row = slack.sql
    .exec<{ options: string }>(
      "SELECT options FROM suggestions WHERE user = ? AND container = ? AND block_id = ? AND action_id = ?",
      place.user,
      place.container,
      place.blockId,
      place.actionId,
    )
    .toArray()[0];
  return row ? parseOwn<JsonObject[]>(row.options) : [];
};

/** The choice as Slack words it for one typed or picked value; undefined when it is not on offer. */
const resolve = (slack: Slack, from: Kind["from"], element: JsonObject, place: Place, value: string): unknown => {
  const initial = [element["initial_option"], ...listOf(element["initial_options"])].filter(isObject);
  switch (from) {
    case "options":
      return optionsOf(element).find((option) => option["value"] === value);
    case "suggestions":
      return [...suggestionsAt(slack, place), ...initial].find((option) => option["value"] === value);
    case "people":
      return slack.own.people.find(({ id }) => id === value)?.id;
    case "channels":
      return channelIn(slack, value)?.id;
    case "text":
      return element["type"] === "datetimepicker" ? Number(value) : value;
  }
};

/** The state of an element after a person chose `value`; nothing chosen is null or an empty list. */
export const choose = (slack: Slack, element: JsonObject, place: Place, value: string | string[] | null): Chosen => {
  const type = stringOf(element["type"]);
  const found = kinds[type];
  if (!found) return { ok: false, error: `${type} carries no value` };
  const wanted = value === null || value === "" ? [] : [value].flat();
  if (!found.many && wanted.length > 1) return { ok: false, error: `${type} takes one value` };
  const max = element["max_selected_items"];
  if (typeof max === "number" && wanted.length > max)
    return { ok: false, error: `no more than ${max} may be selected` };
  const chosen = wanted.map((one) => resolve(slack, found.from, element, place, one));
  if (chosen.includes(undefined)) return { ok: false, error: "the value is not one of the options" };
  return { ok: true, state: { type, [found.field]: found.many ? chosen : (chosen[0] ?? null) } };
};

export const rememberState = (slack: Slack, place: Place, state: ElementState): void => {
  slack.sql.exec(
    "INSERT OR REPLACE INTO element_states (user, container, block_id, action_id, state) VALUES (?, ?, ?, ?, ?)",
    place.user,
    place.container,
    place.blockId,
    place.actionId,
    JSON.stringify(state),
  );
};

const storedState = (slack: Slack, place: Place): ElementState | null => {
  const row = slack.sql
    .exec<{ state: string }>(
      "SELECT state FROM element_states WHERE user = ? AND container = ? AND block_id = ? AND action_id = ?",
      place.user,
      place.container,
      place.blockId,
      place.actionId,
    )
    .toArray()[0];
  return row ? parseOwn<ElementState>(row.state) : null;
};

/** Every element of `blocks` that carries a value, with its place and present state. */
export const statefulElements = (
  slack: Slack,
  user: string,
  container: string,
  blocks: readonly Block[],
): { block: JsonObject; element: JsonObject; place: Place; state: ElementState }[] =>
  objectsOf(blocks).flatMap((block) =>
    elementsOf(block).flatMap(([, element]) => {
      const found = kinds[stringOf(element["type"])];
      if (!found) return [];
      const place = { user, container, blockId: stringOf(block["block_id"]), actionId: stringOf(element["action_id"]) };
      return [{ block, element, place, state: storedState(slack, place) ?? initialState(element, found) }];
    }),
  );

/** `state.values`: by block id, then by action id. */
export const chosenStates = (slack: Slack, user: string, container: string, blocks: readonly Block[]): States => {
  const values: States = {};
  for (const { place, state } of statefulElements(slack, user, container, blocks)) {
    values[place.blockId] = { ...values[place.blockId], [place.actionId]: state };
  }
  return values;
};
