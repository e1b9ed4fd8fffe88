import * as z from "zod/mini";
import { entityTypes } from "../../domain/portfolio/registry.ts";
import { searchBody, verifyBody } from "../../targets/protocol.ts";
import { fieldValue, fieldValues } from "../../domain/portfolio/entity.ts";
import { change, commit, push } from "../resources.ts";
import { limit } from "../schemas.ts";
import { stageProblems } from "./staging.ts";
import { operationsOf } from "./operation.ts";

const field = z.object({
  name: z.string(),
  kind: z.string(),
  label: z.string(),
  /** The rule in words. */
  hint: z.string(),
  example: z.string(),
  required: z.boolean(),
  options: z.nullable(z.array(z.string())),
});

/** Which row, if it has an id, and why. */
const unreadableTargetRow = z.object({ id: z.nullable(z.string()), cause: z.string() });

/** A value, or whether there is a row at all: `row`, `no row`. */
const side = z.object({ value: z.optional(fieldValue), row: z.optional(z.boolean()) });

const difference = z.object({
  target: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  name: z.string(),
  /** Null: the row as a whole. */
  field: z.nullable(z.string()),
  expected: side,
  live: side,
  /** The commit that made it as expected; null where another target is the measure. */
  commitNumber: z.nullable(z.int()),
  /** The target that is the measure; null where a commit is. */
  unlike: z.nullable(z.string()),
  /** The same at the other targets that have answered. */
  elsewhere: z.array(z.object({ target: z.string(), live: side })),
  /** The commit that repairs the row when it is pushed again to the target; null where none does. */
  pushAgain: z.nullable(z.int()),
});

const rowAtTarget = z.strictObject({
  target: z.string().check(z.minLength(1), z.maxLength(40)),
  entityType: z.string().check(z.maxLength(60)),
  entityId: z.string().check(z.minLength(1), z.maxLength(200)),
});

const reconciledTarget = z.object({
  target: z.string(),
  sent: z.array(z.int()),
  left: z.array(z.int()),
  recorded: z.array(z.int()),
  forgotten: z.array(z.nullable(z.int())),
  accepted: z.int(),
  more: z.int(),
  isReindexed: z.boolean(),
  problem: z.nullable(z.string()),
});

/** A search embeds a text and asks an index; a comparison reads every row of every target. */
const costly = 10;

const { get, post } = operationsOf("Portfolio", "read");

export const portfolioOperations = {
  search: get("/search", {
    cost: costly,
    summary: "Search rows and commits",
    query: z.strictObject({ q: z.string(), limit: limit(50) }),
    description:
      "Rows by meaning: those that do not fit are left out, so `hits` may be empty. Commits by the words of their message and summary.",
    reply: z.object({
      query: z.string(),
      target: z.string(),
      hits: searchBody.shape.hits,
      /** Newest first, at most ten. */
      commits: z.array(commit),
    }),
    problems: ["query_required", "query_too_long", "search_unavailable"],
  }),

  listRows: get("/rows/{entityType}", {
    summary: "List the rows of an entity type, with their values",
    description: "From the first target that answers, by name. Staged changes are not included.",
    reply: z.object({
      target: z.string(),
      rows: z.array(z.object({ id: z.string(), name: z.string(), values: fieldValues })),
      /** Rows of the target that cannot be read: which, and why. */
      unreadable: z.array(unreadableTargetRow),
    }),
    problems: ["rows_unavailable"],
  }),

  verify: get("/verify", {
    cost: costly,
    permission: "verify",
    summary: "Compare the targets",
    reply: z.object({
      targets: z.array(
        z.object({
          target: z.string(),
          found: z.nullable(verifyBody),
          problem: z.nullable(z.string()),
          unreadable: z.array(unreadableTargetRow),
        }),
      ),
      /** Rows and fields that are not as applied commits have made them, or differ between targets; at most 1,000. */
      differences: z.array(difference),
      differenceCount: z.int(),
    }),
  }),

  stageFix: post("/verify/fix", {
    permission: "stage",
    summary: "Stage a change that repairs a difference",
    description:
      "Makes the target's row what applied commits, or the other targets, say it is. It reads the targets, so it needs what `GET /verify` needs as well.",
    body: rowAtTarget,
    example: { target: "d1", entityType: "technology", entityId: "python-1" },
    status: 201,
    reply: change,
    problems: [...stageProblems, "no_difference", "row_missing"],
  }),

  pushAgain: post("/verify/push", {
    permission: "push",
    summary: "Push the commit that last wrote a row again",
    description:
      "To the one target whose row is not as it was pushed. Only what is not live there is sent, and only where that is what the difference needs; the approvals are judged as for every push.",
    body: rowAtTarget,
    example: { target: "d1", entityType: "technology", entityId: "python-1" },
    status: 202,
    reply: push,
    problems: [
      "unknown_target",
      "unknown_entity_type",
      "no_difference",
      "rows_unavailable",
      "commit_not_found",
      "not_approved",
      "superseded",
      "newer_on_its_way",
      "push_too_large",
      "push_in_progress",
      "push_again_not_possible",
    ],
  }),

  acceptLive: post("/verify/accept", {
    permission: "verify",
    summary: "Accept a row as it is live at a target",
    description: "From now on it is expected so there. Nothing at any target changes.",
    body: rowAtTarget,
    example: { target: "d1", entityType: "technology", entityId: "python-1" },
    reply: z.object({ ...rowAtTarget.shape, values: z.nullable(fieldValues) }),
    problems: ["unknown_target", "unknown_entity_type", "rows_unavailable"],
  }),

  reindex: post("/reindex", {
    permission: "reindex",
    summary: "Rebuild search indexes",
    body: z.strictObject({ target: z.optional(z.string().check(z.maxLength(40))) }),
    example: { target: "all" },
    status: 202,
    reply: z.object({
      begun: z.array(z.object({ target: z.string(), rows: z.int() })),
      without: z.array(z.string()),
      failed: z.array(z.object({ target: z.string(), message: z.string() })),
    }),
    problems: ["unknown_target", "reindex_failed"],
  }),

  reconcile: post("/reconcile", {
    cost: costly,
    permission: "targets",
    summary: "Reconcile the targets after a database was put back in time",
    description:
      "Each target gets again what its database has lost, by the same jobs, and rebuilds its search index. What the bot's database has lost is recorded: a commit with the same content counts as applied, and rows of others count as pushed as they are live. At most 50 jobs at once: repeat it while `more` is not 0.",
    body: z.strictObject({
      target: z.optional(z.string().check(z.maxLength(40))),
      skipNumbers: z.optional(z.boolean()),
    }),
    example: { target: "d1" },
    reply: z.object({
      targets: z.array(reconciledTarget),
      numbersLeftOut: z.nullable(z.int()),
    }),
    problems: ["unknown_target"],
  }),

  describeEntities: get("/entities", {
    summary: "List the entity types and their fields",
    reply: z.object({
      entities: z.array(
        z.object({ type: z.enum(entityTypes), label: z.string(), plural: z.string(), fields: z.array(field) }),
      ),
    }),
  }),
};
