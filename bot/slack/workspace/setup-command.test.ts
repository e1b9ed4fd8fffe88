/** A new workspace is led through its setup, in one message and by clicks. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import { Driver, lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { signedSlackRequest } from "../../../test/support/bot/slack-request.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, approver, author } = people;
let world: World;

/** As /slack/install leaves it: with an admin, without roles, channel or targets. */
beforeEach(async () => {
  world = await createWorld();
  await world.command(admin, "roles");
  const of = (sql: string) => env.DB.prepare(sql).bind(world.team);
  await env.DB.batch([
    env.DB.prepare("UPDATE workspaces SET installed_by = ?2, channel_id = NULL WHERE workspace_id = ?1").bind(
      world.team,
      admin,
    ),
    of("DELETE FROM members WHERE workspace_id = ?1 AND role <> 'admin'"),
    of("DELETE FROM targets WHERE workspace_id = ?1"),
  ]);
});

/** The message that leads through the setup, as it is now. */
const message = () => {
  const found = slack.messages.filter(({ channel }) => channel === `D${admin.slice(1)}`);
  return found.at(-1);
};

const greet = async (userId: string) => {
  const body = {
    type: "event_callback",
    team_id: world.team,
    event_id: `EvHome${userId}`,
    event: { type: "app_home_opened", user: userId, channel: `D${userId.slice(1)}`, tab: "messages" },
  };
  expect((await world.send(signedSlackRequest(JSON.stringify(body)))).status).toBe(200);
  await world.settle();
};

const click = async (label: string): Promise<Driver> => {
  const blocks = message()?.blocks ?? [];
  return new Driver(world, admin, { status: 200, text: "", said: "", blocks }).click(label);
};

test("the person who has installed the app does the setup by clicks, and one message shows how far it is", async () => {
  await greet(admin);
  const first = message();
  expect(textsOf(first?.blocks)).toMatch(
    /Set CV Ops up[\s\S]*A second person is missing[\s\S]*A target is the service/,
  );
  await click("Give a role…");
  await new Screen(world, admin).submit({ people: [approver], role: "approver" });
  slack.views.closeAll();
  await world.settle();
  expect(textsOf(message()?.blocks)).not.toContain("missing");

  await click("Choose a channel…");
  await new Screen(world, admin).submit({ channel: "C0CARDS01" });
  slack.views.closeAll();
  await world.settle();
  expect(textsOf(message()?.blocks)).toContain("/invite @cv-ops");

  await click("Add a target…");
  const found = parseCredentials(env.TARGET_CREDENTIALS ?? "")["d1cv"];
  await new Screen(world, admin).submit({
    name: "d1cv",
    portfolio: world.portfolioId,
    service: "d1cv",
    secret_request: found?.request[0] ?? "",
    secret_webhook: found?.webhook[0] ?? "",
    secret_read: found?.read ?? "",
  });
  slack.views.closeAll();
  await world.settle();
  const last = message();
  expect(textsOf(last?.blocks)).toMatch(/CV Ops is set up[\s\S]*Pushes go to[\s\S]*d1cv/);
  expect(last?.ts).toBe(first?.ts);
  expect((await click("Look at the rows")).said).toContain("What the targets hold");
});

test("a setup that one person does alone ends with solo mode", async () => {
  const { said } = await (await lookAt(world, admin, "setup")).click("Work solo");
  expect(said).toContain("Solo");
  expect(await world.rows("workspaces")).toMatchObject([{ mode: "solo" }]);
  expect((await lookAt(world, admin, "setup")).said).not.toContain("missing");
});

test("the setup blocks nothing, and others see whose it is", async () => {
  const { said } = await world.command(author, "setup");
  expect(said).toMatch(new RegExp(`for admins: .*${admin}`));
  const { clickables } = await lookAt(world, author, "setup");
  expect(clickables).toEqual([]);
  await world.mustSay(admin, "staged", /./);
});

test("somebody who has not installed the app is greeted with the commands", async () => {
  await greet(author);
  const found = slack.messages.find(({ channel }) => channel === `D${author.slice(1)}`);
  expect(textsOf(found?.blocks)).toContain("Change the portfolio like code");
});
