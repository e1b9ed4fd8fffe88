import * as z from "zod/mini";
import type { ProblemCode } from "../refusals.ts";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import type { Permission } from "../../domain/workspace/roles.ts";
import { loginCodeShape } from "../../domain/workspace/login.ts";
import { idInPath, numberInPath } from "../schemas.ts";

type Schema = z.ZodMiniType;

/** One operation of the API: what the server checks, the client sends and the OpenAPI document says. */
export interface Operation {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/v2`; parameters in braces. */
  path: `/${string}`;
  tag: "Staging" | "Commits" | "Review" | "Pushes" | "Events" | "Portfolio" | "Workspace" | "Webhooks";
  summary: string;
  description?: string;
  /** Whoever asks for it, or repeats it, needs this; a token besides the scope of it. */
  permission: Permission;
  /** Nobody has to say who they are: then the permission is of whoever acts on it later. Limited by address. */
  isPublic?: boolean;
  /** As how many plain requests it counts; 1 unless it asks a target, or a model, to work. */
  cost?: number;
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

/** In `meta`, of what is shown this once. */
export const shownOnce = {
  /** Null in the answer to a repeat of the request. */
  secret: z.nullable(z.string()),
  /** Where the secret is null: how to get another. */
  hint: z.nullable(z.string()),
};

/** What stands in braces in a path. */
const inPath = {
  number: numberInPath,
  id: idInPath,
  entityType: z.enum(entityTypes),
  userId: z.string().check(z.regex(/^[UW][A-Z0-9]{2,20}$/)),
  /** `all`, or a target. */
  scope: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  target: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  /** Of a sign-in. */
  code: z.string().check(z.regex(loginCodeShape)),
};
type InPath<Path> = Path extends `${string}{${infer Name extends keyof typeof inPath}}${infer Rest}`
  ? Name | InPath<Rest>
  : never;
type Params<Path> = [InPath<Path>] extends [never]
  ? unknown
  : { params: z.ZodMiniObject<Pick<typeof inPath, InPath<Path>>> };

const paramsOf = (path: string): Pick<Operation, "params"> => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof typeof inPath);
  return names.length === 0 ? {} : { params: z.object(Object.fromEntries(names.map((name) => [name, inPath[name]]))) };
};

type Given = "summary" | "description" | "query" | "body" | "example" | "reply";
type Usual = "tag" | "permission" | "isPublic" | "cost" | "status" | "problems";

/**
 * Makes the operations of one part of the API, which have this tag and need this permission unless they say otherwise.
 * Usually an operation answers 200 and has no problems of its own.
 */
export const operationsOf = (tag: Operation["tag"], permission: Permission) => {
  const by =
    (method: Operation["method"]) =>
    <const Path extends Operation["path"], const O extends Pick<Operation, Given> & Partial<Pick<Operation, Usual>>>(
      path: Path,
      own: O,
    ) =>
      // `Params` reads the same from the path as `paramsOf`.
      ({ method, path, tag, permission, status: 200, problems: [], ...paramsOf(path), ...own }) as Pick<
        Operation,
        "method" | "path" | Usual
      > &
        O &
        Params<Path>;
  return { get: by("GET"), post: by("POST"), patch: by("PATCH"), put: by("PUT"), remove: by("DELETE") };
};

/** Of every operation, and of those that change something. */
export const commonProblems = {
  always: [
    "unauthorized",
    "forbidden",
    "insufficient_scope",
    "invalid_request",
    "rate_limited",
    "commit_unreadable",
    "unavailable",
    "internal",
  ],
  writing: ["conflict", "duplicate_request", "idempotency_key_reused"],
} as const satisfies Record<string, readonly ProblemCode[]>;
