/** Every operation of the API, by the name that the OpenAPI document and the client give it. */
import type * as z from "zod/mini";
import * as commits from "./operations/commits.ts";
import * as pushes from "./operations/pushes.ts";
import * as staging from "./operations/staging.ts";
import * as workspace from "./operations/workspace.ts";

export const operations = { ...staging, ...commits, ...pushes, ...workspace };

export type Operations = typeof operations;
export type OperationId = keyof Operations;

type Part<O, Name extends string> = O extends { [K in Name]: infer S extends z.ZodMiniType } ? S : null;
type Output<S> = S extends z.ZodMiniType ? z.output<S> : null;

/** What the server's handler gets: each part checked, null where the operation has none. */
export interface Request<Id extends OperationId> {
  params: Output<Part<Operations[Id], "params">>;
  query: Output<Part<Operations[Id], "query">>;
  body: Output<Part<Operations[Id], "body">>;
}

export type ReplyOf<Id extends OperationId> = z.output<Operations[Id]["reply"]>;
