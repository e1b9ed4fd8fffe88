import * as z from "zod/mini";
import type { ProblemCode } from "../refusals.ts";
import type { Scope } from "../../domain/workspace/roles.ts";

type Schema = z.ZodMiniType;

/** One operation of the API: what the server checks, the client sends and the OpenAPI document says. */
export interface Operation {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/v2`; parameters in braces. */
  path: `/${string}`;
  tag: "Staging" | "Commits" | "Review" | "Pushes" | "Events" | "Portfolio" | "Workspace" | "Webhooks";
  summary: string;
  description?: string;
  /** What a token needs for it. */
  scope: Scope;
  params?: z.ZodMiniObject;
  query?: z.ZodMiniObject;
  body?: Schema;
  /** A body that fits. */
  example?: object;
  /** Of a success. */
  status: 200 | 201 | 202;
  reply: Schema;
  /** Codes of the problems that are its own; those of every operation stand in one place. */
  problems: readonly ProblemCode[];
}

/**
 * A resource with what the operation has to say besides, which stands in `meta`: the resource has one shape wherever it
 * appears.
 */
export const withMeta = <R extends z.ZodMiniObject, const M extends Record<string, Schema>>(resource: R, meta: M) =>
  z.extend(resource, { meta: z.object(meta) });

export const defineOperation = <const O extends Operation>(operation: O): O => operation;

/** Of every operation, and of those that change something. */
export const commonProblems = {
  always: [
    "unauthorized",
    "forbidden",
    "insufficient_scope",
    "invalid_request",
    "rate_limited",
    "unavailable",
    "internal",
  ],
  writing: ["conflict", "duplicate_request", "idempotency_key_reused"],
} as const satisfies Record<string, readonly ProblemCode[]>;
