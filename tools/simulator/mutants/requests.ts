import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in the handling of incoming requests: signatures, freshness, duplicates, permissions, acknowledgement. */
export const requestMutants: readonly Mutant[] = [
  mutant(
    "a request from Slack leaves no idempotency record",
    "shared/use-cases/session.ts",
    "idempotencyKey ? insertIdempotencyRecord(at, idempotencyKey) : [],",
    "",
  ),
  mutant(
    "an expired signature of Slack's is accepted",
    "bot/slack/core/signature.ts",
    'if (skewSeconds > toleranceSeconds) return "too_old";',
    "",
  ),
  mutant(
    "a signature of Slack's from the future is accepted",
    "bot/slack/core/signature.ts",
    'if (skewSeconds < -toleranceSeconds) return "too_new";',
    "",
  ),
  mutant(
    "any signature is accepted as Slack's",
    "bot/slack/core/signature.ts",
    'return valid ? null : "bad_signature";',
    "return null;",
  ),
  mutant(
    "an expired webhook is accepted",
    "shared/signing.ts",
    'if (skewSeconds > toleranceSeconds) return { ok: false, reason: "too_old" };',
    "",
  ),
  mutant(
    "a webhook signed with any secret is accepted",
    "bot/webhooks/completion.ts",
    "if ((await verify(secrets, headers, bytes, nowMs())).ok) return candidate;",
    "if (secrets.length > 0) return candidate;",
  ),
  mutant(
    "every role has every permission",
    "shared/use-cases/session.ts",
    "if (allows(session, permission)) return ok(null);",
    "return ok(null);",
  ),
  mutant(
    "a request to the API leaves no idempotency record",
    "bot/api/app.ts",
    "const idempotencyKey = key.value === null ? null : idempotencyKeyOf(caller, key.value);",
    "const idempotencyKey = void idempotencyKeyOf ?? null;",
  ),
  mutant(
    "the acknowledgement waits for the work",
    "bot/slack/core/attempt.ts",
    "const patienceMs = 2200;",
    "const patienceMs = 22_000;",
  ),
];
