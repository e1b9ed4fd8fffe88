/** The main job at the portal by clicking: two users, each of whom sees the other's actions immediately. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a change is committed, approved, pushed and followed in the portal until verified", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");

  await avery.stagesPython("8");
  await priya.page.getByTestId("change-1").getByText("Years of experience").waitFor();
  await avery.commits("Skill updates");

  const commit = priya.page.getByTestId("commit-1");
  await commit.getByText("needs your approval").waitFor();
  expect(await avery.page.getByRole("button", { name: "Approve" }).count(), "to the author").toBe(0);
  await commit.getByRole("button", { name: "Approve" }).click();
  await avery.page.getByTestId("commit-1").getByText("Approved").first().waitFor();

  await commit.getByRole("button", { name: "Push to all" }).click();
  const moving = avery.page.getByTestId("moving");
  await moving.getByRole("progressbar", { name: "ai-agent" }).waitFor();
  await avery.screenshot("portal-push");
  await moving.getByText("Verified live", { exact: true }).waitFor();
  expect(await moving.getByRole("progressbar", { name: "d1cv" }).getAttribute("value")).toBe("100");

  await moving.getByRole("link", { name: "Push 1" }).click();
  await avery.page.getByRole("heading", { name: "Push 1", level: 1 }).waitFor();
  await avery.page.getByTestId("timeline").getByText("ai-agent was compared after commit #1").waitFor();
  await avery.screenshot("portal-timeline");
  await avery.page.getByRole("link", { name: /^#1 Python: experience_years/ }).click();
  await avery.page.getByRole("heading", { name: "What changes at d1cv and ai-agent" }).waitFor();
  await avery.page.goBack();
  await avery.page.getByRole("heading", { name: "Push 1", level: 1 }).waitFor();
  expect(await session.finds("Python")).toContain("Python");
  expect([...avery.complaints, ...priya.complaints]).toEqual([]);
});

test("no portal page has accessibility violations or blocked resources", { timeout: 240_000 }, async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = avery;
  expect(await violationsIn(page), "an empty desk").toEqual([]);
  await page.getByRole("link", { name: "Stage a change" }).click();
  await page.getByRole("combobox", { name: "Row", exact: true }).fill("Python");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  expect(await violationsIn(page), "the form with its rows").toEqual([]);
  await page.getByRole("link", { name: "Cancel" }).click();
  await avery.stagesPython("8");
  await page.getByRole("button", { name: "Remove change 1, Python" }).click();
  expect(await violationsIn(page), "a question").toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Commit…" }).click();
  expect(await violationsIn(page), "the commit").toEqual([]);
  await page.keyboard.press("Escape");
  await avery.commits("Skill updates");
  await priya.page.getByTestId("commit-1").getByText("needs your approval").waitFor();
  expect(await violationsIn(priya.page), "a commit to approve").toEqual([]);
  await page.getByRole("button", { name: "More for commit #1" }).click();
  expect(await violationsIn(page), "a menu").toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: /^#1 Python: experience_years/ }).click();
  await page.getByRole("heading", { name: "What changes at d1cv and ai-agent" }).waitFor();
  expect(await violationsIn(page), "a commit's page").toEqual([]);
  await page.getByRole("link", { name: "Commits", exact: true }).click();
  await page.getByTestId("commits").getByText("Skill updates").waitFor();
  expect(await violationsIn(page), "the list").toEqual([]);
  await priya.page.getByRole("button", { name: "Approve" }).click();
  await priya.page.getByRole("button", { name: "Push to all" }).click();
  await priya.page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  expect(await violationsIn(priya.page), "a push").toEqual([]);
  await priya.page.getByRole("link", { name: "Push 1", exact: true }).click();
  await priya.page.getByTestId("timeline").getByRole("listitem").first().waitFor();
  expect(await violationsIn(priya.page), "a push's page").toEqual([]);
  await priya.page.getByRole("searchbox").fill("Python");
  await priya.page.getByRole("searchbox").press("Enter");
  await priya.page.getByTestId("hits").getByText("Python", { exact: true }).waitFor();
  expect(await violationsIn(priya.page), "the search").toEqual([]);
  expect([...avery.complaints, ...priya.complaints]).toEqual([]);
});

test("a change staged in Slack appears in the portal immediately", async (context) => {
  const priya = await session.atPortal(context, "Priya");
  const { page } = priya;
  const avery = await session.asPerson(context, "Avery");
  const typed = await session.asPerson(context, "Priya");
  await avery.type("/cv stage update technology go-1 level=Expert", "Staged as change 1");
  await avery.type('/cv commit -m "Go, after a year of it"', "It needs approval");
  await page.getByTestId("commit-1").getByRole("button", { name: "Approve" }).click();
  await page.getByTestId("commit-1").getByRole("button", { name: "Push to all" }).click();
  await page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 2");
  await avery.type("/cv stage create technology name=Rust experience_years=1 category=Backend", "Staged as change 3");
  await avery.type("/cv stage delete technology jquery-1", "Staged as change 4");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");
  await avery.type("/cv stage update technology docker-1 proficiency_percent=90", "Staged as change 5");
  await typed.type(
    '/cv stage update technology typescript-1 summary="Most of what runs in production"',
    "Staged as change 6",
  );

  await page.getByTestId("commit-2").getByText("needs your approval").waitFor();
  await page.getByTestId("change-6").getByText("yours").waitFor();
  const rows = page.getByTestId("staged").getByRole("heading", { level: 3 });
  expect((await rows.allTextContents()).map((text) => text.split(" ")[0])).toEqual(["TypeScript", "Docker"]);
  await page.getByTestId("toast-good").last().waitFor({ state: "detached" });
  await page.setViewportSize({ width: 1360, height: 1240 });
  await priya.screenshot("portal-work");
  await page.emulateMedia({ colorScheme: "dark" });
  await priya.screenshot("portal-dark");
  await page.getByTestId("commit-2").getByRole("link", { name: /^#2 / }).click();
  await page.getByRole("heading", { name: "Before it can be pushed" }).waitFor();
  await page.getByText("0 of 1 approval").waitFor();
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1360, height: 900 });
  await priya.screenshot("portal-commit");
});
