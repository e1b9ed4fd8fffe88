/** Interaction payloads: docs.slack.dev/reference/interaction-payloads */
import type {
  ActionInput,
  Container,
  Delivery,
  MessageShortcutInput,
  OptionsInput,
  ShortcutInput,
} from "../client-protocol.ts";
import { type Ack, deliver, notSent, toDelivery } from "./deliver.ts";
import { choose, chosenStates, type Place, rememberState, rememberSuggestions } from "./element-states.ts";
import { elementsOf, optionsOf } from "../../slack/elements.ts";
import { nextTimestamp } from "./ids.ts";
import { isObject, type JsonObject, objectsOf, parseUntrusted, stringOf } from "../../slack/json.ts";
import { check } from "../../slack/check-shape.ts";
import { limits } from "../../slack/limits.ts";
import {
  actionsPayload,
  messageActionPayload,
  messageSurface,
  placeOf,
  shortcutPayload,
  suggestionPayload,
  type Surface,
  toApiMessage,
  toApiView,
  viewSurface,
} from "../../slack/payloads.ts";
import type { Person } from "../../slack/workspace.ts";
import { findMessage } from "./messages.ts";
import { channelIn } from "./installation.ts";
import { senderOf } from "./sender.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";
import { newResponsePath, newTrigger } from "./tickets.ts";
import { findView, openModals } from "./views.ts";
import { app, findActor, mayRead } from "./workspace.ts";

export const failureText = (failure: string): string => `${app.name} failed with the error "${failure}"`;

export const sendInteraction = (slack: Slack, origin: string, payload: JsonObject): Promise<Ack> =>
  deliver(slack, {
    kind: stringOf(payload["type"]),
    origin,
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    payload,
  });

/** What `user` may use: a message or a view. */
interface Usable {
  id: string;
  blocks: JsonObject[];
  /** The modal's id, for triggers. */
  viewId: string | null;
  surface: () => Surface;
}

/** The message or view as `user` sees it now; null when the person does not see it. */
const usableOf = (slack: Slack, user: string, container: Container, origin: string): Usable | null =>
  container.type === "message"
    ? usableMessage(slack, user, container, origin)
    : usableView(slack, user, container.viewId);

const usableMessage = (
  slack: Slack,
  user: string,
  { channel, ts }: Container & { type: "message" },
  origin: string,
): Usable | null => {
  const found = channelIn(slack, channel);
  const message = findMessage(slack, channel, ts);
  if (!found || !message || message.deleted || !mayRead(channel, user)) return null;
  if (message.ephemeral_for !== null && message.ephemeral_for !== user) return null;
  const shown = message.ephemeral_for === null ? toApiMessage(workspaceIn(slack), message) : null;
  return {
    id: ts,
    blocks: objectsOf(message.blocks),
    viewId: null,
    surface: () =>
      messageSurface(placeOf(found), { ts, threadTs: message.thread_ts }, shown, {
        states: chosenStates(slack, user, ts, message.blocks),
        responseUrl: `${origin}${newResponsePath(slack, { channel, user, sourceTs: ts })}`,
      }),
  };
};

const usableView = (slack: Slack, user: string, viewId: string): Usable | null => {
  const stored = findView(slack, viewId);
  if (!stored || stored.user !== user) return null;
  const isHome = stored.view.type === "home";
  // Only the modal on top can be used.
  if (!isHome && openModals(slack, user).at(-1)?.id !== viewId) return null;
  return {
    id: viewId,
    blocks: objectsOf(stored.view.blocks),
    viewId: isHome ? null : viewId,
    surface: () => viewSurface(toApiView(workspaceIn(slack), stored)),
  };
};

interface Found {
  actor: Person;
  usable: Usable;
  block: JsonObject;
  element: JsonObject;
  place: Place;
}

const findElement = (slack: Slack, origin: string, input: OptionsInput | ActionInput): Found | string => {
  const actor = findActor(input.as);
  if (!actor) return "There is no such person.";
  const usable = usableOf(slack, input.as, input.container, origin);
  if (!usable) return "That message or view is no longer there.";
  const block = usable.blocks.find((one) => one["block_id"] === input.blockId);
  const element = block
    ? elementsOf(block)
        .map(([, one]) => one)
        .find((one) => one["action_id"] === input.actionId)
    : undefined;
  if (!block || !element) return "That element is no longer there.";
  return {
    actor,
    usable,
    block,
    element,
    place: { user: input.as, container: usable.id, blockId: input.blockId, actionId: input.actionId },
  };
};

/** The entry of `actions` for an element that was used, without its time. */
const actionOf = (
  slack: Slack,
  { element, place }: Found,
  value: string | string[] | undefined,
): JsonObject | string => {
  const type = stringOf(element["type"]);
  const common = { type, action_id: place.actionId, block_id: place.blockId };
  if (type === "button") {
    const { text, value: carried, style, url } = element;
    return {
      ...common,
      text,
      ...(carried === undefined ? {} : { value: carried }),
      ...(style ? { style } : {}),
      ...(url ? { url } : {}),
    };
  }
  if (type === "overflow") {
    const option = optionsOf(element).find((one) => one["value"] === value);
    return option ? { ...common, selected_option: option } : "That option is no longer there.";
  }
  const chosen = choose(slack, element, place, value ?? null);
  if (!chosen.ok) return chosen.error;
  rememberState(slack, place, chosen.state);
  return { ...common, ...chosen.state, ...(element["placeholder"] ? { placeholder: element["placeholder"] } : {}) };
};

/** A person uses an element of a message or view. */
export const runAction = async (slack: Slack, origin: string, input: ActionInput): Promise<Delivery> => {
  const found = findElement(slack, origin, input);
  if (typeof found === "string") return notSent(found);
  const { actor, usable, block } = found;
  const action = actionOf(slack, found, input.value);
  if (typeof action === "string") return notSent(action);
  // An input notifies the app only when it is submitted, unless it says otherwise.
  if (block["type"] === "input" && block["dispatch_action"] !== true)
    return { ok: true, ackMs: 0, status: null, error: null };
  const used = { ...action, action_ts: nextTimestamp(slack) };
  const triggerId = newTrigger(slack, input.as, usable.viewId);
  const payload = actionsPayload(senderOf(slack, actor), usable.surface(), used, triggerId);
  const ack = await sendInteraction(slack, origin, payload);
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};

export interface Suggestions {
  options: JsonObject[];
  option_groups?: JsonObject[];
  error: string | null;
}

/** Typeahead of an external select; what the bot offers is remembered, because only that can be chosen. */
export const runOptions = async (slack: Slack, origin: string, input: OptionsInput): Promise<Suggestions> => {
  const found = findElement(slack, origin, input);
  if (typeof found === "string") return { options: [], error: found };
  const { actor, usable, element, place } = found;
  if (element["type"] !== "external_select" && element["type"] !== "multi_external_select") {
    return { options: [], error: "That element has no suggestions." };
  }
  const min = element["min_query_length"];
  if (input.value.length < (typeof min === "number" ? min : 3)) return { options: [], error: null };
  const typed = { actionId: place.actionId, blockId: place.blockId, value: input.value };
  const payload = suggestionPayload(senderOf(slack, actor), usable.surface(), typed);
  const ack = await sendInteraction(slack, origin, payload);
  const suggestions = ack.failure ? { options: [], error: failureText(ack.failure) } : readSuggestions(ack.body);
  toDelivery(slack, ack, suggestions.error);
  rememberSuggestions(
    slack,
    place,
    optionsOf({ options: suggestions.options, option_groups: suggestions.option_groups ?? [] }),
  );
  return suggestions;
};

const readSuggestions = (body: string): Suggestions => {
  const parsed = parseUntrusted(body);
  if (!isObject(parsed)) return { options: [], error: failureText("invalid_options") };
  const { options, option_groups: groups } = parsed;
  const rule = { is: "shape", shape: groups === undefined ? "option" : "option_group" } as const;
  const problems = check(
    { is: "list", of: rule, max: limits.suggestions },
    groups ?? options,
    groups === undefined ? "/options" : "/option_groups",
  );
  if (problems.length > 0) {
    console.log(JSON.stringify({ event: "playground_options_refused", problems }));
    return { options: [], error: failureText("invalid_options") };
  }
  return groups === undefined
    ? { options: objectsOf(options), error: null }
    : { options: [], option_groups: objectsOf(groups), error: null };
};

const calledAs = (slack: Slack, { as, callbackId }: ShortcutInput) => ({
  callbackId,
  triggerId: newTrigger(slack, as, null),
  actionTs: nextTimestamp(slack),
});

/** A global shortcut. */
export const runShortcut = async (slack: Slack, origin: string, input: ShortcutInput): Promise<Delivery> => {
  const actor = findActor(input.as);
  if (!actor) return notSent("There is no such person.");
  const called = calledAs(slack, input);
  const ack = await sendInteraction(slack, origin, shortcutPayload(senderOf(slack, actor), called));
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};

/** A shortcut from a message's menu. */
export const runMessageShortcut = async (
  slack: Slack,
  origin: string,
  input: MessageShortcutInput,
): Promise<Delivery> => {
  const message = findMessage(slack, input.channel, input.ts);
  const channel = channelIn(slack, input.channel);
  const actor = findActor(input.as);
  const isThere = message && !message.deleted && !message.ephemeral_for;
  if (!actor || !channel || !isThere || !mayRead(channel.id, input.as))
    return notSent("That message is no longer there.");
  const target = { channel: channel.id, user: input.as, sourceTs: message.ts };
  const payload = messageActionPayload(senderOf(slack, actor), calledAs(slack, input), {
    place: placeOf(channel),
    message: toApiMessage(workspaceIn(slack), message),
    responseUrl: `${origin}${newResponsePath(slack, target)}`,
  });
  const ack = await sendInteraction(slack, origin, payload);
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};
