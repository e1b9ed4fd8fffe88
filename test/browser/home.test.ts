/** Home shows the work of its user and updates itself. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("Home shows, unstages, approves and pushes, and follows other users' actions", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await priya.openHome();
  await priya.home.getByText("No action items").waitFor();
  await priya.openChannel();
  await priya.type("/cv stage create technology name=Zig experience_years=2 category=Backend", "Staged as change 1");
  await priya.openHome();

  await avery.openHome();
  await avery.home.getByText("No action items").waitFor();
  await avery.clickButton("Stage a change…");
  await avery.choose("Technology", "pyth");
  await avery.form.getByLabel("Years of experience").fill("8");
  await avery.submit("Staged as change 2");
  await avery.clickButton("Stage another");
  await avery.form.getByLabel("Remove").check();
  await avery.choose("Technology", "jquery");
  await avery.form.getByText("jQuery will be removed:").waitFor();
  await avery.submit("Staged as change 3");
  await avery.closeForm();
  await avery.home.getByText("2 staged changes of yours").waitFor();
  await avery.clickButton("Unstage");
  await avery.page.getByTestId("confirm-ok").click();
  await avery.home.getByText("1 staged change of yours").waitFor();
  expect(await avery.home.getByText("Python: experience_years 5 → 8").first().isVisible()).toBe(true);

  await avery.clickButton("Commit…");
  await avery.form.getByLabel("What does it do?").fill("Skill updates");
  await avery.submit("It needs approval by");
  await avery.closeForm();
  await avery.home.getByText("Waiting for others").waitFor();

  // This Home was not clicked since it was opened.
  await priya.home.getByText("needs your approval").waitFor();
  await priya.home.getByText("1 staged change of yours").waitFor();
  await priya.screenshot("home");
  await priya.chooses("Approve", "needs your approval");
  await priya.home.getByText("approved, ready to push to d1cv, ai-agent").waitFor();

  await session.breaks("d1cv.slow");
  await priya.chooses("Push to all", "ready to push");
  await priya.home.getByText("On the way").waitFor();
  await avery.home.getByText("On the way").waitFor();
  await priya.keepPicture("home-on-the-way");
  await priya.home.getByText("ai-agent applied commit #1").waitFor();
  await priya.home.getByText("On the way").waitFor({ state: "detached" });
  await avery.home.getByText("No action items").waitFor();
});
