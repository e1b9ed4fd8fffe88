import { beforeEach, describe, expect, test } from "vitest";
import { read } from "../../storage/database.ts";
import { targetsQuery } from "../../storage/pushes/targets.ts";
import { freshDatabase } from "../../../test/support/shared/fresh-database.ts";
import {
  type Person,
  type World,
  approvedCommit,
  createWorld,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { type AddTargetInput, addTarget } from "./add-target.ts";
import { moveTarget } from "./move-target.ts";
import { removeTarget } from "./remove-target.ts";
import { type RotateTargetInput, rotateTargetSecrets } from "./rotate-target-secrets.ts";

beforeEach(freshDatabase);

const secret = (text: string): string => `whsec_${btoa(text.padEnd(32, "."))}`;

/** The secrets that a target of the world takes for its portfolio. */
const secretsOf = (world: World, target: "d1cv" | "ai" = "d1cv") => {
  const { request, webhook, read: token } = world[target].options.credentials;
  return { request: request[0] ?? "", webhook: webhook[0] ?? "", read: token };
};

const inputOf = (world: World, overrides: Partial<AddTargetInput> = {}): AddTargetInput => ({
  name: "archive",
  alias: null,
  portfolioId: world.portfolioId,
  service: "d1cv",
  url: null,
  secrets: secretsOf(world),
  ...overrides,
});

/** A world in which d1cv is the only target. */
const withOneTarget = async (): Promise<World> => {
  const world = await createWorld();
  valueOf(await removeTarget(world.as("admin"), { target: "ai-agent" }));
  return world;
};

const agentOf = (world: World): Partial<AddTargetInput> => ({
  name: "ai-agent",
  alias: "ai",
  service: "ai-agent",
  secrets: secretsOf(world, "ai"),
});

const add = (world: World, overrides: Partial<AddTargetInput> = {}, person: Person = "admin") =>
  addTarget(world.as(person), inputOf(world, overrides));

const rotate = (world: World, input: Partial<RotateTargetInput>, person: Person = "admin") =>
  rotateTargetSecrets(world.as(person), { target: "d1cv", secrets: {}, keepsOldWebhook: false, ...input });

const targetsOf = async (world: World) => (await read(world.db, targetsQuery(world.workspaceId)))[0];

describe("adding a target", () => {
  test("a target whose secrets it takes is the last in order, with its secrets encrypted", async () => {
    const world = await withOneTarget();
    const { name, position } = valueOf(await add(world, agentOf(world)));
    expect({ name, position }).toEqual({ name: "ai-agent", position: 1 });
    const added = (await targetsOf(world)).at(-1);
    if (!added) throw new Error("no target");
    expect(added).toMatchObject({ alias: "ai", binding: "AI_AGENT", keyVersion: "1", importedDigest: null });
    const { request, webhook, read: token } = secretsOf(world, "ai");
    expect(JSON.stringify(await world.table("targets"))).not.toContain(request);
    expect(await world.system.credentials.of(added)).toEqual({ request: [request], webhook: [webhook], read: token });
    expect(await world.eventTypes()).toContain("target.added");
    expect(JSON.stringify(await world.table("job_events"))).not.toContain("whsec_");
  });

  test("a target that does not take a secret, or gives no answer, is not added", async () => {
    const world = await createWorld();
    const secrets = secretsOf(world);
    const wrongRead = await add(world, { secrets: { ...secrets, read: "a-token-of-nobody" } });
    expect(reasonOf(wrongRead)).toMatchObject({ code: "target_not_proven", because: "read" });
    const wrongRequest = await add(world, { secrets: { ...secrets, request: secret("nobody") } });
    expect(reasonOf(wrongRequest)).toMatchObject({ code: "target_not_proven", because: "request" });
    const wrongName = await add(world, { name: "archive" });
    expect(reasonOf(wrongName)).toMatchObject({ code: "target_not_proven", because: "request" });
    expect(await targetsOf(world)).toHaveLength(2);
  });

  test.each<[string, Partial<AddTargetInput>, string]>([
    ["the name of all targets", { name: "all" }, "invalid_target_name"],
    ["a name with capitals", { name: "Archive" }, "invalid_target_name"],
    ["the name of another target", { name: "d1cv" }, "target_exists"],
    ["the alias of another target", { alias: "ai" }, "target_exists"],
    ["no portfolio", { portfolioId: " " }, "portfolio_required"],
    ["a binding that is no service", { service: "DB" }, "unknown_service"],
    ["an address that is not listed", { url: "https://evil.example" }, "url_not_allowed"],
    [
      "a short signing secret",
      { secrets: { request: "whsec_c2hvcnQ=", webhook: "", read: "" } },
      "invalid_target_secret",
    ],
  ])("a target with %s is refused", async (_what, overrides, code) => {
    const world = await createWorld();
    expect(reasonOf(await add(world, overrides))).toMatchObject({ code });
    expect(await targetsOf(world)).toHaveLength(2);
  });

  test("only an admin may add, rotate or remove a target", async () => {
    const world = await createWorld();
    expect(reasonOf(await add(world, {}, "approver"))).toMatchObject({ code: "forbidden", permission: "targets" });
    expect(reasonOf(await rotate(world, {}, "approver"))).toMatchObject({ code: "forbidden" });
    expect(reasonOf(await removeTarget(world.as("approver"), { target: "d1cv" }))).toMatchObject({ code: "forbidden" });
  });

  test("adding a target again by the same request adds one", async () => {
    const world = await withOneTarget();
    const ctx = world.as("admin");
    const input = inputOf(world, agentOf(world));
    const first = valueOf(await addTarget(ctx, input));
    expect(valueOf(await addTarget(ctx, input))).toEqual(first);
    expect(await targetsOf(world)).toHaveLength(2);
  });
});

describe("rotating the secrets of a target", () => {
  test("a new webhook secret counts at once, beside the one before while it is kept, and alone afterwards", async () => {
    const world = await createWorld();
    const old = secretsOf(world).webhook;
    const next = secret("the next webhook secret");
    expect(valueOf(await rotate(world, { secrets: { webhook: next }, keepsOldWebhook: true }))).toEqual({
      name: "d1cv",
      webhookSecrets: 2,
    });
    const [both] = await targetsOf(world);
    if (!both) throw new Error("no target");
    expect((await world.system.credentials.of(both)).webhook).toEqual([next, old]);
    valueOf(await rotate(world, {}));
    const [alone] = await targetsOf(world);
    if (!alone) throw new Error("no target");
    expect((await world.system.credentials.of(alone)).webhook).toEqual([next]);
  });

  test("a request secret that the target does not take yet is not stored", async () => {
    const world = await createWorld();
    const before = await targetsOf(world);
    const refused = await rotate(world, { secrets: { request: secret("not there yet") } });
    expect(reasonOf(refused)).toMatchObject({ code: "target_not_proven", because: "request" });
    expect(await targetsOf(world)).toEqual(before);
  });

  test("the secrets that are used already are no rotation", async () => {
    const world = await createWorld();
    expect(reasonOf(await rotate(world, { secrets: secretsOf(world) }))).toEqual({ code: "secrets_required" });
  });

  test("two rotations at once leave the secrets of one of them", async () => {
    const world = await createWorld();
    const results = await Promise.all(
      ["one", "two"].map((text) => rotate(world, { secrets: { webhook: secret(`webhook ${text}`) } })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe("removing a target", () => {
  test("a target that nothing is on its way to goes, with its secrets", async () => {
    const world = await createWorld();
    valueOf(await removeTarget(world.as("admin"), { target: "ai-agent" }));
    expect((await targetsOf(world)).map(({ name }) => name)).toEqual(["d1cv"]);
    expect(await world.eventTypes()).toContain("target.removed");
  });

  test("a target that changes or commits still have to reach stays, and they are named", async () => {
    const world = await createWorld();
    const number = await approvedCommit(world);
    await stage(world, { row: "jquery-1" });
    const refused = await removeTarget(world.as("admin"), { target: "ai-agent" });
    expect(reasonOf(refused)).toEqual({ code: "target_in_use", target: "ai-agent", changes: [2], commits: [number] });
  });

  test("the last target of a workspace stays", async () => {
    const world = await createWorld();
    valueOf(await removeTarget(world.as("admin"), { target: "ai-agent" }));
    const refused = await removeTarget(world.as("admin"), { target: "d1cv" });
    expect(reasonOf(refused)).toMatchObject({ code: "last_target" });
  });
});

describe("the order of targets", () => {
  test("a target that is moved is pushed at its new place, and beyond the ends nothing changes", async () => {
    const world = await createWorld();
    const order = async () =>
      (await read(world.as("admin").db, targetsQuery(world.workspaceId)))[0].map(({ name }) => name);
    const before = await order();
    const [first = "", second = ""] = before;
    expect(valueOf(await moveTarget(world.as("admin"), { target: second, move: "first" })).order).toEqual([
      second,
      first,
    ]);
    expect(await order()).toEqual([second, first]);
    expect(await world.eventTypes()).toContain("target.moved");
    const events = (await world.eventTypes()).length;
    valueOf(await moveTarget(world.as("admin"), { target: second, move: "earlier" }));
    expect([await order(), (await world.eventTypes()).length]).toEqual([[second, first], events]);
    valueOf(await moveTarget(world.as("admin"), { target: second, move: "later" }));
    expect(await order()).toEqual(before);
  });

  test("only an admin changes the order of the targets", async () => {
    const world = await createWorld();
    const refused = await moveTarget(world.as("approver"), { target: "d1cv", move: "later" });
    expect(reasonOf(refused)).toMatchObject({ code: "forbidden" });
    expect(reasonOf(await moveTarget(world.as("admin"), { target: "nowhere", move: "first" }))).toMatchObject({
      code: "unknown_target",
    });
  });
});
