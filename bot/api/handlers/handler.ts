import type { ApiRefusal } from "../../../shared/contract/refusals.ts";
import type { OperationId, ReplyOf, Request } from "../../../shared/contract/operations.ts";
import type { Named } from "../../../shared/domain/by-name.ts";
import type { Finding } from "../../../shared/domain/operations/checks.ts";
import type { Person } from "../../../shared/storage/workspace/people.ts";
import { type Result, ok } from "../../../shared/result.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";

export interface ApiCall<Id extends OperationId> extends Request<Id> {
  ctx: UseCaseContext;
  /** Where people sign in; null where nobody can. */
  portal: string | null;
  /** What people of the workspace are called. */
  namesOf: (userIds: readonly string[]) => Promise<{ userId: string; name: string }[]>;
  /** Who is called so, by an e-mail address or a name of Slack. */
  findPeople: (typed: string) => Promise<Result<Named<Person>, { code: "unavailable" }>>;
  /** What doctor finds in the service and in the workspace. */
  examine: () => Promise<Finding[]>;
  /** Those to which whoever asks belongs, in the order of their ids. */
  workspaces: () => Promise<{ id: string; name: string | null }[]>;
}

/** Parse is done, the reply is written by the caller: a handler calls a use case and shows what it led to. */
export type Handler<Id extends OperationId> = (call: ApiCall<Id>) => Promise<Result<ReplyOf<Id>, ApiRefusal>>;

export type Handlers = { [Id in OperationId]: Handler<Id> };

/** The outcome of a use case with its value as the API shows it. */
export const answer = async <T, Shown, Reason extends { code: string }>(
  outcome: Promise<Result<T, Reason>>,
  show: (value: T) => Shown,
): Promise<Result<Shown, Reason>> => {
  const done = await outcome;
  return done.ok ? ok(show(done.value)) : done;
};
