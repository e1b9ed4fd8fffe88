/** axe finds no violation on any page, light or dark (WCAG 2.2 A and AA). */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("channel, forms, Home and portfolio have no accessibility violations", { timeout: 180_000 }, async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await avery.type("/cv", "Welcome to CV Ops");
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type("/cv staged", "1 staged change of yours");
  await avery.type("/cv commit");
  await avery.form.getByLabel("What does it do?").waitFor();
  expect(await violationsIn(avery.page), "a form").toEqual([]);
  await avery.form.getByLabel("What does it do?").fill("Skill updates");
  await avery.submit("It needs approval");
  await avery.closeForm();

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.clickButton("Details");
  await priya.form.getByText("Years of experience").waitFor();
  expect(await violationsIn(priya.page), "an answer in a modal").toEqual([]);
  await priya.closeForm();
  await priya.clickButton("Approve");
  await priya.clickButton("Push to all");
  await priya.sees("verified live");
  await priya.openThread();
  await priya.thread.getByText("ai-agent has the change").waitFor();
  expect(await violationsIn(priya.page), "channel and thread").toEqual([]);

  await priya.openHome();
  expect(await violationsIn(priya.page), "Home").toEqual([]);
  await priya.page.getByTestId("portfolio-nav").click();
  await priya.page.getByText("Python").first().waitFor();
  expect(await violationsIn(priya.page), "portfolio").toEqual([]);
});

test(
  "selects, payloads, faults and onboarding have no accessibility violations",
  { timeout: 180_000 },
  async (context) => {
    const avery = await session.asPerson(context, "Avery");
    await avery.type("/cv stage");
    await avery.form.getByRole("button", { name: /^Technology(:|$)/ }).click();
    await avery.page.getByRole("option").first().waitFor();
    expect(await violationsIn(avery.page), "an open select").toEqual([]);
    await avery.page.keyboard.press("Escape");
    await avery.closeForm();
    await avery.page.getByTestId("tool-payloads-toggle").click();
    await avery.page.getByRole("listbox", { name: "Exchanges, newest first" }).getByRole("option").first().click();
    expect(await violationsIn(avery.page), "payloads").toEqual([]);
    await avery.page.getByTestId("tool-faults-toggle").click();
    await avery.page.getByTestId("fault-d1cv.refuse").waitFor();
    expect(await violationsIn(avery.page), "faults").toEqual([]);

    const phone = await session.asPerson(context, "Priya", "phone");
    await phone.page.getByRole("button", { name: "Open the menu" }).click();
    expect(await violationsIn(phone.page), "the menu on a phone").toEqual([]);
  },
);
