/** A resource has one shape wherever it appears in the API. */
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { operations } from "./operations.ts";
import type { Operation } from "./operations/operation.ts";

const all = Object.entries<Operation>(operations);

/** The names under which replies refer to resources. */
const resources = [
  "change",
  "commit",
  "push",
  "job",
  "webhook",
  "delivery",
  "deadLetter",
  "settings",
  "member",
  "role",
];

const unwrapped = (schema: unknown): unknown =>
  schema instanceof z.ZodMiniNullable ? unwrapped(schema.def.innerType) : schema;

const fieldsOf = (reply: unknown): [string, unknown][] =>
  reply instanceof z.ZodMiniObject ? Object.entries(reply.shape as Record<string, unknown>) : [];

/** `unstage` replies with null for a change that cannot be read. */
const resourceOf = (id: string, reply: unknown): unknown => (id === "unstage" ? unwrapped(reply) : reply);

describe.each(all)("%s", (id, { reply }) => {
  test("an API reply is a resource, a list or facts, never a wrapped resource", () => {
    expect(resourceOf(id, reply)).toBeInstanceOf(z.ZodMiniObject);
    const wrapped = fieldsOf(reply).filter(
      ([name, field]) => resources.includes(name) && unwrapped(field) instanceof z.ZodMiniObject,
    );
    expect(wrapped.map(([name]) => name)).toEqual([]);
  });
});

/** By path: what the operations below it reply with, but for `meta` and what the resource alone is shown with. */
const ofCommitAlone = [
  "changes",
  "operations",
  "operationCount",
  "rowCount",
  "next",
  "cancelled",
  "overlaps",
  "overlapCount",
  "targets",
  "approvals",
  "missing",
  "pushes",
];

const fieldNames = (id: string, reply: unknown): string[] =>
  fieldsOf(resourceOf(id, reply))
    .map(([name]) => name)
    .filter((name) => name !== "meta" && !(id === "showCommit" && ofCommitAlone.includes(name)))
    .toSorted();

test.each([
  ["change", ["stageChange", "editStaged", "unstage"]],
  [
    "commit",
    [
      "createCommit",
      "showCommit",
      "dropCommit",
      "reopenCommit",
      "requestReview",
      "approveCommit",
      "rejectCommit",
      "withdrawApproval",
      "retryPush",
      "cancelPush",
    ],
  ],
  ["push", ["startPush", "showPush"]],
  [
    "webhook",
    [
      "createWebhook",
      "showWebhook",
      "updateWebhook",
      "deleteWebhook",
      "enableWebhook",
      "disableWebhook",
      "rotateWebhookSecret",
      "testWebhook",
      "replayDeliveries",
    ],
  ],
  ["delivery", ["showDelivery", "replayDelivery"]],
  ["dead letter", ["retryDeadLetter", "discardDeadLetter"]],
  ["settings", ["showSettings", "setSettings"]],
] as const)("every API operation of one %s replies with the same fields", (_resource, ids) => {
  const shapes = ids.map((id) => fieldNames(id, operations[id].reply));
  expect(new Set(shapes.map((names) => names.join())).size).toBe(1);
  expect(shapes[0]).toContain(_resource === "settings" ? "mode" : "number");
});
