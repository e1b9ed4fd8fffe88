import type { Finding } from "../../../shared/domain/operations/checks.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import type { Answer, SubmitAnswer } from "./reply.ts";
import type { AskRows } from "./row-cache.ts";

/** What a request from Slack hands on: what use cases need, and the targets' rows as forms show them. */
export interface RequestContext extends UseCaseContext {
  askRows: AskRows;
  /** What doctor finds in the service, and in the workspace of the request. */
  examine: () => Promise<Finding[]>;
  /** Records a refusal, if it is one; `operation` is a name of ours, such as `/cv approve` or `form token`. */
  declined: (operation: string, answer: Answer | SubmitAnswer) => void;
}
