/** The app's shortcuts: a message becomes a change, and the form opens from any channel. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a message becomes a change, and its thread shows the progress of the change", async (context) => {
  const viktor = await session.asPerson(context, "Viktor");
  const priya = await session.asPerson(context, "Priya");
  const avery = await session.asPerson(context, "Avery");
  await viktor.type("Python is 8 years now");

  const message = avery.message("Python is 8 years now");
  await message.hover();
  await message.getByRole("button", { name: "More actions" }).click();
  await avery.page.getByRole("menuitem").filter({ hasText: "Stage as CV change" }).waitFor();
  await avery.screenshot("shortcut-menu");
  await avery.page.getByRole("menuitem").filter({ hasText: "Stage as CV change" }).click();
  await avery.form.getByRole("button", { name: /^Technology: Python/ }).waitFor();
  expect(await avery.form.getByLabel("Years of experience").inputValue()).toBe("8");
  await avery.screenshot("shortcut-form");
  await avery.submit("Staged as change 1");
  await avery.closeForm();

  await viktor.openThread();
  await viktor.thread.getByText("Staged by").waitFor();
  await viktor.thread.getByText("Python: experience_years 5 → 8").waitFor();
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");
  await avery.sees(/Commit #1.*Needs approval/);
  await viktor.thread.getByText("In commit #1, which is in review.").waitFor();
  await priya.type("/cv approve 1", "Approved commit");
  await viktor.thread.getByText("In commit #1, approved.").waitFor();
  await viktor.screenshot("shortcut-thread");
});

test("a list in a message becomes a line for each change", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  await avery.type("For the CV:\n- Python is 8 years now\n- add Rust, 1 year, Backend\n- drop jQuery", "drop jQuery");
  const message = avery.message("drop jQuery");
  await message.hover();
  await avery.pick(message.getByRole("button", { name: "More actions" }), "Stage as CV change");

  await avery.form.getByText("This message seems to ask for 3 changes.").waitFor();
  const lines = await avery.form.getByRole("textbox").all();
  expect(await Promise.all(lines.map((line) => line.inputValue()))).toEqual([
    "update technology python-1 experience_years=8",
    "create technology name=Rust experience_years=1 category=Backend",
    "delete technology jquery-1",
  ]);
  await lines[0]?.fill("update technology python-1 experience_years=99");
  await avery.submit("experience_years must be a number from 0 to 60");
  await avery.keepPicture("shortcut-lines");
  await lines[0]?.fill("update technology python-1 experience_years=8");
  await avery.submit("Staged 3 changes.");
  await avery.closeForm();
  await avery.type("/cv staged", "3 staged changes of yours");
});

test("the shortcut in the composer opens the form for a new row", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  await avery.pick(avery.page.locator(".composer").getByRole("button", { name: "Shortcuts" }), "CV: stage a change");
  await avery.form.getByLabel("Add").check();
  await avery.form.getByLabel("Name").fill("Rust");
  await avery.choose("Category", "Backend");
  await avery.submit("Staged as change 1:");
  expect(await avery.form.textContent()).toContain("technology: Rust");
});
