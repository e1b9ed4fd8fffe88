/** Outgoing webhooks, registered and managed by clicking. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { openReceiver } from "./webhook-receiver.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("an admin adds a webhook, is notified of its failure, and replays events", async (context) => {
  const receiver = await openReceiver(context);
  const carla = await session.asPerson(context, "Carla");
  const avery = await session.asPerson(context, "Avery");

  await carla.type("/cv webhooks", "There are no webhooks yet");
  await carla.clickButton("Add a webhook…");
  await carla.form.getByLabel("Address").fill("http://10.0.0.7/cv");
  await carla.submit("It must name its host; an IP address is refused in every spelling.");
  await carla.form.getByLabel("Address").fill(receiver.url);
  await carla.form.getByLabel("Which events?").fill("commit.*");
  await carla.form.getByLabel("What is it for?").fill("Builds the site anew");
  await carla.screenshot("webhook-form");
  await carla.submit("Its secret is shown this once");
  const [secret = ""] = /whsec_[A-Za-z0-9+/=]+/.exec((await carla.form.textContent()) ?? "") ?? [];
  receiver.knowsSecret(secret);
  await carla.closeForm();
  await carla.type("/cv webhooks test 1", "is on its way to webhook 1");
  await receiver.got("webhook.tested", 204);

  receiver.answers(410);
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");
  const missed = await receiver.got("commit.created", 410);
  await carla.openHome();
  await carla.page.getByRole("tab", { name: "Messages" }).click();
  await carla.sees(/is disabled: its receiver answered 410/);
  await carla.clickButton("Look at it");
  await carla.sees("its receiver wants no more events");

  receiver.answers(204);
  await carla.clickButton("Enable");
  await carla.sees(/active/);
  await carla.clickButton("Failures");
  await carla.sees(/commit\.created.*answered 410/);
  await carla.screenshot("webhook-failures");
  await carla.clickButton("Replay");
  expect(await receiver.got("commit.created", 204)).toBe(missed);
  await carla.openChannel();
  await carla.type("/cv webhooks show 1", "Webhook 1");
  await carla.screenshot("webhook");
  expect(receiver.violations).toEqual([]);
});
