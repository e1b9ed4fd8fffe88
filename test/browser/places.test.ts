/** Lists, forms and replies that the other browser tests do not cover. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a staged change is edited and unstaged, and the log shows both", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type("/cv stage delete technology jquery-1", "Staged as change 2");
  await avery.type("/cv staged", "2 staged changes of yours");
  await avery.chooses("Edit…", "Python: experience_years 5 → 8");
  const years = avery.form.getByLabel("Years of experience");
  await years.waitFor();
  expect(await years.inputValue()).toBe("8");
  await years.fill("9");
  await avery.keepPicture("edit-form");
  await avery.submit("Python: experience_years 5 → 9");
  await avery.closeForm();
  await avery.type("/cv staged", "2 staged changes of yours");
  await avery.chooses("Unstage", "Python: experience_years 5 → 9");
  await avery.sees("Unstage change 1?");
  await avery.clickButton("Back");
  await avery.type("/cv unstage 2", /jQuery/);
  await avery.type("/cv diff", /Years of experience.*9/);
  await avery.keepPicture("diff");
  await avery.type("/cv log", /edited change 1: Python: experience_years 5 → 9/);
  await avery.sees(/unstaged change 2/);
  await avery.keepPicture("log");
});

test("the Details button shows a commit field by field", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await avery.type(
    '/cv stage update technology python-1 experience_years=8 summary="Data pipelines, services and teaching"',
    "Staged as change 1",
  );
  await avery.type("/cv stage create technology name=Rust experience_years=1 category=Backend", "Staged as change 2");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");
  await priya.sees(/Commit #1.*Needs approval/);
  await priya.clickButton("Details");
  await priya.form.getByText("Category").waitFor();
  const lines = await priya.form.getByRole("listitem").allTextContents();
  expect(lines).toEqual(expect.arrayContaining(["Years of experience: 5 → 8", "Name: Rust", "Category: Backend"]));
  await priya.screenshot("details");
});

test("the search finds rows by meaning and opens their form", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const expected = ["Web accessibility", "Web Accessibility Specialist"];
  // A reset returns before the index is filled.
  await expect
    .poll(() => session.finds("web accessibility"), { timeout: 30_000 })
    .toEqual(expect.arrayContaining(expected));
  await avery.type("/cv search");
  await avery.form.getByLabel("What are you looking for?").fill("web accessibility");
  await avery.submit("From ai-agent, best first.");
  for (const name of expected) expect(await avery.form.textContent()).toContain(name);
  await avery.screenshot("search");
  await avery.form.getByRole("button", { name: "Change…" }).first().click();
  await avery.form.getByRole("button", { name: /^Technology: Web accessibility/ }).waitFor();
});

test("an admin changes the settings and assigns a role", async (context) => {
  const carla = await session.asPerson(context, "Carla");
  await carla.type("/cv settings", "A commit needs 1 approval.");
  await carla.clickButton("Change…");
  await carla.form.getByLabel("Approvals that a commit needs").fill("2");
  await carla.screenshot("settings");
  await carla.submit("A commit needs 2 approvals.");
  await carla.closeForm();

  await carla.type("/cv roles", "may look at everything");
  await carla.clickButton("Give a role…");
  await carla.choose("People", "Viktor");
  await carla.page.keyboard.press("Escape");
  await carla.choose("Role", "Editor");
  await carla.screenshot("roles");
  await carla.submit("is an editor now");
  expect(await carla.form.textContent()).toContain("@Viktor Hale is an editor now, and was a viewer.");
});

test("the onboarding steps complete themselves as a person follows them", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  await avery.page.getByRole("button", { name: "How this works" }).click();
  const steps = avery.page.getByTestId("first-steps");
  await steps.getByText("/cv stage update technology python-1 experience_years=8").click();
  await avery.page.getByTestId("composer").press("Enter");
  await avery.sees("Staged as change 1");
  await steps.getByText("1 of 12").waitFor();
  expect(await steps.getByRole("button", { name: /, done$/ }).count()).toBe(1);
  await avery.page.getByText("Sending…").waitFor({ state: "detached" });
  await avery.screenshot("first-steps");
});
