import type { ApiRefusal } from "../../shared/contract/refusals.ts";
import type { Deps } from "../env.ts";
import type { Caller } from "./caller.ts";

/** Whatever is refused is on one line: in which workspace, with which token, for what, and why not. */
export const recordRefusal = (
  { deps, traceId, operation }: { deps: Pick<Deps, "refusals">; traceId: string; operation: string },
  reason: ApiRefusal,
  asked: Pick<Caller, "workspaceId" | "actor"> | null,
): void => {
  const token = asked?.actor.kind === "token" ? asked.actor.token.id : null;
  const because = "because" in reason ? { because: reason.because } : {};
  const who = { workspaceId: asked?.workspaceId ?? null, token };
  deps.refusals.record({ via: "api", traceId, operation, code: reason.code, ...because, ...who });
};
