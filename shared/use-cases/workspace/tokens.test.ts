import { beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../digest.ts";
import {
  type World,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  stageInput,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { createCommit } from "../commits/create-commit.ts";
import { createToken } from "./create-token.ts";
import { describeSelf } from "./describe-self.ts";
import { listTokens } from "./list-tokens.ts";
import { revokeToken } from "./revoke-token.ts";
import { stageChange } from "../staging/stage-change.ts";
import { unstageChanges } from "../staging/unstage-changes.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const input = { name: " CI ", scopes: ["read", "Stage"], days: 90, secret: "" };
const create = (person: Parameters<World["as"]>[0], more: Partial<typeof input> = {}) =>
  createToken(world.as(person), { ...input, secret: crypto.randomUUID(), ...more });

describe("a new token", () => {
  test("a new token belongs to its creator, expires, and is stored as a hash", async () => {
    const secret = "cvops_the_secret_itself";
    const token = valueOf(await create("author", { secret }));
    expect(token).toMatchObject({ number: 1, name: "CI", scopes: ["read", "stage"], userId: people.author });
    expect(Date.parse(token.expiresAt) - Date.parse(token.createdAt)).toBe(90 * 86_400_000);
    expect(await world.table("api_tokens")).toMatchObject([{ hash: await sha256Hex(secret), revoked_at: null }]);
    expect(JSON.stringify(await everythingOf(world.workspaceId))).not.toContain(secret);
    expect((await world.table("job_events")).at(-1)).toMatchObject({ type: "token.created", actor_id: people.author });
  });

  test("a token is created once when its request is repeated, which gets it without the secret", async () => {
    const ctx = world.as("author", { idempotencyKey: "slack:twice" });
    const first = valueOf(await createToken(ctx, { ...input, secret: "first" }));
    expect(first.secret).toBe("first");
    expect(valueOf(await createToken(ctx, { ...input, secret: "second" }))).toEqual({ ...first, secret: null });
    expect(await world.table("api_tokens")).toHaveLength(1);
  });

  test.each([
    [{ name: "  " }, { code: "token_name_required", maxLength: 60 }],
    [{ name: "x".repeat(61) }, { code: "token_name_required", maxLength: 60 }],
    [{ scopes: [] }, { code: "scopes_required", allowed: ["read", "stage"] }],
    [{ scopes: ["stge"] }, { code: "unknown_scope", typed: "stge", suggestion: "stage", allowed: ["read", "stage"] }],
    [{ scopes: ["push"] }, { code: "scope_exceeds_role", scope: "push", role: "editor" }],
    [{ scopes: ["admin"] }, { code: "scope_exceeds_role", scope: "admin", role: "editor" }],
    [{ days: 0 }, { code: "token_lifetime_out_of_range", min: 1, max: 365 }],
    [{ days: 366 }, { code: "token_lifetime_out_of_range", min: 1, max: 365 }],
    [{ days: 1.5 }, { code: "token_lifetime_out_of_range", min: 1, max: 365 }],
  ])("a new token with %j is refused and not created", async (more, reason) => {
    expect(reasonOf(await create("author", more))).toEqual(reason);
    expect(await world.table("api_tokens")).toEqual([]);
  });

  test("a person has at most 50 tokens until one is revoked", async () => {
    for (let count = 0; count < 50; count += 1) valueOf(await create("author"));
    expect(reasonOf(await create("author"))).toEqual({ code: "too_many_tokens", max: 50 });
    valueOf(await revokeToken(world.as("author"), 7));
    valueOf(await create("author"));
  });
});

describe("a token", () => {
  const withToken = async (
    person: Parameters<World["as"]>[0],
    scopes: ("read" | "stage" | "review" | "push" | "admin")[],
  ) => {
    const token = valueOf(await create(person, { scopes }));
    const actor = { kind: "token", id: people[person], token: { ...token, scopes } } as const;
    return world.as(person, { actor, idempotencyKey: null });
  };

  test("a token may do only what both its owner and its scopes may", async () => {
    const ctx = await withToken("approver", ["read", "push"]);
    expect(valueOf(await describeSelf(ctx))).toMatchObject({
      role: "approver",
      permissions: ["read", "push", "retry", "cancel", "verify", "reindex"],
    });
    expect(reasonOf(await stageChange(ctx, stageInput()))).toEqual({
      code: "insufficient_scope",
      permission: "stage",
      scope: "stage",
      token: "CI",
    });
  });

  test("a token loses permissions when its owner loses a role", async () => {
    const ctx = await withToken("author", ["read", "stage"]);
    await world.run("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2", world.workspaceId, people.author);
    expect(reasonOf(await stageChange(ctx, stageInput()))).toMatchObject({ code: "forbidden", role: "viewer" });
  });

  test("a token without the admin scope may not change what others made", async () => {
    await stage(world, {}, "author");
    const ctx = await withToken("admin", ["stage"]);
    expect(reasonOf(await unstageChanges(ctx, { numbers: [1] }))).toMatchObject({ code: "not_author" });
    const whole = await withToken("admin", ["stage", "admin"]);
    expect(valueOf(await unstageChanges(whole, { numbers: [1] })).changes).toHaveLength(1);
  });

  test("a token of the author cannot approve the author's own commit", async () => {
    await world.run(
      "UPDATE members SET role = 'approver' WHERE workspace_id = ?1 AND user_id = ?2",
      world.workspaceId,
      people.author,
    );
    const ctx = await withToken("author", ["read", "stage", "review"]);
    valueOf(await stageChange(ctx, stageInput()));
    valueOf(await createCommit(ctx, { message: "m", draft: false, channelId: null, only: null }));
    expect(reasonOf(await approveCommit(ctx, { number: 1, seenHash: null }))).toMatchObject({ code: "self_approval" });
  });

  test("a token cannot create another token", async () => {
    const ctx = await withToken("admin", ["read", "admin"]);
    expect(reasonOf(await createToken(ctx, { ...input, secret: "s" }))).toEqual({ code: "token_not_allowed" });
  });

  test("a token is recorded on the events that it causes", async () => {
    const ctx = await withToken("author", ["stage"]);
    valueOf(await stageChange(ctx, stageInput()));
    const id = ctx.actor.kind === "token" ? ctx.actor.token.id : "";
    expect((await world.table("job_events")).at(-1)).toMatchObject({
      actor_kind: "token",
      actor_id: people.author,
      token_id: id,
    });
  });
});

describe("tokens", () => {
  test("tokens are listed to their owner, and all of them to an admin", async () => {
    valueOf(await create("author"));
    valueOf(await create("approver"));
    const numbers = async (person: Parameters<World["as"]>[0]) =>
      valueOf(await listTokens(world.as(person))).tokens.map(({ number }) => number);
    expect(await numbers("author")).toEqual([1]);
    expect(await numbers("approver")).toEqual([2]);
    expect(await numbers("viewer")).toEqual([]);
    expect(await numbers("admin")).toEqual([2, 1]);
  });

  test("tokens are revoked by their owner or an admin, and hidden from others", async () => {
    for (let count = 0; count < 2; count += 1) valueOf(await create("author"));
    expect(reasonOf(await revokeToken(world.as("approver"), 1))).toEqual({ code: "token_not_found", number: 1 });
    expect(reasonOf(await revokeToken(world.as("author"), 9))).toEqual({ code: "token_not_found", number: 9 });
    expect(valueOf(await revokeToken(world.as("author"), 1))).toMatchObject({ revokedBy: people.author });
    expect(valueOf(await revokeToken(world.as("admin"), 2))).toMatchObject({ revokedBy: people.admin });
    expect(reasonOf(await revokeToken(world.as("author"), 1))).toEqual({
      code: "token_inactive",
      number: 1,
      state: "revoked",
    });
    expect((await world.table("job_events")).slice(-2)).toMatchObject([
      { type: "token.revoked", actor_id: people.author },
      { type: "token.revoked", actor_id: people.admin },
    ]);
  });
});
