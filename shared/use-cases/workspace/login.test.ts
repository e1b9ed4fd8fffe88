import { beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../digest.ts";
import { loginCodeIn, loginCodeShape, loginLifeMs } from "../../domain/workspace/login.ts";
import { newLoginCode } from "../../login-code.ts";
import { type World, createWorld, people, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { beginLogin } from "./begin-login.ts";
import { confirmLogin, declineLogin } from "./confirm-login.ts";
import { showLogin } from "./show-login.ts";

let world: World;
let hash: string;
let code: string;
beforeEach(async () => {
  world = await createWorld();
  hash = await sha256Hex(crypto.randomUUID());
  code = newLoginCode();
});

const begin = (more: object = {}) => beginLogin(world.system, { hash, device: "laptop", code, ...more });
const input = () => ({ code, name: "cv on laptop", scopes: ["read", "stage"], days: 30 });

describe("the code of a login", () => {
  test("a code of a login is read as people type it, and anything else is none", () => {
    const made = Array.from({ length: 50 }, newLoginCode);
    expect(made.filter((each) => !loginCodeShape.test(each))).toEqual([]);
    expect(new Set(made).size).toBe(50);
    expect(["wdjb mjht", "WDJBMJHT", " wdjb-MJHT "].map(loginCodeIn)).toEqual(Array(3).fill("WDJB-MJHT"));
    expect(["", "WDJB", "WDJB-MJHTT", "WDJB-MJHA"].map(loginCodeIn)).toEqual([null, null, null, null]);
  });
});

describe("a login", () => {
  test("a login that is confirmed makes the device's token one of the person, and nothing else is stored", async () => {
    expect(valueOf(await begin())).toMatchObject({ code, device: "laptop", state: "pending" });
    expect(valueOf(await showLogin(world.as("author"), code))).not.toHaveProperty("hash");
    const token = valueOf(await confirmLogin(world.as("author"), input()));
    expect(token).toMatchObject({ name: "cv on laptop", scopes: ["read", "stage"], userId: people.author });
    expect(await world.table("api_tokens")).toMatchObject([{ hash, user_id: people.author }]);
    expect(valueOf(await begin()).state).toBe("confirmed");
    expect((await world.table("job_events")).at(-1)).toMatchObject({ type: "token.created", actor_id: people.author });
  });

  test("a login is confirmed once, also by two at once", async () => {
    valueOf(await begin());
    const [one, two] = await Promise.all([
      confirmLogin(world.as("author"), input()),
      confirmLogin(world.as("admin"), input()),
    ]);
    expect([one.ok, two.ok].filter(Boolean)).toHaveLength(1);
    expect(reasonOf(await confirmLogin(world.as("author"), input()))).toEqual({ code: "login_not_found", typed: code });
    expect(await world.table("api_tokens")).toHaveLength(1);
  });

  test("a login whose time is over is confirmed by nobody", async () => {
    valueOf(await begin());
    world.clock.ms += loginLifeMs;
    expect(valueOf(await begin()).state).toBe("expired");
    for (const act of [
      showLogin(world.as("author"), code),
      confirmLogin(world.as("author"), input()),
      declineLogin(world.as("author"), code),
    ]) {
      expect(reasonOf(await act)).toEqual({ code: "login_not_found", typed: code });
    }
    expect(await world.table("api_tokens")).toEqual([]);
  });

  test("a login that was declined says so to its device, and cannot be confirmed", async () => {
    valueOf(await begin());
    expect(valueOf(await declineLogin(world.as("author"), code))).toMatchObject({ state: "declined" });
    expect(valueOf(await begin()).state).toBe("declined");
    expect(reasonOf(await confirmLogin(world.as("author"), input()))).toMatchObject({ code: "login_not_found" });
  });

  test("a login gives no more than the role of whoever confirms it, and nothing to a viewer or a token", async () => {
    valueOf(await begin());
    expect(reasonOf(await confirmLogin(world.as("author"), { ...input(), scopes: ["push"] }))).toMatchObject({
      code: "scope_exceeds_role",
    });
    expect(reasonOf(await confirmLogin(world.as("viewer"), input()))).toMatchObject({ code: "forbidden" });
    const token = { id: "t", name: "CI", scopes: ["read", "admin"] as const };
    const byToken = world.as("admin", { actor: { kind: "token", id: people.admin, token } });
    for (const act of [showLogin(byToken, code), confirmLogin(byToken, input()), declineLogin(byToken, code)]) {
      expect(reasonOf(await act)).toEqual({ code: "token_not_allowed" });
    }
    expect(valueOf(await begin()).state).toBe("pending");
  });

  test("a device that asks again keeps its code, and a code that is taken goes to nobody else", async () => {
    valueOf(await begin());
    expect(valueOf(await begin({ code: newLoginCode() })).code).toBe(code);
    expect(reasonOf(await begin({ hash: await sha256Hex("another") }))).toEqual({ code: "conflict" });
  });

  test("a device is called by what people can see", async () => {
    expect(reasonOf(await begin({ device: "lap\u202Etop" }))).toMatchObject({ code: "text_not_allowed" });
  });
});
