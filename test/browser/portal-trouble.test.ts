/** The portal under failures: lost connections and responses, refusals, a failing target, and an expired session. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cable } from "./cable.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a lost connection of the portal is restored, and missed events appear", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { cut, restore } = await cable(priya.page);
  await cut();
  const banner = priya.page.getByTestId("connection-banner");
  await banner.getByText(/Reconnecting… What you see is from \d\d:\d\d/).waitFor();
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  expect(await priya.page.getByTestId("commit-1").count(), "unseen so far").toBe(0);
  restore();
  await priya.page.getByTestId("commit-1").getByText("needs your approval").waitFor();
  await banner.getByText("Reconnecting").waitFor({ state: "detached" });
  await priya.page.getByTestId("connection").getByText("Live").waitFor();
  expect(priya.complaints).toEqual([]);
});

test("a lost response is requested again, and a double click has one effect", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  await priya.page.getByRole("button", { name: "Approve" }).dblclick();
  const push = priya.page.getByRole("button", { name: "Push to all" });
  await push.waitFor();
  const keys: (string | null)[] = [];
  await priya.page.route("**/v2/push/all", async (route) => {
    keys.push(await route.request().headerValue("Idempotency-Key"));
    // The server has carried out the request, but its response is lost.
    const response = await route.fetch();
    if (keys.length === 1) await route.abort();
    else await route.fulfill({ response });
  });
  await push.dblclick();
  await priya.page.getByTestId("toast-good").filter({ hasText: "has started" }).waitFor();
  await avery.page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  await avery.page.getByRole("link", { name: /^#1 / }).click();
  await avery.page.getByRole("heading", { name: "Pushes" }).waitFor();
  expect(await avery.page.getByRole("link", { name: /^Push \d/ }).allTextContents()).toEqual(["Push 1"]);
  expect(await avery.page.getByText("Priya Raman approved it").count()).toBe(1);
});

test("a refusal in the portal shows a message, and keeps the typed input", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  await avery.page.getByRole("link", { name: "Stage a change" }).click();
  await avery.page.getByLabel("Add a row").check();
  await avery.page.getByRole("button", { name: "Stage" }).click();
  await avery.page.getByText("Name is required").waitFor();
  await avery.page.locator('[data-field="name"]:focus').waitFor();
  await avery.page.getByRole("link", { name: "Cancel" }).click();

  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  // Two users decide at the same time: the second user's page is not updated yet.
  const commit = priya.page.getByTestId("commit-1");
  await commit.getByRole("button", { name: "Reject…" }).click();
  await priya.page.getByRole("button", { name: "Reject", exact: true }).click();
  await priya.page.getByText("Say why").waitFor();
  await priya.page.getByLabel("Why?").fill("Too bold");
  const carla = await session.asPerson(context, "Carla");
  await carla.type("/cv approve 1", "Approved commit");
  await priya.page.getByRole("button", { name: "Reject", exact: true }).click();
  const toast = priya.page.getByTestId("toast-bad");
  await toast.filter({ hasText: "Commit #1 was approved already" }).waitFor();
  await toast.getByText(/Trace [0-9a-f]{32}/).waitFor();
  expect(await priya.page.getByLabel("Why?").inputValue()).toBe("Too bold");
  await toast.getByRole("button", { name: "Dismiss" }).click();
  await priya.page.keyboard.press("Escape");
  await commit.getByRole("button", { name: "Push to all" }).waitFor();
});

test("a push that a target refuses shows the reason and is retried", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  const commit = priya.page.getByTestId("commit-1");
  await commit.getByRole("button", { name: "Approve" }).click();
  await session.breaks("ai-agent.refuse");
  await commit.getByRole("button", { name: "Push to all" }).click();
  await commit.getByText("Push failed").waitFor();
  await commit.getByText(/ai-agent refuses this push/).waitFor();
  await session.endFaults();
  await commit.getByRole("button", { name: "Retry" }).click();
  await priya.page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  await avery.page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  expect(
    await avery.page
      .getByTestId("moving")
      .getByText(/refuses/)
      .count(),
  ).toBe(0);
});

test("a user whose session ends signs in again on the same page", async (context) => {
  const avery = await session.atPortal(context, "Avery", "/commits");
  await avery.page.context().clearCookies();
  await avery.page.getByLabel("Show").selectOption("draft");
  await avery.page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await avery.page.getByRole("button", { name: "Sign in with Slack" }).click();
  await avery.page.getByRole("link", { name: /Avery/ }).click();
  await avery.page.getByRole("heading", { name: "Commits" }).waitFor();
  expect(new URL(avery.page.url()).pathname).toBe("/app/commits");
});
