/** The portal by keyboard, on a phone, with a colour scheme, and for a viewer. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a change is staged, edited, removed and committed with the keyboard alone", async (context) => {
  const { page, complaints } = await session.atPortal(context, "Avery");
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  /** Presses the key until the focused element has this name. */
  const tabTo = async (name: string | RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const label = await page.evaluate(() => {
        const element = document.activeElement;
        const labelled =
          element instanceof HTMLInputElement || element instanceof HTMLSelectElement
            ? element.labels?.[0]?.textContent
            : null;
        return (element?.getAttribute("aria-label") ?? labelled ?? element?.textContent ?? "").trim();
      });
      if (typeof name === "string" ? label === name : name.test(label)) return;
    }
    throw new Error(`Tab does not come to ${String(name)}`);
  };
  const stage = async (years: string): Promise<void> => {
    await tabTo("Stage a change");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Stage a change" }).waitFor();
    expect(await focused(), "after the way to a page").toBe("Stage a change");
    await tabTo("Row");
    await page.keyboard.type("Python");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await tabTo("Years of experience");
    await page.keyboard.type(years);
    await page.keyboard.press("Enter");
    await page.getByTestId("staged").getByText("Python", { exact: false }).first().waitFor();
  };

  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the content");
  await stage("8");
  await tabTo("Edit change 1, Python");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Edit change 1" }).waitFor();
  await tabTo("Years of experience");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("9");
  await page.keyboard.press("Enter");
  await page.getByTestId("change-1").getByText("9", { exact: true }).waitFor();
  await tabTo("Remove change 1, Python");
  await page.keyboard.press("Enter");
  expect(await focused(), "the harmless answer").toBe("Keep it");
  await page.keyboard.press("Escape");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("Remove change 1, Python");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByTestId("change-1").waitFor({ state: "detached" });
  await expect.poll(focused).toMatch(/^Staged changes/);

  await stage("8");
  await tabTo("Commit…");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Skill updates");
  await page.keyboard.press("Enter");
  await page.getByTestId("commit-1").getByText("Skill updates").waitFor();
  await tabTo("More for commit #1");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("Reopen…");
  await page.keyboard.press("Escape");
  expect(await focused()).toBe("More");
  expect(complaints).toEqual([]);
});

test("every page of the portal fits on a phone of 360 pixels", async (context) => {
  const avery = await session.atPortal(context, "Avery", "", "phone");
  await avery.page.setViewportSize({ width: 360, height: 740 });
  const overflow = (): Promise<number> =>
    avery.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await avery.stagesPython("8");
  expect(await overflow(), "work").toBe(0);
  await avery.commits("Skill updates");
  expect(await overflow(), "a commit").toBe(0);
  expect(await violationsIn(avery.page)).toEqual([]);
  await avery.page.getByTestId("toast-good").last().waitFor({ state: "detached" });
  await avery.page.emulateMedia({ colorScheme: "light" });
  await avery.screenshot("portal-phone");
  for (const path of ["/stage", "/commits", "/commits/1", "/search?q=Python"]) {
    await avery.page.goto(new URL(`/app${path}`, avery.page.url()).href);
    await avery.page.getByRole("heading", { level: 1 }).waitFor();
    await avery.page.getByText("Avery Lindqvist").first().waitFor();
    expect(await overflow(), path).toBe(0);
  }
});

test("the portal keeps the colour scheme, and a viewer sees no actions", async (context) => {
  const { page } = await session.atPortal(context, "Viktor");
  await page.getByText("viewer").waitFor();
  expect(await page.getByRole("link", { name: "Stage a change" }).count()).toBe(0);
  await page.getByRole("button", { name: /^Colours: as the system/ }).click();
  await page.getByRole("button", { name: /^Colours: light/ }).click();
  await page.getByRole("button", { name: /^Colours: dark/ }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: /^Colours: dark/ }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
  await page.goto(new URL("/app/commits/999", page.url()).href);
  await page.getByText("There is no commit #999.").waitFor();
  await page.goto(new URL("/app/nowhere", page.url()).href);
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
});
