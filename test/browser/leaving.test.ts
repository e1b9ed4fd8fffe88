/** An admin of the local Slack deactivates an account, and reactivates it. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("somebody whose account an admin deactivates is signed out of Slack and portal, until it is back", async (context) => {
  const carla = await session.asPerson(context, "Carla");
  const priya = await session.asPerson(context, "Priya");
  const portal = await session.atPortal(context, "Priya");
  const menu = carla.page.getByRole("button", { name: "Account of Priya Raman" });
  await menu.click();
  expect(await violationsIn(carla.page), "the menu of an account").toEqual([]);
  await carla.page.getByRole("menuitem", { name: "Deactivate account" }).click();
  await carla.clickButton("Deactivate");

  await carla.page.getByTestId("persona-U0PRIYA01").getByText("deactivated").waitFor();
  await priya.page.getByText("Your account has been deactivated.").waitFor();
  expect(await priya.page.getByTestId("composer").count()).toBe(0);
  expect(await violationsIn(priya.page), "a deactivated account").toEqual([]);
  // Who is deactivated is signed out everywhere.
  expect((await portal.page.request.get(new URL("/v2/me", portal.page.url()).href)).status()).toBe(401);
  expect(portal.complaints).toEqual([]);

  await menu.click();
  await carla.page.getByRole("menuitem", { name: "Reactivate account" }).click();
  await priya.page.getByTestId("composer").waitFor();
  await priya.type("/cv push 1 all", "approver");
});
