/** What people type in place of a number or an id. */
import { beforeEach, describe, expect, test } from "vitest";
import { problem } from "../sdk/testing/scripted-server.ts";
import { shellOf } from "./testing/shell.ts";

const change = (number: number, name: string, author = "U0AVERY01") => ({
  number,
  state: "staged",
  action: "UPDATE",
  entityType: "technology",
  entityId: `${name.toLowerCase().replaceAll(" ", "-")}-1`,
  note: null,
  targets: ["d1cv"],
  payload: {},
  permalink: null,
  createdAt: "2031-03-03T09:00:00.000Z",
  name,
  summary: `${name}: level → Expert`,
  operations: [],
  author,
  contributors: [author],
  overlaps: [],
  overlapCount: 0,
});

const changes = [
  change(3, "Python"),
  change(4, "React Native"),
  change(5, "React Query"),
  change(6, "Python", "U0PRIYA01"),
  change(7, "Go", "U0PRIYA01"),
];
const token = {
  number: 2,
  name: "CI",
  scopes: ["read"],
  createdAt: "2031-03-03T09:00:00.000Z",
  expiresAt: "2031-06-01T09:00:00.000Z",
  lastUsedAt: null,
  owner: "U0AVERY01",
  state: "active",
};

let shell: ReturnType<typeof shellOf>;
beforeEach(() => {
  shell = shellOf();
  const { replies } = shell.server;
  replies.set("GET /me", {
    workspaceId: "T1",
    userId: "U0AVERY01",
    role: "admin",
    permissions: [],
    token: null,
    targets: ["d1cv"],
    mode: "team",
    approvalsNeeded: 1,
  });
  replies.set("GET /staged", { changes, count: changes.length, ownCount: 3, next: null });
  for (const { number } of changes)
    replies.set(
      `DELETE /staged/${number}`,
      changes.find((each) => each.number === number),
    );
});

const sent = (method: string): string[] =>
  shell.server.requests.filter((each) => each.method === method).map(({ path }) => path);

describe("a staged change by name", () => {
  test.each([
    [["unstage", "python"], ["/staged/3"]],
    [
      ["unstage", "react-native-1", "Go"],
      ["/staged/4", "/staged/7"],
    ],
    [
      ["unstage", "5", "native"],
      ["/staged/5", "/staged/4"],
    ],
  ])("cv %j means one's own before those of others", async (argv, expected) => {
    expect((await shell.cv(...argv)).code).toBe(0);
    expect(sent("DELETE")).toEqual(expected);
  });

  test("cv edit and cv commit --only take the name of a row", async () => {
    shell.server.replies.set("PATCH /staged/3", problem(409, "nothing_to_edit", "nothing", { number: 3 }));
    await shell.cv("edit", "Python", "level=Expert");
    expect(sent("PATCH")).toEqual(["/staged/3"]);
    shell.server.replies.set("POST /commit", problem(409, "nothing_staged", "nothing"));
    await shell.cv("commit", "-m", "Rust alone", "--only", "python,4");
    expect(shell.server.requests.at(-1)?.body).toMatchObject({ changes: [3, 4] });
  });

  test("a name of several lists them, one of none suggests the nearest, and nothing is changed", async () => {
    expect(await shell.cv("unstage", "react")).toEqual({
      code: 1,
      out: "",
      err: '"react" is the name of several; say which:\n  4  React Native: level → Expert\n  5  React Query: level → Expert\n',
    });
    expect(await shell.cv("unstage", "pyton")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^There is no staged change "pyton". Did you mean:\n {2}3 {2}Python/),
    });
    expect(JSON.parse((await shell.cv("unstage", "react", "--json")).err)).toMatchObject({
      error: { code: "ambiguous_name", candidates: [expect.stringContaining("React Native"), expect.anything()] },
    });
    expect(sent("DELETE")).toEqual([]);
  });
});

describe("a person by name", () => {
  const viktor = { userId: "U0VIKTOR1", name: "Viktor Hale" };
  const reply = {
    userId: "U0VIKTOR1",
    role: "editor",
    meta: { changed: [], approvalsNeeded: 1, mayApprove: [], isTeamNow: false, approved: [], returned: [] },
  };

  test("cv roles gives a role by an e-mail address, a name or an id", async () => {
    shell.server.replies.set("GET /people/search", { people: [viktor], near: [] });
    shell.server.replies.set("PUT /roles/U0VIKTOR1", reply);
    shell.server.replies.set("GET /people", { people: [viktor] });
    for (const typed of [["viktor@example.com"], ["Viktor", "Hale"], ["U0VIKTOR1"]]) {
      expect(await shell.cv("roles", ...typed, "Editor")).toMatchObject({
        code: 0,
        out: "Viktor Hale is editor now.\n",
      });
    }
    expect(sent("GET").filter((path) => path.startsWith("/people/search"))).toEqual([
      "/people/search?q=viktor%40example.com",
      "/people/search?q=Viktor+Hale",
    ]);
  });

  test("cv roles says whom a name may mean, and which roles there are", async () => {
    shell.server.replies.set("GET /people/search", { people: [], near: [viktor] });
    expect((await shell.cv("roles", "victor", "editor")).err).toContain(
      'There is no person "victor". Did you mean:\n  Viktor Hale (U0VIKTOR1)',
    );
    expect((await shell.cv("roles", "viktor", "edtor")).err).toContain("Did you mean editor?");
    expect((await shell.cv("roles", "editor")).err).toContain("Say who gets the role.");
    expect(sent("PUT")).toEqual([]);
  });
});

describe("tokens, webhooks and rows by name", () => {
  test("cv tokens revoke takes the name of a token that is active", async () => {
    const old = { ...token, number: 1, state: "expired" };
    shell.server.replies.set("GET /tokens", { tokens: [token, old] });
    shell.server.replies.set("DELETE /tokens/2", { ...token, state: "revoked" });
    expect(await shell.cv("tokens", "revoke", "ci")).toMatchObject({ code: 0, out: "Revoked token 2, CI.\n" });
    expect((await shell.cv("tokens", "revoke", "shell")).err).toContain('There is no token "shell".');
    expect((await shell.cv("tokens")).out).toContain("   2  CI  (read)  active, until 2031-06-01");
  });

  test("cv webhooks takes a description or an address", async () => {
    const webhook = {
      number: 4,
      url: "https://hooks.example.com/cv",
      description: "Status board",
      events: ["*"],
      profile: "standard",
      state: "active",
      oldSecretUntil: null,
      createdBy: "U0CARLA01",
      createdAt: "2031-03-03T09:00:00.000Z",
      updatedAt: "2031-03-03T09:00:00.000Z",
      disabled: null,
      failing: null,
    };
    shell.server.replies.set("GET /webhooks", { webhooks: [webhook] });
    shell.server.replies.set("POST /webhooks/4/test", webhook);
    for (const typed of ["status board", "hooks.example.com", "4"]) {
      expect(await shell.cv("webhooks", "test", typed)).toMatchObject({
        code: 0,
        out: "Sent a test event to webhook 4, https://hooks.example.com/cv.\n",
      });
    }
    expect((await shell.cv("webhooks", "tset", "4")).err).toContain("is not enable, disable, test");
  });

  test("cv verify accept takes a row by its name, and an id where no target lists its rows", async () => {
    const rows = [{ id: "python-1", name: "Python", values: {} }];
    shell.server.replies.set("GET /rows/technology", { target: "d1cv", rows, unreadable: [] });
    shell.server.replies.set("POST /verify/accept", problem(409, "row_missing", "gone"));
    await shell.cv("verify", "accept", "d1", "technology", "Python");
    expect(shell.server.requests.at(-1)?.body).toMatchObject({ entityId: "python-1" });
    shell.server.replies.set("GET /rows/technology", problem(500, "internal", "down"));
    await shell.cv("verify", "accept", "d1", "technology", "go-1");
    expect(shell.server.requests.at(-1)?.body).toMatchObject({ entityId: "go-1" });
  });
});
