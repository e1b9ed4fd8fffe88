/** Modals and Home tabs: docs.slack.dev/reference/methods, `views.*`. */
import { isObject } from "../json.ts";
import { limits } from "../limits.ts";
import { toApiView } from "../payloads.ts";
import { validateView } from "../validate-blocks.ts";
import { findActor, type StoredView, type Workspace } from "../workspace.ts";
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

const taken = (workspace: Workspace, externalId: string, by: StoredView | null): boolean => {
  const other = externalId === "" ? null : workspace.findViewByExternalId(externalId);
  return other !== null && other.id !== by?.id;
};

const shown = (workspace: Workspace, view: StoredView): Answer => ({ ok: true, view: toApiView(workspace, view) });

const open: Method["run"] = (workspace, args) => {
  const parsed = viewOf(args, "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(workspace, parsed.externalId, null)) return refuse("duplicate_external_id");
  const trigger = workspace.exchangeTrigger(argument(args, "trigger_id"));
  if (!trigger.ok) return refuse(trigger.error);
  workspace.closeModals(trigger.user);
  return shown(workspace, workspace.addView(trigger.user, parsed.view, null));
};

const push: Method["run"] = (workspace, args) => {
  const parsed = viewOf(args, "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(workspace, parsed.externalId, null)) return refuse("duplicate_external_id");
  const trigger = workspace.exchangeTrigger(argument(args, "trigger_id"));
  if (!trigger.ok) return refuse(trigger.error);
  const stack = workspace.openModals(trigger.user);
  const top = stack.at(-1);
  if (!top || trigger.viewId === null) return refuse("invalid_trigger_id");
  if (stack.length >= limits.viewStack) return refuse("push_limit_reached");
  return shown(workspace, workspace.addView(trigger.user, parsed.view, top));
};

const update: Method["run"] = (workspace, args) => {
  const externalId = argument(args, "external_id");
  const current = externalId
    ? workspace.findViewByExternalId(externalId)
    : workspace.findView(argument(args, "view_id"));
  if (!current) return refuse("not_found");
  const parsed = viewOf(args, current.view.type === "home" ? "home" : "modal");
  if ("refused" in parsed) return parsed.refused;
  if (taken(workspace, parsed.externalId, current)) return refuse("duplicate_external_id");
  const hash = argument(args, "hash");
  if (hash !== "" && hash !== current.hash) return refuse("hash_conflict");
  return shown(workspace, workspace.replaceView(current, parsed.view));
};

const publish: Method["run"] = (workspace, args) => {
  const user = findActor(workspace, argument(args, "user_id"));
  if (!user) return refuse("user_not_found");
  const parsed = viewOf(args, "home");
  if ("refused" in parsed) return parsed.refused;
  const current = workspace.homeOf(user.id);
  if (taken(workspace, parsed.externalId, current)) return refuse("duplicate_external_id");
  const hash = argument(args, "hash");
  if (hash !== "" && hash !== current?.hash) return refuse("hash_conflict");
  return shown(
    workspace,
    current ? workspace.replaceView(current, parsed.view) : workspace.addView(user.id, parsed.view, null),
  );
};

export const viewMethods: Record<string, Method> = {
  "views.open": { tier: "tier4", run: open },
  "views.push": { tier: "tier4", run: push },
  "views.update": { tier: "tier4", run: update },
  /** Documented as tier 4; counted as tier 3 because others measured less. */
  "views.publish": { tier: "tier3", run: publish },
};
