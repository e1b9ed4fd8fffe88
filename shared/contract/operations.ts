/** Every operation of the API, by the name that the OpenAPI document and the client give it. */
import type * as z from "zod/mini";
import { administrationOperations } from "./operations/administration.ts";
import { commitsOperations } from "./operations/commits.ts";
import { portfolioOperations } from "./operations/portfolio.ts";
import { loginsOperations } from "./operations/logins.ts";
import { pushesOperations } from "./operations/pushes.ts";
import { stagingOperations } from "./operations/staging.ts";
import { targetsOperations } from "./operations/targets.ts";
import { webhooksOperations } from "./operations/webhooks.ts";
import { workspaceOperations } from "./operations/workspace.ts";

/** In the order in which they are used. */
export const operations = {
  ...stagingOperations,
  ...commitsOperations,
  ...pushesOperations,
  ...portfolioOperations,
  ...workspaceOperations,
  ...administrationOperations,
  ...targetsOperations,
  ...loginsOperations,
  ...webhooksOperations,
};

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
