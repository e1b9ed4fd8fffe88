/** Refusals in Slack, for the log and the count: the operation by our name for it, never by what somebody typed. */
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import type { Deps } from "../../env.ts";
import { type Answer, type SubmitAnswer, isForm } from "./reply.ts";

/** Of a request of which nobody has proved that it is Slack's. */
export const unsigned = {
  via: "slack",
  traceId: null,
  operation: "none",
  workspaceId: null,
  token: null,
} as const;

const codeOf = (answer: Answer | SubmitAnswer): string | null => {
  if (answer === null) return null;
  if ("errors" in answer) return answer.code ?? "invalid_request";
  if ("redrawn" in answer) return answer.below.code ?? "invalid_request";
  return isForm(answer) ? null : (answer.code ?? null);
};

/** Also writes the count where that is due: a request that was kept is carried out in another instance. */
export const recordDeclined = (
  { deps: { refusals }, waitUntil }: { deps: Pick<Deps, "refusals">; waitUntil: (work: Promise<unknown>) => void },
  { traceId, workspaceId }: Pick<UseCaseContext, "traceId" | "workspaceId">,
  operation: string,
  answer: Answer | SubmitAnswer,
): void => {
  const code = codeOf(answer);
  if (code === null) return;
  refusals.record({ via: "slack", traceId, operation, code, workspaceId, token: null });
  const writing = refusals.written();
  if (writing) waitUntil(writing);
};
