/**
 * Requests that are made from the OpenAPI document, some as it says and some not, against the Worker: none fails by
 * itself, and every answer is one that the document knows. `CONTRACT_RUNS` sets how many an operation gets.
 */
import { env } from "cloudflare:test";
import { inWorkspace } from "../../shared/use-cases/context.ts";
import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createEffects } from "../../shared/effects.ts";
import document from "../../docs/reference/openapi.json";
import { type Answer, ApiClient } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import type { Scope } from "../../shared/domain/workspace/roles.ts";
import { keepDeadLetter } from "../../shared/use-cases/dead-letters/keep-dead-letter.ts";
import { createDeps } from "../env.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";
import {
  type DocumentedOperation,
  type RequestPlan,
  documentedOperations,
  requestArbitrary,
} from "../../test/support/bot/documented-requests.ts";

const runs = Number(env.CONTRACT_RUNS ?? "20");
const seed = Number(env.CONTRACT_SEED ?? "1");

/** Interprets schemas, as no code may be made from text in workerd. */
const validators = new Map<object, Validator>();
const validatorOf = (schema: object): Validator => {
  const known = validators.get(schema);
  if (known) return known;
  // References lead to the document's components.
  const made = new Validator({ ...schema, components: document.components }, "2020-12", false);
  validators.set(schema, made);
  return made;
};

/** What the document says of an answer with this status; fails for a status that it does not know. */
const expectDocumented = (
  { path, method, responses }: DocumentedOperation,
  { status, headers, body }: Answer,
): void => {
  expect(Object.keys(responses), `${method} ${path} answered ${JSON.stringify(body).slice(0, 300)}`).toContain(
    String(status),
  );
  const type = (headers.get("Content-Type") ?? "").split(";")[0] ?? "";
  const schema = responses[status]?.content[type]?.schema;
  if (!schema) throw new Error(`${method} ${path} answers ${status} with ${type}, which is not in the document`);
  const { valid, errors } = validatorOf(schema).validate(body);
  expect(valid ? [] : errors, JSON.stringify(body).slice(0, 500)).toEqual([]);
};

let world: World;
let clients: ApiClient[];

const allScopes: readonly Scope[] = ["read", "stage", "review", "push", "admin"];
const monthMs = 30 * 24 * 3_600_000;
const callerOf = (userId: string, scopes = allScopes) => ApiClient.of(world, userId, scopes, monthMs);

/** Something of everything: staged, drafted, in review, approved, failed, on its way. */
beforeEach(async () => {
  world = await createWorld();
  const [author, admin, approver] = [
    await callerOf(people.author),
    await callerOf(people.admin),
    await callerOf(people.approver),
  ];
  clients = [author, admin, approver, await callerOf(people.viewer, ["read"])];
  for (const [index, message] of ["draft", "review", "approved", "failed", "running"].entries()) {
    await author.post("/stage", {
      action: "CREATE",
      entityType: "technology",
      payload: { name: `T${index}`, category: "Backend" },
    });
    await author.post("/commit", { message, draft: message === "draft" });
  }
  for (const number of [3, 4, 5]) await approver.post(`/commits/${number}/approve`);
  await approver.post("/push/d1cv", { commit: 4 });
  await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "No space" } });
  await approver.post("/push/d1cv", { commit: 5 });
  const job = (await world.rows("jobs"))[0];
  await keepDeadLetter(
    { ...inWorkspace(createDeps(env), world.team), effects: createEffects() },
    {
      id: "letter",
      queue: "cv-push",
      body: { workspaceId: world.team, jobId: String(job?.["id"]), attempt: 1 },
      cause: "D1_ERROR: overloaded",
      attempts: 11,
    },
  );
  await admin.post("/webhooks", { url: "https://hooks.example.com/cv" });
  await admin.post("/webhooks/1/test");
  await admin.post("/webhooks", { url: "https://hooks.example.com/off" });
  await admin.post("/webhooks/2/disable");
  await author.post("/stage", {
    action: "UPDATE",
    entityType: "technology",
    entityId: "python-1",
    payload: { level: "Expert" },
  });
});

const send = async (plan: RequestPlan): Promise<Answer> => {
  const client = clients[plan.caller % clients.length];
  if (!client) throw new Error("nobody calls");
  // A window of the rate limit for each request: what is tested here is everything else.
  clock.advance(60_000);
  return client.send(plan.method, plan.path, plan.body, plan.headers);
};

/** Requests that succeed, where chance seldom finds one. */
const happy: Record<string, (client: Record<"author" | "admin" | "approver", ApiClient>) => Promise<Answer>> = {
  "POST /stage": ({ author }) =>
    author.post("/stage", { action: "DELETE", entityType: "technology", entityId: "jquery-1" }),
  "POST /commits/{number}/approve": ({ approver }) => approver.post("/commits/2/approve"),
  "POST /commits/{number}/reject": ({ approver }) => approver.post("/commits/2/reject", { reason: "Not yet" }),
  "POST /commits/{number}/withdraw": ({ approver }) => approver.post("/commits/3/withdraw"),
  "POST /commits/{number}/cancel": ({ approver }) => approver.post("/commits/5/cancel"),
  "POST /push/{scope}": ({ approver }) => approver.post("/push/all", { commit: 3 }),
  "POST /dead-letters/{number}/retry": ({ admin }) => admin.post("/dead-letters/1/retry"),
  "POST /dead-letters/{number}/discard": ({ admin }) => admin.post("/dead-letters/1/discard", { reason: "Settled" }),
  "POST /webhooks": ({ admin }) =>
    admin.post("/webhooks", { url: "https://hooks.example.com/", events: ["job.*"], profile: "fast" }),
  "PATCH /webhooks/{number}": ({ admin }) => admin.send("PATCH", "/webhooks/1", { events: ["commit.approved"] }),
  "POST /webhooks/{number}/enable": ({ admin }) => admin.post("/webhooks/2/enable"),
  "POST /webhooks/{number}/rotate": ({ admin }) => admin.post("/webhooks/1/rotate", { overlapHours: 0 }),
  "POST /deliveries/{number}/replay": async ({ admin }) => {
    await admin.post("/webhooks/1/disable");
    await admin.post("/webhooks/1/enable");
    const { deliveries } = (await admin.get("/webhooks/1/deliveries?state=failed")).body;
    return admin.post(`/deliveries/${deliveries[0].number}/replay`);
  },
  "DELETE /tokens/{number}": async ({ admin }) => {
    const { tokens } = (await admin.get("/tokens")).body;
    return admin.send("DELETE", `/tokens/${tokens.at(-1).number}`);
  },
};

test.each(documentedOperations(document).filter(({ method, path }) => happy[`${method} ${path}`]))(
  "$method $path succeeds with a documented answer",
  async (operation) => {
    const [author, admin, approver] = clients;
    if (!author || !admin || !approver) throw new Error("nobody calls");
    const answer = await happy[`${operation.method} ${operation.path}`]?.({ author, admin, approver });
    if (!answer) throw new Error("no request");
    expect(answer.status).toBeLessThan(300);
    expectDocumented(operation, answer);
  },
);

describe.each(documentedOperations(document))("$method $path", (operation) => {
  test("an API operation answers any request as the document says", { timeout: 120_000 }, async () => {
    const facts = {
      jobIds: (await world.rows("jobs")).map(({ id }) => String(id)),
      deliveryNumbers: (await world.rows("webhook_deliveries")).map((row) => String(row["number"])),
      hashes: (await world.rows("commits")).map(({ hash }) => String(hash)),
    };
    await fc.assert(
      fc.asyncProperty(requestArbitrary(operation, facts), async (plan) => {
        const answer = await send(plan);
        expect(answer.status).not.toBe(500);
        expectDocumented(operation, answer);
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
  });
});
