/** A rejected commit. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("the author reads the reason of a rejection on the card, and reopens the commit", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.clickButton("Reject");
  await priya.form.getByLabel("What should be different?").fill("Python is 7 years, not 8");
  await priya.screenshot("reject-form");
  await priya.submit("Rejected commit #1");
  await priya.closeForm();

  await avery.sees("Rejected by");
  const card = avery.message("Rejected by");
  expect(await card.textContent()).toMatch(/Rejected by @Priya Raman, .*: Python is 7 years, not 8\./);
  await avery.pick(card.locator(".button.overflow"), "Reopen");
  await avery.sees("Reopened: its changes are staged again.");
  await avery.type("/cv staged", "1 staged change of yours");
});
