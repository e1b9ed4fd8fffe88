/** Submitting and closing modals: docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
import type { Delivery, ViewCloseInput, ViewSubmissionInput } from "../client-protocol.ts";
import { inputProblem } from "./check-input.ts";
import { notSent, toDelivery } from "./deliver.ts";
import { bareValue } from "../../slack/element-states.ts";
import { choose, rememberState, statefulElements } from "./element-states.ts";
import { failureText, sendInteraction } from "./interactions.ts";
import { isObject, type JsonObject, parseUntrusted, stringOf } from "../../slack/json.ts";
import { limits } from "../../slack/limits.ts";
import type { Slack } from "./slack.ts";
import { closedPayload, submissionPayload, toApiView } from "../../slack/payloads.ts";
import { senderOf } from "./sender.ts";
import { workspaceIn } from "./stored-workspace.ts";
import { newTrigger } from "./tickets.ts";
import { describe, validateView } from "../../slack/validate-blocks.ts";
import {
  addView,
  closeModals,
  closeView,
  findView,
  openModals,
  replaceView,
  setViewErrors,
  type StoredView,
} from "./views.ts";
import { findActor } from "./workspace.ts";

/** The modal on top for a person, when it is this one. */
const topModal = (slack: Slack, user: string, viewId: string): StoredView | null => {
  const top = openModals(slack, user).at(-1);
  return top?.id === viewId ? top : null;
};

/** A person submits a modal with what the inputs hold. */
export const submitView = async (slack: Slack, origin: string, input: ViewSubmissionInput): Promise<Delivery> => {
  const view = topModal(slack, input.as, input.viewId);
  const actor = findActor(input.as);
  if (!view || !actor) return notSent("That view is no longer open.");
  if (view.view.type !== "modal" || !view.view.submit) return notSent("That view has no submit button.");
  const errors = keepValues(slack, view, input.values);
  if (Object.keys(errors).length > 0) {
    setViewErrors(slack, view, errors);
    return notSent("Some inputs need attention.");
  }
  const ack = await sendInteraction(
    slack,
    origin,
    submissionPayload(
      senderOf(slack, actor),
      toApiView(workspaceIn(slack), view),
      newTrigger(slack, input.as, view.id),
    ),
  );
  return toDelivery(slack, ack, ack.failure ? failureText(ack.failure) : afterSubmission(slack, view.id, ack.body));
};

/** Takes over what the person typed, and finds what Slack's client would not let through, by block id. */
const keepValues = (slack: Slack, view: StoredView, values: ViewSubmissionInput["values"]): Record<string, string> => {
  const errors: Record<string, string> = {};
  for (const { block, element, place, state } of statefulElements(slack, view.user, view.id, view.view.blocks)) {
    const given = values[place.blockId]?.[place.actionId];
    const value = isObject(given) ? bareValue({ ...given, type: state.type }) : bareValue(state);
    const chosen = choose(slack, element, place, value);
    if (chosen.ok) rememberState(slack, place, chosen.state);
    const problem = chosen.ok ? inputProblem(block, element, chosen.state) : chosen.error;
    if (problem) errors[place.blockId] = problem;
  }
  return errors;
};

/** Does what the acknowledgement asks for: `errors`, `update`, `push`, `clear`, or close. */
const afterSubmission = (slack: Slack, viewId: string, body: string): string | null => {
  const current = findView(slack, viewId);
  if (!current) return null;
  const answer = body.trim() === "" ? {} : parseUntrusted(body);
  if (!isObject(answer)) return failureText("invalid_response");
  switch (answer["response_action"]) {
    case undefined:
      closeView(slack, current);
      return null;
    case "clear":
      closeModals(slack, current.user);
      return null;
    case "errors":
      return showErrors(slack, current, answer["errors"]);
    case "update":
    case "push":
      return showView(slack, current, answer["response_action"], answer["view"]);
    default:
      return failureText("invalid_response_action");
  }
};

const showErrors = (slack: Slack, current: StoredView, errors: unknown): string | null => {
  const entries = isObject(errors) ? Object.entries(errors) : [];
  const inputs = new Set(current.view.blocks.filter((block) => block.type === "input").map((block) => block.block_id));
  const valid = entries.every(([blockId, text]) => inputs.has(blockId) && stringOf(text) !== "");
  if (entries.length === 0 || !valid) return failureText("invalid_errors");
  setViewErrors(slack, current, Object.fromEntries(entries.map(([blockId, text]) => [blockId, stringOf(text)])));
  return null;
};

const showView = (slack: Slack, current: StoredView, action: "update" | "push", view: unknown): string | null => {
  const problems = validateView(view);
  if (problems.length > 0 || !isObject(view) || view["type"] !== "modal") {
    console.log(JSON.stringify({ event: "playground_view_refused", problems: problems.map(describe) }));
    return failureText("invalid_view");
  }
  const shown: JsonObject = view;
  if (action === "update") {
    replaceView(slack, current, shown);
    return null;
  }
  if (openModals(slack, current.user).length >= limits.viewStack) return failureText("push_limit_reached");
  addView(slack, current.user, shown, current);
  return null;
};

/** A person closes the modal on top, and with `clear_on_close` the whole stack. */
export const dismissView = async (slack: Slack, origin: string, input: ViewCloseInput): Promise<Delivery> => {
  const view = topModal(slack, input.as, input.viewId);
  const actor = findActor(input.as);
  if (!view || !actor || view.view.type !== "modal") return notSent("That view is no longer open.");
  const cleared = view.view.clear_on_close === true;
  const payload = closedPayload(senderOf(slack, actor), toApiView(workspaceIn(slack), view), cleared);
  if (cleared) closeModals(slack, input.as);
  else closeView(slack, view);
  if (view.view.notify_on_close !== true) return { ok: true, ackMs: 0, status: null, error: null };
  const ack = await sendInteraction(slack, origin, payload);
  return toDelivery(slack, ack, ack.failure && failureText(ack.failure));
};
