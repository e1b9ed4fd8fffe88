/** The main job by clicking: the only typed text is `/cv`, the values in forms and a message. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("/cv alone leads from an empty staging area to a commit that is verified live", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");

  await avery.type("/cv", "Welcome to CV Ops");
  await avery.screenshot("first-visit");
  await avery.clickButton("Stage a change…");
  await avery.choose("Technology", "pyth");
  const years = avery.form.getByLabel("Years of experience");
  await years.waitFor();
  await avery.screenshot("stage-form");

  await years.fill("99");
  await avery.submit("Please enter 60 or less.");
  expect(await years.getAttribute("aria-invalid")).toBe("true");
  await avery.screenshot("field-error");
  await years.fill("8");
  await avery.submit("Python: experience_years 5 → 8");
  await avery.screenshot("staged");

  await avery.clickButton("Commit…");
  await avery.form.getByLabel("What does it do?").fill("Skill updates");
  await avery.screenshot("commit-form");
  await avery.submit("It needs approval by");
  await avery.closeForm();

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.clickButton("Details");
  await priya.form.getByText("Years of experience").first().waitFor();
  await priya.closeForm();
  await priya.clickButton("Approve");
  await avery.sees(/Commit #1.*Approved by/);
  await priya.clickButton("Push to all");
  await priya.sees("verified live");
  await priya.openThread();
  await priya.thread.getByText("ai-agent: Verified").waitFor();
  await avery.sees(/Commit #1.*Applied to d1cv, ai-agent/);
});
