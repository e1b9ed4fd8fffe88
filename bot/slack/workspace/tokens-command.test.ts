/** `/cv tokens`: what people make for their programs, shown once. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { logged } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, approver, author, viewer } = people;

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const tokenIn = (said: string): string => {
  const [found] = /cvops_[A-Za-z0-9_-]{43}/.exec(said) ?? [];
  if (!found) throw new Error(`no token in: ${said}`);
  return found;
};

const callWith = async (token: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const request = new Request("https://cv-ops.internal/v2/me", { headers: { Authorization: `Bearer ${token}` } });
  const response = await world.send(request);
  return { status: response.status, body: await response.json() };
};

describe("tokens by commands", () => {
  test("/cv tokens new shows a token once, which works within its scopes", async () => {
    const { said, text } = await world.mustSay(
      author,
      "tokens new CI of the site --scopes read,stage --days 30",
      /shown this once/,
    );
    const token = tokenIn(said);
    expect(text).not.toContain(token);
    expect(await callWith(token)).toMatchObject({
      status: 200,
      body: { userId: author, token: { name: "CI of the site", scopes: ["read", "stage"] } },
    });
    await world.mustSay(author, "tokens", /CI of the site: read, stage/);
    expect((await world.command(author, "tokens")).said).not.toContain(token);
    expect(logged.join("\n")).not.toContain(token);
    await world.mustSay(admin, "log", /<@U0AVERY01> created an API token CI of the site, with the scopes read, stage/);
  });

  test("/cv tokens new that Slack's network repeats makes one token, and shows it once", async () => {
    const body = world.commandBody(author, "tokens new CI");
    const [first, second] = [await world.post(body), await world.post(body)];
    expect(await first.text()).toMatch(/cvops_/);
    expect(await second.text()).not.toMatch(/cvops_/);
    expect(await world.rows("api_tokens")).toHaveLength(1);
    const { results } = await env.DB.prepare("SELECT * FROM idempotency_records").all();
    expect(JSON.stringify(results)).not.toContain("cvops_");
  });

  test("/cv tokens new makes a token for reading by default", async () => {
    const { said } = await world.command(author, "tokens new CI");
    expect(said).toContain("It may read for you");
  });

  test.each([
    [viewer, "tokens new CI", /Only an editor may create API tokens; you are a viewer/],
    [
      author,
      "tokens new CI --scopes push",
      /You are an editor, so a token of yours could do nothing with the scope `push`/,
    ],
    [author, "tokens new CI --scopes raad,stge", /no scope `raad`/],
    [author, "tokens new CI --scopes ,", /needs at least one scope: `read`/],
    [author, "tokens new CI --days 400", /is valid for 1 to 365 days/],
    [author, "tokens new CI --days soon", /is valid for 1 to 365 days/],
    [author, `tokens new ${"x".repeat(61)}`, /1 to 60 characters/],
    [author, "tokens revok 1", /Did you mean `revoke`\?/],
    [author, "tokens revoke", /Say which token/],
    [author, "tokens revoke CI", /`CI` is not the number of a token/],
    [author, "tokens revoke 1 2", /`2` is too much/],
    [author, "tokens revoke 7", /You have no token 7/],
  ])("/cv tokens refuses with what to do: %s types %s", async (userId, typed, expected) => {
    await world.mustSay(userId, typed, expected);
    expect(await world.rows("api_tokens")).toEqual([]);
  });
});

describe("the token form", () => {
  test("the token form offers the role's scopes and shows the token once", async () => {
    const screen = await new Screen(world, author).command("tokens new");
    expect(screen.said).toContain("Stage: stage and commit changes");
    expect(screen.said).not.toMatch(/Push:|Review:|Admin:/);
    await screen.submit({ name: "  ", scopes: ["read"], days: "90" });
    expect(screen.errors).toEqual({ name: "Say it in 1 to 60 characters." });
    await screen.submit({ name: "CI", scopes: [], days: "90" });
    expect(screen.errors).toEqual({ scopes: "Choose at least one." });
    await screen.submit({ name: "CI", scopes: ["read", "stage"], days: "1" });
    expect(await callWith(tokenIn(screen.said))).toMatchObject({ status: 200 });
  });

  test("the token form is not opened for a viewer", async () => {
    expect((await world.command(viewer, "tokens new")).said).toMatch(/Only an editor may/);
  });
});

describe("a revoked token", () => {
  test("a token that is revoked by a click is refused from then on", async () => {
    const token = tokenIn((await world.command(approver, "tokens new CI")).said);
    const driver = await lookAt(world, approver, "tokens");
    const button = driver.clickables.find(({ label }) => label === "Revoke 1");
    if (!button) throw new Error("no button");
    await driver.click(button);
    expect(driver.said).toContain("is revoked");
    expect(driver.clickables.map(({ label }) => label)).toEqual(["New token…"]);
    expect(await callWith(token)).toMatchObject({ status: 401 });
  });

  test("a token is revoked by its owner who has lost every role, and may make no other", async () => {
    await world.run([author, "tokens new CI"], [admin, `roles <@${author}> viewer`]);
    const driver = await lookAt(world, author, "tokens");
    expect(driver.clickables.map(({ label }) => label)).toEqual(["Revoke 1"]);
    await world.mustSay(author, "tokens revoke 1", /is revoked/);
    await world.mustSay(author, "tokens new CI", /Only an editor may create API tokens/);
  });

  test("a token is listed and revoked only by its owner and an admin", async () => {
    await world.run([author, "tokens new CI"]);
    await world.mustSay(approver, "tokens", /There are no API tokens/);
    await world.mustSay(approver, "tokens revoke 1", /You have no token 1/);
    await world.mustSay(admin, "tokens", /<@U0AVERY01>, ends/);
    await world.mustSay(admin, "tokens revoke 1", /is revoked/);
    expect(await world.rows("api_tokens")).toMatchObject([{ user_id: author, revoked_by: admin }]);
  });
});
