/** A person signs in at the portal with Slack, by clicking, and out again. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a person signs in with Slack by clicking, follows live events, and is refused after signing out", async (context) => {
  const { page, complaints, reads } = await session.atPortal(context, "Priya", "/commits");
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/app/commits");
  expect(await reads("/me")).toMatchObject({ userId: "U0PRIYA01" });
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByTestId("connection").getByText("Live").waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  expect(await page.locator("main").textContent()).not.toContain("Authorization");
  expect(await violationsIn(page), "signed out").toEqual([]);
  expect((await page.request.get(new URL("/v2/me", page.url()).href)).status()).toBe(401);
  // The live connection of the other tab has ended with the sign-in.
  await other.getByRole("heading", { name: "You are signed out" }).waitFor();

  await page.getByRole("button", { name: "Sign in with Slack" }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByText("You have not allowed it at Slack, so nobody is signed in.").waitFor();
  expect(complaints).toEqual([]);
});
