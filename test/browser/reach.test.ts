/** The local Slack by keyboard, and on a phone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("Home and cards fit the window on a phone", async (context) => {
  const avery = await session.asPerson(context, "Avery", "phone");
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type("/cv stage create technology name=Rust experience_years=1 category=Backend", "Staged as change 2");
  await avery.type('/cv commit -m "Skill updates" --only 1', "It needs approval");
  const priya = await session.asPerson(context, "Priya", "phone");
  await priya.sees(/Commit #1.*Needs approval/);
  await priya.page.getByRole("button", { name: "Approve", exact: true }).scrollIntoViewIfNeeded();
  expect(await isWiderThanWindow(priya.page)).toBe(false);
  await priya.keepPicture("card-phone");

  await avery.page.getByRole("button", { name: "Open the menu" }).click();
  await avery.openHome();
  await avery.home.getByText("Waiting for others").waitFor();
  expect(await isWiderThanWindow(avery.page)).toBe(false);
  await priya.page.getByRole("button", { name: "Open the menu" }).click();
  await priya.openHome();
  await priya.home.getByText("needs your approval").waitFor();
  await priya.screenshot("home-phone");
  await priya.chooses("Approve", "needs your approval");
  await priya.home.getByText("ready to push").waitFor();
  expect(await isWiderThanWindow(priya.page)).toBe(false);
});

test("a form is submitted and a commit approved by keyboard alone", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");
  await avery.page.getByTestId("composer").focus();
  await avery.page.keyboard.type("/cv stage update technology python-1 experience_years=8\n");
  await avery.sees("Staged as change 1");
  await avery.page.keyboard.type("/cv commit\n");
  await avery.form.getByLabel("What does it do?").waitFor();
  await avery.page.keyboard.type("Skill updates\n");
  await avery.form.getByText("It needs approval by").first().waitFor();
  await avery.page.keyboard.press("Escape");
  await avery.form.waitFor({ state: "detached" });

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.page.getByTestId("composer").focus();
  await walkBackTo(priya.page, "Approve");
  await priya.page.keyboard.press("Enter");
  await avery.sees(/Commit #1.*Ready to push/);
  expect(await avery.message("Ready to push").textContent()).toContain("Approved by @Priya Raman");
});

test("people and a role are chosen in a form by keyboard alone", async (context) => {
  const { page, form, type } = await session.asPerson(context, "Carla");
  const { keyboard } = page;
  const search = page.getByRole("combobox", { name: "Search: People" });
  const people = form.getByRole("button", { name: /^People/ });
  await type("/cv roles give");
  await people.focus();
  await keyboard.press("ArrowDown");
  await search.and(page.locator(":focus")).waitFor();
  await keyboard.type("avery");
  await keyboard.press("Enter");
  await form.getByRole("button", { name: "Remove Avery Lindqvist" }).waitFor();
  await keyboard.press("ControlOrMeta+A");
  await keyboard.type("priya");
  await keyboard.press("Enter");
  await form.getByRole("button", { name: "Remove Priya Raman" }).waitFor();
  await keyboard.press("Enter");
  await form.getByRole("button", { name: "Remove Priya Raman" }).waitFor({ state: "detached" });
  await keyboard.type("nobody");
  await page.getByText("Nothing found").waitFor();
  await keyboard.press("Enter");
  expect(await search.isVisible(), "Enter chose nothing and sent nothing").toBe(true);
  await keyboard.press("Escape");
  await search.waitFor({ state: "detached" });
  expect(await people.evaluate((button) => button === document.activeElement), "the focus is back").toBe(true);

  await keyboard.press("Tab");
  await keyboard.press("Enter");
  const focused = page.locator(":focus");
  await page.getByRole("combobox", { name: "Search: Role" }).and(focused).waitFor();
  const marked = page.getByRole("option").and(page.locator("[data-active=true]"));
  for (const [key, role] of [
    ["ArrowUp", /^Admin/],
    ["ArrowDown", /^Viewer/],
    ["End", /^Admin/],
    ["Home", /^Viewer/],
  ] as const) {
    await keyboard.press(key);
    await marked.filter({ hasText: role }).waitFor();
  }
  await keyboard.press("ArrowDown");
  await marked.filter({ hasText: /^Editor/ }).waitFor();
  await keyboard.press("Enter");
  await form.getByRole("button", { name: /^Role: Editor/ }).waitFor();
  expect(await form.getByRole("button", { name: /^Remove/ }).count(), "people who are still chosen").toBe(1);
});

const isWiderThanWindow = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** The maximum number of key presses to reach a card. */
const maxPresses = 30;

const walkBackTo = async (page: Page, label: string): Promise<void> => {
  for (let press = 0; press < maxPresses; press += 1) {
    await page.keyboard.press("Shift+Tab");
    if ((await page.evaluate(() => document.activeElement?.textContent)) === label) return;
  }
  throw new Error(`Shift+Tab does not come to ${label}`);
};
