import { isObject } from "../json.ts";
import { limits } from "../limits.ts";
import type { Slack } from "../slack.ts";
import { exchangeTrigger } from "../tickets.ts";
import { validateView } from "../validate-blocks.ts";
import {
  addView,
  closeModals,
  findView,
  findViewByExternalId,
  homeOf,
  openModals,
  replaceView,
  type StoredView,
  toApiView,
} from "../views.ts";
import { findActor } from "../workspace.ts";
import { type Answer, type Arguments, argument, jsonArgument, type Method, refuse, refusePayload } from "./method.ts";

type Parsed = { view: Record<string, unknown>; externalId: string } | { refused: Answer };

const viewOf = (args: Arguments, type: "modal" | "home" | null): Parsed => {
  const view = jsonArgument(args, "view");
  const problems = validateView(view);
  if (problems.length > 0 || !isObject(view)) return { refused: refusePayload(problems) };
  if (type && view["type"] !== type) {
    return {
      refused: refusePayload([
        { code: "invalid_arguments", pointer: "/view/type", message: `must be one of: ${type}` },
      ]),
    };
  }
  return { view, externalId: argument(view, "external_id") };
};

const taken = (slack: Slack, externalId: string, by: StoredView | null): boolean => {
  const other = externalId === "" ? null : findViewByExternalId(slack, externalId);
  return other !== null && other.id !== by?.id;
};

const shown = (slack: Slack, view: StoredView): Answer => ({ ok: true, view: toApiView(slack, view) });

const open: Method["run"] = (slack, args) => {
  const parsed = viewOf(args, "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(slack, parsed.externalId, null)) return refuse("duplicate_external_id");
  const trigger = exchangeTrigger(slack, argument(args, "trigger_id"));
  if (!trigger.ok) return refuse(trigger.error);
  closeModals(slack, trigger.user);
  return shown(slack, addView(slack, trigger.user, parsed.view, null));
};

const push: Method["run"] = (slack, args) => {
  const parsed = viewOf(args, "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(slack, parsed.externalId, null)) return refuse("duplicate_external_id");
  const trigger = exchangeTrigger(slack, argument(args, "trigger_id"));
  if (!trigger.ok) return refuse(trigger.error);
  const stack = openModals(slack, trigger.user);
  const top = stack.at(-1);
  if (!top || trigger.viewId === null) return refuse("invalid_trigger_id");
  if (stack.length >= limits.viewStack) return refuse("push_limit_reached");
  return shown(slack, addView(slack, trigger.user, parsed.view, top));
};

const update: Method["run"] = (slack, args) => {
  const externalId = argument(args, "external_id");
  const current = externalId ? findViewByExternalId(slack, externalId) : findView(slack, argument(args, "view_id"));
  if (!current) return refuse("not_found");
  const parsed = viewOf(args, current.view.type === "home" ? "home" : "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(slack, parsed.externalId, current)) return refuse("duplicate_external_id");
  const hash = argument(args, "hash");
  if (hash !== "" && hash !== current.hash) return refuse("hash_conflict");
  return shown(slack, replaceView(slack, current, parsed.view));
};

const publish: Method["run"] = (slack, args) => {
  const user = findActor(argument(args, "user_id"));
  if (!user) return refuse("user_not_found");
  const parsed = viewOf(args, "home");
  if ("refused" in parsed) return parsed.refused;
  const current = homeOf(slack, user.id);
  if (taken(slack, parsed.externalId, current)) return refuse("duplicate_external_id");
  const hash = argument(args, "hash");
  if (hash !== "" && hash !== current?.hash) return refuse("hash_conflict");
  return shown(slack, current ? replaceView(slack, current, parsed.view) : addView(slack, user.id, parsed.view, null));
};

export const viewMethods: Record<string, Method> = {
  "views.open": { tier: "tier4", run: open },
  "views.push": { tier: "tier4", run: push },
  "views.update": { tier: "tier4", run: update },
  /** Documented as tier 4; counted as tier 3 because others measured less. */
  "views.publish": { tier: "tier3", run: publish },
};
