/** A method for each operation, typed by the contract. Path parameters come first, then the body or the query. */
import type * as z from "zod/mini";
import { type OperationId, type Operations, type ReplyOf, operations } from "../../shared/contract/operations.ts";
import type { Operation } from "../../shared/contract/operations/operation.ts";
import { type CallArguments, type CallOptions, call } from "./call.ts";
import type { Connection } from "./connection.ts";

/** Numbers in a path or a query are numbers here, though they travel as text. */
type Path<O> = O extends { params: infer S extends z.ZodMiniType } ? [path: z.output<S>] : [];
type Content<O> = O extends { body: infer S extends z.ZodMiniType }
  ? Given<z.input<S>>
  : O extends { query: infer S extends z.ZodMiniType }
    ? Given<z.output<S>>
    : [];
/** Optional where every member is optional. */
type Given<T> = Partial<T> extends T ? [given?: T] : [given: T];

export type Method<Id extends OperationId> = (
  ...given: [...Path<Operations[Id]>, ...Content<Operations[Id]>, options?: CallOptions]
) => Promise<ReplyOf<Id>>;

export type Methods = { [Id in OperationId]: Method<Id> };

/** The arguments of a method, in the form of its operation. */
const argumentsOf = (
  { params, query, body }: Operation,
  given: unknown[],
): { args: CallArguments; options: CallOptions } => {
  const rest = [...given];
  const args: CallArguments = {};
  if (params) args.params = rest.shift() as CallArguments["params"];
  if (body) args.body = rest.shift() ?? {};
  else if (query) args.query = rest.shift() as CallArguments["query"];
  return { args, options: (rest[0] as CallOptions | undefined) ?? {} };
};

export const methodsOf = (connection: Connection): Methods => {
  const methods = Object.keys(operations).map((name) => {
    const id = name as OperationId;
    const method = (...given: unknown[]): Promise<unknown> => {
      const { args, options } = argumentsOf(operations[id], given);
      return call(connection, id, args, options);
    };
    return [id, method];
  });
  // Names and types come from one table; TypeScript loses the pairs in Object.entries.
  return Object.fromEntries(methods) as Methods;
};
