import { beforeEach, describe, expect, test } from "vitest";
import { type World, createWorld, people, valueOf } from "../../../test/support/shared/world.ts";
import { systemActor } from "../../domain/workspace/actor.ts";
import { attemptLifeMs, extendedEnd, idleLifeMs, returnPath, wholeLifeMs } from "../../domain/workspace/sign-in.ts";
import { disconnect } from "./disconnect.ts";
import { removePerson } from "./remove-person.ts";
import { beginSignIn, signIn, signOut, signedIn, takeSignInAttempt } from "./sign-in.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const begun = (more: object = {}) => ({
  state: crypto.randomUUID(),
  nonce: "a-nonce",
  browser: "a-browser",
  returnTo: "/app/verify",
  ...more,
});

const enter = async (userId: string, secret: string = crypto.randomUUID()): Promise<string> => {
  await signIn(world.system, { workspaceId: world.workspaceId, userId, name: "Priya" }, secret, null);
  return secret;
};
const userOf = async (secret: string) => (await signedIn(world.system, secret))?.signIn.userId ?? null;

describe("the page after a sign-in", () => {
  test.each([
    [null, "/app"],
    ["/app", "/app"],
    ["/app/commits/1?tab=diff", "/app/commits/1?tab=diff"],
    ["/app?workspace=T1", "/app?workspace=T1"],
    ["/v2/me", "/app"],
    ["/app/../v2/me", "/app"],
    ["/app/%2e%2e/v2/me", "/app"],
    ["//evil.example/app", "/app"],
    ["/\\evil.example", "/app"],
    ["https://evil.example/app", "/app"],
    ["/application", "/app"],
  ])("the page after a sign-in that names %s is %s", (typed, path) => {
    expect(returnPath(typed, "https://cv.example.com")).toBe(path);
  });
});

describe("an attempt to sign in", () => {
  test("an attempt to sign in is taken once, also by two at once", async () => {
    const attempt = begun();
    await beginSignIn(world.system, attempt);
    const taken = await Promise.all([1, 2].map(() => takeSignInAttempt(world.system, attempt.state, "a-browser")));
    expect(taken.filter((each) => each !== null)).toEqual([{ nonce: "a-nonce", returnTo: "/app/verify" }]);
  });

  test("an attempt to sign in is of its browser and its ten minutes, and stores neither state nor cookie", async () => {
    const attempt = begun();
    await beginSignIn(world.system, attempt);
    expect(await takeSignInAttempt(world.system, attempt.state, "another-browser")).toBeNull();
    const { results } = await world.system.db.prepare("SELECT * FROM sign_in_attempts").all();
    expect(JSON.stringify(results)).not.toContain(attempt.state);
    expect(JSON.stringify(results)).not.toContain("a-browser");
    world.clock.ms += attemptLifeMs;
    expect(await takeSignInAttempt(world.system, attempt.state, "a-browser")).toBeNull();
  });
});

describe("a sign-in at the portal", () => {
  test("a sign-in is longer with each use that adds an hour, up to its whole life", () => {
    const at = (ms: number) => new Date(ms).toISOString();
    const signInAt = { id: "s", workspaceId: "T1", userId: "U1", createdAt: at(0), expiresAt: at(idleLifeMs) };
    expect(extendedEnd(signInAt, 59 * 60_000)).toBeNull();
    expect(extendedEnd(signInAt, 60 * 60_000)).toBe(at(idleLifeMs + 60 * 60_000));
    const late = { ...signInAt, expiresAt: at(wholeLifeMs - 1000) };
    expect(extendedEnd(late, wholeLifeMs - 2000)).toBeNull();
  });

  test("a sign-in ends when its person leaves Slack, and nobody else's does", async () => {
    const [theirs, other] = [await enter(people.viewer), await enter(people.author)];
    expect(await userOf(theirs)).toBe(people.viewer);
    const bySlack = world.as("admin", { actor: systemActor("slack") });
    expect(valueOf(await removePerson(bySlack, people.viewer))).toEqual({ tokens: [], returned: [] });
    expect(await userOf(theirs)).toBeNull();
    expect(await userOf(other)).toBe(people.author);
  });

  test("every sign-in of a workspace ends when it loses the app, and none comes back with the app", async () => {
    const [one, two] = [await enter(people.viewer), await enter(people.author)];
    await disconnect(world.as("admin", { actor: systemActor("slack") }), "app_uninstalled");
    await world.run("UPDATE workspaces SET disconnected_at = NULL WHERE workspace_id = ?1", world.workspaceId);
    expect([await userOf(one), await userOf(two)]).toEqual([null, null]);
  });

  test("signing out ends one sign-in or all of a person, in their workspace alone", async () => {
    const elsewhere = await createWorld();
    const [one, two, three] = [await enter(people.author), await enter(people.author), await enter(people.author)];
    const far = crypto.randomUUID();
    const there = { workspaceId: elsewhere.workspaceId, userId: people.author, name: null };
    await signIn(world.system, there, far, null);
    expect((await signOut(world.system, one, false))?.ended).toHaveLength(1);
    expect(await userOf(two)).toBe(people.author);
    expect((await signOut(world.system, two, true))?.ended).toHaveLength(2);
    expect([await userOf(three), await userOf(far)]).toEqual([null, people.author]);
    expect(await signOut(world.system, three, true)).toBeNull();
  });
});
