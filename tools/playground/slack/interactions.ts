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
import { elementsOf, optionsOf } from "./elements.ts";
import { nextTimestamp } from "./ids.ts";
import { isObject, type JsonObject, objectsOf, parseUntrusted, stringOf } from "./json.ts";
import { check } from "./check-shape.ts";
import { limits } from "./limits.ts";
import { findMessage, toApiMessage } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { newResponsePath, newTrigger } from "./tickets.ts";
import { findView, openModals, toApiView } from "./views.ts";
import { app, findActor, findChannel, mayRead, team, verificationToken } from "./workspace.ts";

export const failureText = (failure: string): string => `${app.name} failed with the error "${failure}"`;

const userFields = (user: string): JsonObject => ({
  id: user,
  username: findActor(user)?.name ?? "",
  team_id: team.id,
});

/** What every interaction payload carries. */
const originFields = {
  token: verificationToken,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
};

/** What payloads of messages and views carry besides; shortcuts do not say which app they are of. */
export const commonFields = (user: string): JsonObject => ({
  ...originFields,
  user: { ...userFields(user), name: findActor(user)?.name ?? "" },
  api_app_id: app.id,
});

export const sendInteraction = (slack: Slack, origin: string, payload: JsonObject): Promise<Ack> =>
  deliver(slack, {
    kind: stringOf(payload["type"]),
    origin,
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    payload,
  });

interface Surface {
  id: string;
  blocks: JsonObject[];
  /** The modal's id, for triggers. */
  viewId: string | null;
  /** The payload's fields that say where it happened. */
  fields: () => JsonObject;
}

/** The message or view as `user` sees it now; null when the person does not see it. */
const surfaceOf = (slack: Slack, user: string, container: Container, origin: string): Surface | null =>
  container.type === "message"
    ? messageSurface(slack, user, container, origin)
    : viewSurface(slack, user, container.viewId);

const messageSurface = (
  slack: Slack,
  user: string,
  { channel, ts }: Container & { type: "message" },
  origin: string,
): Surface | null => {
  const place = findChannel(channel);
  const message = findMessage(slack, channel, ts);
  if (!place || !message || message.deleted || !mayRead(channel, user)) return null;
  if (message.ephemeral_for !== null && message.ephemeral_for !== user) return null;
  const ephemeral = message.ephemeral_for !== null;
  const thread = message.thread_ts ? { thread_ts: message.thread_ts } : {};
  return {
    id: ts,
    blocks: objectsOf(message.blocks),
    viewId: null,
    fields: () => ({
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: ephemeral, ...thread },
      channel: { id: channel, name: place.is_im ? "directmessage" : place.name },
      // Slack sends no copy of an ephemeral message.
      ...(ephemeral ? {} : { message: toApiMessage(message) }),
      state: { values: chosenStates(slack, user, ts, message.blocks) },
      response_url: `${origin}${newResponsePath(slack, { channel, user, sourceTs: ts })}`,
    }),
  };
};

const viewSurface = (slack: Slack, user: string, viewId: string): Surface | null => {
  const stored = findView(slack, viewId);
  if (!stored || stored.user !== user) return null;
  const isHome = stored.view.type === "home";
  // Only the modal on top can be used.
  if (!isHome && openModals(slack, user).at(-1)?.id !== viewId) return null;
  return {
    id: viewId,
    blocks: objectsOf(stored.view.blocks),
    viewId: isHome ? null : viewId,
    fields: () => ({ container: { type: "view", view_id: viewId }, view: toApiView(slack, stored) }),
  };
};

interface Found {
  surface: Surface;
  block: JsonObject;
  element: JsonObject;
  place: Place;
}

const findElement = (slack: Slack, origin: string, input: OptionsInput | ActionInput): Found | string => {
  if (!findActor(input.as)) return "There is no such person.";
  const surface = surfaceOf(slack, input.as, input.container, origin);
  if (!surface) return "That message or view is no longer there.";
  const block = surface.blocks.find((one) => one["block_id"] === input.blockId);
  const element = block
    ? elementsOf(block)
        .map(([, one]) => one)
        .find((one) => one["action_id"] === input.actionId)
    : undefined;
  if (!block || !element) return "That element is no longer there.";
  return {
    surface,
    block,
    element,
    place: { user: input.as, container: surface.id, blockId: input.blockId, actionId: input.actionId },
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
  const { surface, block } = found;
  const action = actionOf(slack, found, input.value);
  if (typeof action === "string") return notSent(action);
  // An input notifies the app only when it is submitted, unless it says otherwise.
  if (block["type"] === "input" && block["dispatch_action"] !== true)
    return { ok: true, ackMs: 0, status: null, error: null };
  const ack = await sendInteraction(slack, origin, {
    type: "block_actions",
    ...commonFields(input.as),
    trigger_id: newTrigger(slack, input.as, surface.viewId),
    ...surface.fields(),
    actions: [{ ...action, action_ts: nextTimestamp(slack) }],
  });
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
  const { surface, element, place } = found;
  if (element["type"] !== "external_select" && element["type"] !== "multi_external_select") {
    return { options: [], error: "That element has no suggestions." };
  }
  const min = element["min_query_length"];
  if (input.value.length < (typeof min === "number" ? min : 3)) return { options: [], error: null };
  const { response_url: _none, state: _unsent, ...fields } = surface.fields();
  const ack = await sendInteraction(slack, origin, {
    type: "block_suggestion",
    ...commonFields(input.as),
    ...fields,
    action_id: place.actionId,
    block_id: place.blockId,
    value: input.value,
  });
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

/** A global shortcut. */
export const runShortcut = async (slack: Slack, origin: string, input: ShortcutInput): Promise<Delivery> => {
  if (!findActor(input.as)) return notSent("There is no such person.");
  const ack = await sendInteraction(slack, origin, {
    type: "shortcut",
    ...originFields,
    user: userFields(input.as),
    action_ts: nextTimestamp(slack),
    callback_id: input.callbackId,
    trigger_id: newTrigger(slack, input.as, null),
  });
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};

/** A shortcut from a message's menu. */
export const runMessageShortcut = async (
  slack: Slack,
  origin: string,
  input: MessageShortcutInput,
): Promise<Delivery> => {
  const message = findMessage(slack, input.channel, input.ts);
  const channel = findChannel(input.channel);
  if (
    !findActor(input.as) ||
    !channel ||
    !message ||
    message.deleted ||
    message.ephemeral_for ||
    !mayRead(channel.id, input.as)
  ) {
    return notSent("That message is no longer there.");
  }
  const ack = await sendInteraction(slack, origin, {
    type: "message_action",
    ...originFields,
    user: { ...userFields(input.as), name: findActor(input.as)?.name ?? "" },
    action_ts: nextTimestamp(slack),
    callback_id: input.callbackId,
    trigger_id: newTrigger(slack, input.as, null),
    response_url: `${origin}${newResponsePath(slack, { channel: channel.id, user: input.as, sourceTs: message.ts })}`,
    channel: { id: channel.id, name: channel.is_im ? "directmessage" : channel.name },
    message_ts: message.ts,
    message: toApiMessage(message),
  });
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};
