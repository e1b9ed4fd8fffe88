/** A failed push in the channel, and its trace in the local Slack. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a target refuses a push: the channel shows the reason, and Retry succeeds", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.page.getByTestId("tool-faults-toggle").click();
  await priya.page.getByTestId("fault-d1cv.refuse").click();
  await priya.page.getByText("1 fault is on").waitFor();
  await priya.screenshot("faults");
  await priya.page.getByRole("button", { name: "Close the panel" }).click();
  await priya.clickButton("Approve");
  await priya.clickButton("Push to all");

  await priya.sees(/d1cv failed/);
  await avery.sees(/Nothing was applied to d1cv\. ai-agent was not started\./);
  await avery.sees(/Commit #1.*Push failed at d1cv/);
  await priya
    .message(/d1cv failed/)
    .getByText("replied to a thread")
    .waitFor();
  await priya.screenshot("failure");
  await priya.pick(priya.message(/Commit #1.*Push failed/).locator(".button.overflow"), "Why");
  await priya.sees("1 of 13 checks");
  await priya.screenshot("why");
  await priya.message("1 of 13 checks").getByRole("button", { name: "Dismiss message" }).click();

  await priya.clickButton("Retry");
  await priya.sees(/attempt 1 failed and was tried again/);
  await priya.sees("verified live");
  await avery.sees(/Commit #1.*Applied to d1cv, ai-agent/);

  await priya.page.getByTestId("tool-payloads-toggle").click();
  const exchanges = priya.page.getByRole("listbox", { name: "Exchanges, newest first" });
  // The timeline is in order, oldest first.
  await exchanges.getByRole("option", { name: /block_actions Retry/ }).click();
  const sent = priya.page.getByRole("region", { name: "What Slack sent" });
  await sent.waitFor();
  expect(await sent.textContent()).toContain("push.retry");
  await priya.screenshot("payloads");
});
