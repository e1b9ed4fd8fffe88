import { beforeAll, describe, expect, test } from "vitest";
import { includes, roles } from "../domain/workspace/roles.ts";
import { createBusyWorld, personWith, useCaseFixtures } from "../../test/support/shared/use-case-fixtures.ts";
import {
  type Person,
  type World,
  channelId,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  stageInput,
  valueOf,
} from "../../test/support/shared/world.ts";
import { approveCommit } from "./reviews/decide-commit.ts";
import { dropCommit } from "./commits/close-commit.ts";
import { listStaged } from "./staging/list-staged.ts";
import { requestReview } from "./reviews/request-review.ts";
import { setSettings } from "./workspace/set-settings.ts";
import { stageChange } from "./staging/stage-change.ts";
import { unstageChanges } from "./staging/unstage-changes.ts";

/** Nothing is written here: what is refused and what only reads share these, which takes a third of the time. */
let untouched: World;
/** The same, where the admin has staged something as well. */
let withAdminsChange: World;
beforeAll(async () => {
  untouched = await createBusyWorld();
  withAdminsChange = await createWorldWithAdminsChange();
});

const createWorldWithAdminsChange = async (): Promise<World> => {
  const world = await createBusyWorld();
  await stage(world, {}, "admin");
  return world;
};

describe("a new workspace", () => {
  const fresh = (world: World, person: Person) =>
    world.as(person, {
      workspaceId: `${world.workspaceId}-new`,
      bootstrap: {
        admin: people.admin,
        targets: [
          {
            name: "d1cv",
            alias: null,
            portfolioId: world.portfolioId,
            binding: "D1CV",
            url: null,
            credentials: "d1cv",
          },
          {
            name: "ai-agent",
            alias: "ai",
            portfolioId: world.portfolioId,
            binding: "AI_AGENT",
            url: null,
            credentials: "ai-agent",
          },
        ],
      },
    });

  test("a new workspace gets its targets in order, its first admin and team mode", async () => {
    const world = await createWorld();
    const { session } = valueOf(await listStaged(fresh(world, "admin")));
    expect(session.role).toBe("admin");
    expect(session.members).toEqual([{ userId: people.admin, role: "admin" }]);
    expect(session.targets.map(({ name, position }) => [name, position])).toEqual([
      ["d1cv", 0],
      ["ai-agent", 1],
    ]);
    expect(session.workspace).toMatchObject({ mode: "team", approvalsNeeded: 1, channelId: null });
  });

  test("a new workspace can be used at once to stage a change", async () => {
    const world = await createWorld();
    expect(valueOf(await stageChange(fresh(world, "admin"), stageInput())).change.number).toBe(1);
  });

  test("a new workspace is set up once by two requests at once", async () => {
    const world = await createWorld();
    const both = await Promise.all([listStaged(fresh(world, "admin")), listStaged(fresh(world, "viewer"))]);
    expect(both.map((result) => valueOf(result).session.role)).toEqual(["admin", "viewer"]);
    expect(
      await world.select("SELECT * FROM targets WHERE workspace_id = ?1", `${world.workspaceId}-new`),
    ).toHaveLength(2);
    expect(
      await world.select("SELECT * FROM members WHERE workspace_id = ?1", `${world.workspaceId}-new`),
    ).toHaveLength(1);
  });

  test("a workspace keeps its targets and admin when the bootstrap changes", async () => {
    const world = await createWorld();
    await listStaged(fresh(world, "admin"));
    const ctx = fresh(world, "viewer");
    const { session } = valueOf(await listStaged({ ...ctx, bootstrap: { ...ctx.bootstrap, admin: people.viewer } }));
    expect(session.role).toBe("viewer");
    expect(session.members).toEqual([{ userId: people.admin, role: "admin" }]);
  });
});

describe("the role of a person", () => {
  const roleOf = async (world: World, person: Person, admin: string | null = null) =>
    valueOf(await listStaged(world.as(person, { bootstrap: { admin, targets: [] } }))).session.role;

  test("a person is a viewer until somebody grants another role", async () => {
    const world = await createWorld();
    expect(
      await Promise.all(
        (["viewer", "otherAuthor", "approver", "admin"] as const).map((person) => roleOf(world, person)),
      ),
    ).toEqual(["viewer", "editor", "approver", "admin"]);
  });

  test("the bootstrap admin acts as admin when the workspace has no admin", async () => {
    const world = await createWorld({
      members: [
        ["author", "editor"],
        ["approver", "approver"],
      ],
    });
    expect(await roleOf(world, "approver", people.approver)).toBe("admin");
    expect(await roleOf(world, "viewer", people.viewer)).toBe("admin");
    expect(await roleOf(world, "author", people.approver)).toBe("editor");
  });

  test("the bootstrap raises nobody's role while the workspace has an admin", async () => {
    const world = await createWorld();
    expect(await roleOf(world, "viewer", people.viewer)).toBe("viewer");
    expect(await roleOf(world, "author", people.author)).toBe("editor");
  });

  test.each(["target", "system"] as const)("a %s actor is a viewer, even under the admin's id", async (kind) => {
    const world = await createWorld();
    const actor = { kind, id: people.admin };
    expect(valueOf(await listStaged(world.as("admin", { actor }))).session.role).toBe("viewer");
    expect(reasonOf(await setSettings(world.as("admin", { actor }), { mode: "solo" })).code).toBe("forbidden");
  });
});

describe.each(useCaseFixtures.filter(({ role }) => role !== "viewer"))("$name", ({ role: needed, run }) => {
  test("a use case refuses roles below its own, naming who may, and changes nothing", async () => {
    const below = roles.filter((role) => !includes(role, needed));
    expect(below).not.toEqual([]);
    const world = untouched;
    const before = await everythingOf(world.workspaceId);
    const callsBefore = [...world.d1cv.calls, ...world.ai.calls];
    for (const role of below) {
      const reason = reasonOf(await run(world.as(personWith[role])));
      expect(reason).toMatchObject({ code: "forbidden", role, needed });
      const mayDo = (["author", "otherAuthor", "approver", "otherApprover", "admin"] as const).filter((person) =>
        includes(
          person === "admin" ? "admin" : person === "author" || person === "otherAuthor" ? "editor" : "approver",
          needed,
        ),
      );
      expect("whoMay" in reason && Array.isArray(reason.whoMay) && new Set(reason.whoMay)).toEqual(
        new Set(mayDo.map((person) => people[person])),
      );
    }
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual(callsBefore);
  });
});

describe.each(useCaseFixtures)("$name", ({ role: needed, reads, run }) => {
  test("a use case is allowed to its role and to the admin", async () => {
    const least = personWith[needed];
    // The author's own commits are decided by somebody else.
    const world = reads ? untouched : await createBusyWorld();
    expect(await run(world.as(least))).toMatchObject({ ok: true });
    const admins = reads ? withAdminsChange : await createWorldWithAdminsChange();
    expect(await run(admins.as("admin"))).toMatchObject({ ok: true });
  });
});

describe.each(useCaseFixtures.filter(({ reads }) => reads))("$name", ({ role: needed, run }) => {
  test("a use case that reads writes nothing to the database", async () => {
    const before = await everythingOf(untouched.workspaceId);
    valueOf(await run(untouched.as(personWith[needed], { idempotencyKey: null })));
    expect(await everythingOf(untouched.workspaceId)).toEqual(before);
  });
});

describe.each(useCaseFixtures.filter(({ reads }) => !reads))("$name", ({ role: needed, showsOnce = false, run }) => {
  /** As a repeat gets it. */
  const repeated = (value: unknown) => (showsOnce ? { ...(value as object), secret: null } : value);

  test("a use case that is requested twice writes once and gives the same result", async () => {
    const world = await createBusyWorld();
    const ctx = world.as(personWith[needed], { idempotencyKey: "slack:twice" });
    const value = valueOf(await run(ctx));
    const after = await everythingOf(world.workspaceId);
    expect(valueOf(await run(ctx))).toEqual(repeated(value));
    expect(await everythingOf(world.workspaceId)).toEqual(after);
  });

  test("a use case that is requested twice at once writes once", async () => {
    const world = await createBusyWorld();
    const ctx = world.as(personWith[needed], { idempotencyKey: "slack:twice" });
    const results = await Promise.all([run(ctx), run(ctx), run(ctx)]);
    const values = results.map((result) => valueOf(result));
    expect(new Set(values.map((value) => JSON.stringify(repeated(value)))).size).toBe(1);
    expect((await world.table("idempotency_records")).filter(({ key }) => key === "slack:twice")).toHaveLength(1);
  });
});

/** Whoever loses a role is a viewer. */
const needRole = useCaseFixtures.filter(({ reads, role }) => !reads && role !== "viewer");

describe.each(needRole)("$name", ({ role: needed, run }) => {
  test("a use case says nothing to a repeat by somebody who lost the role", async () => {
    const world = await createBusyWorld();
    const ctx = world.as(personWith[needed], { idempotencyKey: "slack:twice" });
    valueOf(await run(ctx));
    await world.run("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2", world.workspaceId, ctx.actor.id);
    const after = await everythingOf(world.workspaceId);
    expect(reasonOf(await run(ctx))).toMatchObject({ code: "forbidden", role: "viewer", needed });
    expect(await everythingOf(world.workspaceId)).toEqual(after);
  });
});

describe("what other people made", () => {
  test.each<[string, (world: World, person: Person) => Promise<unknown>]>([
    ["a staged change", (world, person) => unstageChanges(world.as(person), { numbers: [5] })],
    [
      "a draft to send to review",
      (world, person) => requestReview(world.as(person), { number: 4, channelId, reviewers: [] }),
    ],
    ["a commit to drop", (world, person) => dropCommit(world.as(person), 4)],
  ])("%s of somebody else's: refused to an editor and an approver, allowed to the admin", async (_name, run) => {
    const world = await createBusyWorld();
    const before = await everythingOf(world.workspaceId);
    for (const person of ["otherAuthor", "approver"] as const) {
      expect(await run(world, person)).toMatchObject({
        ok: false,
        reason: { code: "not_author", author: people.author },
      });
    }
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect(await run(world, "admin")).toMatchObject({ ok: true });
  });
});

test("every event records who did it, when, and under which trace", async () => {
  const world = await createBusyWorld();
  valueOf(await approveCommit(world.as("approver", { traceId: "f".repeat(32) }), { number: 3, seenHash: null }));
  expect((await world.table("job_events")).at(-1)).toMatchObject({
    type: "commit.approved",
    actor_kind: "slack",
    actor_id: people.approver,
    trace_id: "f".repeat(32),
    created_at: new Date(world.clock.ms).toISOString(),
  });
});
