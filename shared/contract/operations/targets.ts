import * as z from "zod/mini";
import { moves } from "../../domain/pushes/target-moves.ts";
import { maxTargets } from "../../domain/pushes/target-name.ts";
import { stateNames } from "../../domain/states.ts";
import { operationsOf } from "./operation.ts";

/** What the use case says of them is of more help than what a schema would. */
const words = z.string().check(z.maxLength(4000));
const secrets = { request: words, webhook: words, read: words };
const name = z.object({ name: z.string() });

const target = z.object({
  name: z.string(),
  alias: z.nullable(z.string()),
  position: z.int(),
  portfolioId: z.string(),
  /** Null where the operator's own service is called. */
  url: z.nullable(z.string()),
});

const { get, post, remove } = operationsOf("Workspace", "targets");

const signing = "whsec_ZXhhbXBsZSBvZiBhIHNpZ25pbmcgc2VjcmV0IQ==";

export const targetsOperations = {
  listTargets: get("/targets", {
    summary: "List the targets, in the order in which a push applies them",
    permission: "read",
    reply: z.object({
      targets: z.array(z.extend(target, { health: z.enum(stateNames("target_health")) })),
      services: z.array(z.string()),
    }),
  }),

  addTarget: post("/targets", {
    summary: "Add a target, after a test call to it",
    description: `Give \`service\`, the name of a target that the operator runs, or \`url\`, an address on a host that the operator allows. The target has to take the secrets already: it is called with them, which changes nothing there, and nothing is stored where it does not. Secrets are stored encrypted, and never shown. A workspace has at most ${maxTargets} targets.`,
    body: z.strictObject({
      name: words,
      alias: z.optional(words),
      portfolioId: words,
      service: z.optional(words),
      url: z.optional(words),
      secrets: z.strictObject(secrets),
    }),
    example: {
      name: "archive",
      portfolioId: "noor-vega",
      url: "https://archive.example.com",
      secrets: { request: signing, webhook: signing, read: "a-read-token-of-the-target" },
    },
    cost: 10,
    status: 201,
    reply: target,
    problems: [
      "invalid_target_name",
      "target_exists",
      "too_many_targets",
      "portfolio_required",
      "unknown_service",
      "url_not_allowed",
      "invalid_target_secret",
      "target_not_proven",
    ],
  }),

  testTarget: post("/targets/{target}/test", {
    summary: "Test a target",
    description: "Calls it with a read and a signed request of no effect. It changes nothing.",
    cost: 10,
    reply: name,
    problems: ["unknown_target", "target_not_proven"],
  }),

  rotateTargetSecrets: post("/targets/{target}/rotate", {
    summary: "Rotate the secrets of a target, after a test call to it",
    description:
      "Give the secrets that are new; the others stay. The target has to take them already. With `keepsOldWebhook` its webhooks may be signed with the secret before as well, until the next rotation.",
    body: z.strictObject({
      secrets: z.strictObject({
        request: z.optional(secrets.request),
        webhook: z.optional(secrets.webhook),
        read: z.optional(secrets.read),
      }),
      keepsOldWebhook: z.optional(z.boolean()),
    }),
    example: { secrets: { webhook: signing }, keepsOldWebhook: true },
    cost: 10,
    reply: z.extend(name, { webhookSecrets: z.int() }),
    problems: ["unknown_target", "secrets_required", "invalid_target_secret", "target_not_proven"],
  }),

  moveTarget: post("/targets/{target}/move", {
    summary: "Move a target in the order in which a push applies them",
    description:
      "A push that is on its way keeps the order that it has. Beyond either end the target stays where it is.",
    body: z.strictObject({ to: z.enum(moves) }),
    example: { to: "first" },
    reply: z.extend(name, { order: z.array(z.string()) }),
    problems: ["unknown_target"],
  }),

  removeTarget: remove("/targets/{target}", {
    summary: "Remove a target, with its secrets",
    description: "What was pushed there stays in the history. Refused while changes or commits still have to reach it.",
    reply: name,
    problems: ["unknown_target", "last_target", "target_in_use"],
  }),
};
