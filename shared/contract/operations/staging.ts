import * as z from "zod/mini";
import { actions, maxNote } from "../../domain/staging/change.ts";
import { change, commit, overlapping, stagedChange } from "../resources.ts";
import { fieldValues } from "../../domain/portfolio/entity.ts";
import { after, limit, number, targets, userId } from "../schemas.ts";
import { operationsOf, withMeta } from "./operation.ts";

/** The author's own words. */
const note = z.string().check(z.trim(), z.minLength(1), z.maxLength(maxNote));

const staged = withMeta(change, {
  ...overlapping,
  /** Targets that could not be asked for the row as it is now; the push looks again. */
  notAsked: z.array(z.string()),
  /** Rows with almost the same name, of which a new row may be a second. */
  similar: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const stageProblems = [
  "unknown_entity_type",
  "unknown_target",
  "invalid_values",
  "text_not_allowed",
  "note_too_long",
  "row_not_found",
  "row_unreadable",
  "values_required",
  "values_not_allowed",
  "no_change",
  "already_staged",
  "staged_for_deletion",
] as const;

const stageBody = z.strictObject({
  action: z.enum(actions),
  entityType: z.string().check(z.maxLength(60)),
  /** Id or exact name of the row; left out for a CREATE, whose id is minted. */
  entityId: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  /** All targets when left out. */
  targets: z.optional(targets),
  /** The values to set; left out for a DELETE. */
  payload: z.optional(fieldValues),
  note: z.optional(note),
});

const { get, post, patch, remove } = operationsOf("Staging", "stage");

export const stagingOperations = {
  stageChange: post("/stage", {
    summary: "Stage a change",
    description: "Targets change only after it is committed, approved and pushed.",
    body: stageBody,
    example: {
      action: "UPDATE",
      entityType: "technology",
      entityId: "python-1",
      payload: { experience_years: 8 },
    },
    status: 201,
    reply: staged,
    problems: [...stageProblems, "entity_id_required", "id_not_allowed"],
  }),

  listStaged: get("/staged", {
    summary: "List everybody's staged changes, yours first",
    description: "Give `next` as `after` for the next page.",
    permission: "read",
    query: z.strictObject({ author: z.optional(userId), limit: limit(500), after: z.optional(after) }),
    reply: z.object({
      changes: z.array(stagedChange),
      /** Of the whole list, and of yours in it. */
      count: z.int(),
      ownCount: z.int(),
      next: z.nullable(z.int()),
    }),
  }),

  editStaged: patch("/staged/{number}", {
    summary: "Edit a staged change",
    description: "The given fields replace the staged ones; null clears an optional field.",
    body: z.strictObject({
      payload: z.optional(fieldValues),
      targets: z.optional(targets),
      note: z.optional(z.nullable(note)),
    }),
    example: { payload: { experience_years: 9 } },
    reply: staged,
    problems: [
      "change_not_found",
      "not_author",
      "change_committed",
      "change_not_editable",
      "note_not_editable",
      "nothing_to_edit",
      "unknown_target",
      "invalid_values",
      "text_not_allowed",
      "note_too_long",
      "row_not_found",
      "row_unreadable",
      "no_change",
      "already_staged",
      "staged_for_deletion",
    ],
  }),

  unstage: remove("/staged/{number}", {
    summary: "Discard a staged change",
    description: "An admin can discard one that cannot be read; its reply is null.",
    reply: z.nullable(change),
    problems: ["change_not_found", "change_committed", "not_author"],
  }),

  createCommit: post("/commit", {
    permission: "commit",
    tag: "Commits",
    summary: "Commit your staged changes",
    description: "Asks for review at once, unless it is a draft.",
    body: z.strictObject({
      message: z.string(),
      /** Numbers of the changes that go in; all of your own when left out. */
      changes: z.optional(z.array(number).check(z.minLength(1), z.maxLength(1000))),
      draft: z.optional(z.boolean()),
      /** `seen` of the refusal `edited_by_others`: you have read what others have edited in your changes. */
      acceptEdits: z.optional(z.string().check(z.maxLength(64))),
    }),
    example: { message: "Skill updates" },
    status: 201,
    reply: withMeta(commit, {
      ...overlapping,
      changeCount: z.int(),
      /** How many rows they change, taken together. */
      rowCount: z.int(),
      /** Rows that stay as they are, because the changes to them leave nothing. */
      cancelled: z.array(z.object({ entityType: z.string(), entityId: z.string(), numbers: z.array(number) })),
      targets: z.array(z.string()),
      /** Who may approve it. */
      reviewers: z.array(userId),
    }),
    problems: [
      "message_required",
      "message_too_long",
      "text_not_allowed",
      "nothing_staged",
      "change_not_found",
      "not_author",
      "edited_by_others",
      "missing_dependency",
      "contradicting_changes",
      "empty_commit",
      "row_not_found",
      "row_unreadable",
      "row_unresolved",
    ],
  }),
};
