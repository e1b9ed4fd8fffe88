/** `/cv webhooks`: typed, clicked and filled in. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { disableWebhook } from "../../../shared/storage/webhooks/webhooks.ts";
import { createEffects } from "../../../shared/effects.ts";
import { insertCard } from "../../../shared/storage/cards.ts";
import { sql } from "../../../shared/storage/sql.ts";
import { write } from "../../../shared/storage/write.ts";

const { admin, author } = people;
const url = "https://hooks.example.com/cv";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const secretIn = (said: string): string => {
  const [found] = /whsec_[A-Za-z0-9+/]{43}=/.exec(said) ?? [];
  if (!found) throw new Error(`no secret in: ${said}`);
  return found;
};
const add = (more = "") =>
  world.mustSay(admin, `webhooks add ${url} --events job.*,change.staged ${more}`, /shown this once/);
const fail = (error: string) =>
  env.DB.prepare(
    "UPDATE webhook_deliveries SET state = 'failed', attempts = 6, error = ?2, ended_at = ?3 WHERE workspace_id = ?1",
  )
    .bind(world.team, error, clock.iso())
    .run();

describe("webhooks by commands", () => {
  test("/cv webhooks add shows the secret once and sends events", async () => {
    const { said, text } = await add();
    const secret = secretIn(said);
    expect(text).not.toContain(secret);
    expect(await world.rows("webhook_endpoints")).toMatchObject([{ url, events: '["job.*","change.staged"]', secret }]);
    await world.run([author, "stage update technology python-1 experience_years=8"]);
    expect(await world.queued(1)).toMatchObject([{ deliveryId: expect.stringMatching(/^msg_/), attempt: 0 }]);
    for (const typed of ["webhooks", "webhooks show 1", "log"]) {
      const shown = await world.command(admin, typed);
      expect(shown.said).toContain("hooks.example.com");
      expect(shown.said).not.toContain("whsec_");
    }
    expect(logged.join("\n")).not.toContain("whsec_");
  });

  test.each([
    [author, `webhooks add ${url}`, /Only an admin may manage webhooks; you are a/],
    [admin, "webhooks add http://10.0.0.1/", /must/],
    [admin, `webhooks add ${url} --events jobs.*`, /no event `jobs\.\*`.*Did you mean `job\.\*`/],
    [admin, `webhooks add ${url} --profile quick`, /no profile `quick`/],
    [admin, "webhooks adopt 1", /nothing to do with a webhook/],
    [admin, "webhooks test", /Say which webhook, by its number/],
    [admin, "webhooks test x", /`x` is not the number of a webhook/],
    [admin, "webhooks test 7", /There is no webhook 7/],
    [admin, "webhooks replay 7", /There is no delivery 7/],
    [admin, "webhooks replay 1 --since yesterday", /`yesterday` is no time/],
    [admin, "webhooks test 1 2", /`2` is too much/],
  ])("/cv webhooks refuses, by %s: %s", async (who, typed, said) => {
    await world.mustSay(who, typed, said);
    expect(await world.rows("webhook_endpoints")).toEqual([]);
  });

  test("/cv webhooks changes, rotates, disables and deletes a webhook", async () => {
    const old = secretIn((await add()).said);
    await world.mustSay(admin, "webhooks change 1", /Say what to change/);
    await world.mustSay(admin, "webhooks change 1 --events *", /is changed: `\*` to https:\/\/hooks/);
    const secret = secretIn((await world.mustSay(admin, "webhooks rotate 1", /signs as well for 24 hours/)).said);
    expect(await world.rows("webhook_endpoints")).toMatchObject([{ secret, old_secret: old }]);
    await world.mustSay(admin, "webhooks disable 1", /is disabled/);
    await world.mustSay(admin, "webhooks test 1", /is disabled, so nothing is sent to it/);
    await world.mustSay(admin, "webhooks enable 1", /is enabled/);
    await world.mustSay(admin, "webhooks test 1", /on its way to webhook \*1\*/);
    await world.mustSay(admin, "webhooks remove 1", /is removed/);
    await world.mustSay(admin, "webhooks", /There are no webhooks/);
  });
});

describe("webhooks by clicks", () => {
  test("the webhook form adds a webhook, and reports an invalid address", async () => {
    const driver = await lookAt(world, admin, "webhooks");
    await driver.click("Add a webhook…");
    const form = new Screen(world, admin);
    await form.submit({ url: "https://intranet/", events: "*" });
    expect(form.errors["url"]).toContain("It must name a host of the public network");
    await form.submit({ url, events: "commit.*" });
    expect(await world.rows("webhook_endpoints")).toMatchObject([{ url, events: '["commit.*"]', profile: "standard" }]);
  });

  test("a webhook that is removed by a click gives way to the list, without a warning", async () => {
    await add();
    const driver = await lookAt(world, admin, "webhooks show 1");
    await driver.click("Remove");
    expect(driver.said).toMatch(/is removed[\s\S]*There are no webhooks yet/);
    expect(driver.said).not.toContain(":warning:");
  });

  test("failed deliveries are shown and replayed by clicks", async () => {
    await add();
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "unstage all"]);
    await world.run([author, "stage update technology python-1 experience_years=9"]);
    await fail("answered 500");
    clock.advance(1000);
    const driver = await lookAt(world, admin, "webhooks");
    await driver.click("Show");
    expect(driver.said).toMatch(/Kept as failed\*  2/);
    await driver.click("Failures");
    expect(driver.said).toMatch(/change\.staged[\s\S]*it answered 500  ·  6 attempts/);
    await driver.click("Replay");
    expect(
      (await world.rows("webhook_deliveries")).map(({ state }) => String(state)).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["failed", "pending"]);
    // The batch finds what it has replayed by its time.
    clock.advance(1000);
    await driver.click("Replay all of 30 days");
    expect(driver.said).toContain("1 event is on the way to webhook *1* again");
    expect(driver.said).toContain("Nothing is kept as failed");
  });
});

test("the creator of a disabled webhook gets a notice, which is updated", async () => {
  await add();
  const [row] = await world.rows("webhook_endpoints");
  const id = String(row?.["id"]);
  const at = { workspaceId: world.team, now: clock.iso() };
  await write({ db: env.DB, effects: createEffects(), nowMs: clock.nowMs }, [
    sql`UPDATE webhook_endpoints SET failing_since = ${at.now}, last_error = 'answered 500' WHERE id = ${id}`,
    disableWebhook(at, id, "failing"),
    insertCard(at, { id: "notice-1", kind: "webhook", subjectId: id, channelId: admin }),
  ]);
  await world.settle();
  const notice = () =>
    JSON.stringify(slack.messages.filter((each) => JSON.stringify(each).includes("hooks.example.com")));
  await env.SLACK_OUTBOX.getByName(world.team).wake(world.team);
  await world.settle();
  expect(notice()).toMatch(
    /Webhook \*1\* at hooks\.example\.com is disabled: nothing has arrived there since[^"]*it answered 500/,
  );
  await world.run([admin, "webhooks enable 1"]);
  await world.settle();
  expect(notice()).toContain("is enabled again");
});
