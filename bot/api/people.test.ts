/** People by what others call them, as an admin names them. */
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { slack } from "../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let admin: ApiClient;
beforeEach(async () => {
  world = await createWorld();
  admin = await ApiClient.of(world, people.admin);
  slack.addPerson("blake@example.com", { id: "U0BLAKE01", real_name: "Blake Jones", name: "blake" });
  slack.addPerson("moss@example.com", { id: "U0BLAKE02", real_name: "Blake Moss", name: "bmoss" });
  slack.addPerson("gone@example.com", { id: "U0GONE001", real_name: "Blake Gone", deleted: true });
});

const find = async (q: string) => (await admin.get(`/people/search?q=${encodeURIComponent(q)}`)).body;
const jones = { userId: "U0BLAKE01", name: "Blake Jones" };
const moss = { userId: "U0BLAKE02", name: "Blake Moss" };

describe("people by name", () => {
  test.each([
    ["blake@example.com", [jones]],
    ["gone@example.com", []],
    ["@blake", [jones]],
    ["blake moss", [moss]],
    ["Bla", [jones, moss]],
  ])("an admin finds by %j who is called so", async (q, expected) => {
    expect(await find(q)).toEqual({ people: expected, near: [] });
  });

  test("a name that nobody has suggests who may have been meant", async () => {
    expect(await find("Blake Mosss")).toEqual({ people: [], near: [moss] });
  });

  test("all pages of Slack's list of people are read", async () => {
    for (let index = 0; index < 450; index += 1) {
      slack.addPerson(`p${index}@example.com`, {
        id: `U0PAGE${String(index).padStart(4, "0")}`,
        real_name: `P ${index}`,
      });
    }
    slack.addPerson("last@example.com", { id: "U0LAST001", real_name: "Zoe Last" });
    expect(await find("zoe")).toMatchObject({ people: [{ userId: "U0LAST001" }] });
    expect(slack.callsOf("users.list")).toHaveLength(3);
  });

  test("people are looked for by those alone who give roles, and while Slack answers", async () => {
    const editor = await ApiClient.of(world, people.author);
    expect(await editor.get("/people/search?q=blake")).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(slack.callsOf("users.list")).toHaveLength(0);
    slack.fail("users.list", { status: 503 });
    expect(await admin.get("/people/search?q=blake")).toMatchObject({ status: 503, body: { code: "unavailable" } });
  });
});
