/** Each operation of the API: who may ask, and who may have the kept reply of a request that was theirs. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { operations } from "../../shared/contract/operations.ts";
import type { Operation } from "../../shared/contract/operations/operation.ts";
import { may, permissions, scopeNames } from "../../shared/domain/workspace/roles.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const list: Operation[] = Object.values(operations);
const examples: Record<string, string> = {
  number: "1",
  id: "job-1",
  entityType: "technology",
  userId: people.viewer,
  scope: "all",
  target: "d1cv",
  code: "WDJB-MJHT",
};

/** What the query of an operation needs. */
const needed: Record<string, string> = {
  "/search": "?q=Python",
  "/people": `?ids=${people.viewer}`,
  "/people/search": "?q=avery",
};

const pathOf = ({ path }: Operation): string =>
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => examples[name] ?? name) + (needed[path] ?? "");

const ask = (client: ApiClient, operation: Operation) =>
  client.send(operation.method, pathOf(operation), operation.method === "GET" ? undefined : (operation.example ?? {}));

describe("an operation of the API", () => {
  test.each(
    list
      .filter(({ isPublic }) => isPublic !== true)
      .map((operation) => [`${operation.method} ${operation.path}`, operation] as const),
  )("the operation %s is refused without the permission that its contract names", async (_name, operation) => {
    const { permission } = operation;
    const { scope } = permissions[permission];
    const narrow = await ApiClient.of(
      world,
      people.admin,
      scopeNames.filter((each) => each !== scope),
    );
    expect(await ask(narrow, operation)).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope", permission, scope },
    });
    if (may("viewer", permission)) return;
    expect(await ask(await ApiClient.of(world, people.viewer), operation)).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission, role: "viewer" },
    });
  });
});

describe("a kept reply", () => {
  const change = { action: "UPDATE", entityType: "technology", entityId: "python-1", payload: { experience_years: 8 } };
  const stage = (client: ApiClient) => client.post("/stage", change, { "Idempotency-Key": "once" });

  test("a kept reply is given to another token of the same person", async () => {
    const first = await stage(await ApiClient.of(world, people.author));
    const again = await stage(await ApiClient.of(world, people.author, ["stage"]));
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  test("a kept reply is refused to a token of the same person with fewer scopes", async () => {
    await stage(await ApiClient.of(world, people.author));
    expect(await stage(await ApiClient.of(world, people.author, ["read"]))).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope", scope: "stage" },
    });
  });

  test("a kept reply is refused to somebody who has lost the role since", async () => {
    const author = await ApiClient.of(world, people.author);
    await stage(author);
    const admin = await ApiClient.of(world, people.admin);
    await admin.send("PUT", `/roles/${people.author}`, { role: "viewer" });
    expect(await stage(author)).toMatchObject({ status: 403, body: { code: "forbidden", role: "viewer" } });
    await admin.send("PUT", `/roles/${people.author}`, { role: "editor" });
    expect(await stage(author)).toMatchObject({ status: 201 });
    expect(await world.rows("staged_changes")).toHaveLength(1);
  });

  test("a kept reply is refused to a token that was revoked", async () => {
    const author = await ApiClient.of(world, people.author);
    await stage(author);
    const [{ number } = { number: 0 }] = (await author.get("/tokens")).body.tokens;
    await author.send("DELETE", `/tokens/${number}`);
    expect(await stage(author)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  });

  test("a reply that was lost is not made again for somebody who has lost the role", async () => {
    const author = await ApiClient.of(world, people.author);
    await stage(author);
    await env.DB.batch([
      env.DB.prepare("UPDATE api_replies SET reply = NULL WHERE workspace_id = ?1").bind(world.team),
      env.DB.prepare("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2").bind(world.team, people.author),
    ]);
    expect(await stage(author)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });
});

describe("a refused request", () => {
  test("a refused request with a key leaves no row", async () => {
    const viewer = await ApiClient.of(world, people.viewer);
    const author = await ApiClient.of(world, people.author);
    const keyed = { "Idempotency-Key": "refused" };
    const missing = { action: "DELETE", entityType: "technology", entityId: "rust-1" };
    expect((await viewer.post("/stage", missing, keyed)).status).toBe(403);
    expect((await author.post("/stage", missing, keyed)).status).toBe(404);
    expect((await author.post("/stage", {}, keyed)).status).toBe(422);
    for (const table of ["api_replies", "idempotency_records"]) {
      const { results } = await env.DB.prepare(`SELECT key FROM ${table} WHERE workspace_id = ?1 AND key LIKE 'api:%'`)
        .bind(world.team)
        .all();
      expect(results).toEqual([]);
    }
  });
});
