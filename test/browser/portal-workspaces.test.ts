/** A member of several workspaces chooses one at the portal. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { team } from "../../tools/playground/slack/workspace.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

const second = { id: "T0SECOND1", name: "Second workspace of a rather long name" };

test("the portal's header switches workspaces, and a foreign workspace redirects", async (context) => {
  const { page, complaints, keepPicture } = await session.atPortal(context, "Avery", "/commits");
  expect(await page.getByRole("button", { name: /^Workspace:/ }).count(), "with one there is nothing to choose").toBe(
    0,
  );
  // The local Slack has one workspace. The server gets requests for a second one that it does not have.
  const both = { workspaces: [{ id: team.id, name: team.name }, second] };
  await page.route("**/v2/start*", async (route) => {
    const response = await route.fetch();
    if (!response.ok()) return route.fulfill({ response });
    return route.fulfill({ response, json: { ...((await response.json()) as object), ...both } });
  });
  await page.reload();
  const menu = page.getByRole("button", { name: `Workspace: ${team.name}. Change` });
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu", { name: `Workspace: ${team.name}. Change` }).waitFor();
  expect(await violationsIn(page), "the menu of workspaces").toEqual([]);
  await keepPicture("workspaces");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    "on a phone",
  ).toBe(0);
  await keepPicture("workspaces-phone");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(second.name);
  const asked = page.waitForRequest(async (request) => (await request.headerValue("CV-Workspace")) === second.id);
  await page.keyboard.press("Enter");
  await asked;

  await page.getByRole("heading", { name: "Which workspace?" }).waitFor();
  expect(new URL(page.url()).pathname, "numbers mean something else there").toBe("/app");
  expect(await violationsIn(page), "the choice").toEqual([]);
  const choice = page.getByRole("list").getByRole("button");
  expect(await choice.allTextContents()).toEqual([`${team.name} ${team.id}`]);
  await choice.click();
  await page.getByTestId("connection").getByText("Live").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Work" }).waitFor();
  expect(complaints).toEqual([]);
});

test("a portal link names its workspace, also through a sign-in", async (context) => {
  const avery = await session.atPortal(context, "Avery", `/commits?workspace=${team.id}&status=draft`);
  expect(new URL(avery.page.url()).search).toBe("?status=draft");
  const { page } = avery;
  await page.goto(new URL(`/app/commits?workspace=${second.id}`, page.url()).href);
  await page.getByRole("heading", { name: "Which workspace?" }).waitFor();
  await page.goto(new URL(`/app/commits?workspace=${team.id}`, page.url()).href);
  await page.getByRole("heading", { name: "Commits" }).waitFor();
  expect(page.url()).not.toContain("workspace=");
});
