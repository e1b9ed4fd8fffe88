/** The app is installed in another workspace by clicking, used there, and removed again. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a second workspace installs the app by clicking, uses it, and removes it", async (context) => {
  const { page, keepPicture, form, sees, clickButton, submit, closeForm } = await session.asPerson(context, "Avery");
  await page.getByTestId("workspace-T0FENASH1").click();
  await page.getByTestId("persona-U0MINAOK1").waitFor();
  expect(await page.getByTestId("app-nav").count()).toBe(0);
  await keepPicture("install-1-without");
  await page.getByTestId("install-app").click();
  await page.getByRole("link", { name: /Mina Okafor/ }).click();
  await keepPicture("install-2-consent");
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByText("Nothing was installed").waitFor();
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("link", { name: /Mina Okafor/ }).click();
  await page.getByRole("link", { name: /^Allow/ }).click();
  await page.getByRole("heading", { name: "CV Ops is installed" }).waitFor();
  await keepPicture("install-3-installed");
  await page.getByRole("link", { name: "Open Slack" }).click();
  await page.getByTestId("app-nav").waitFor();
  await page.getByRole("tab", { name: /Messages/ }).click();
  await sees("Set CV Ops up");
  await keepPicture("install-4-messages");
  expect(await violationsIn(page), "messages").toEqual([]);
  await clickButton("Work solo");
  await sees(/Solo: authors with the role of approver/);
  await clickButton("Add a target…");
  await form.getByLabel("Name", { exact: true }).fill("d1cv");
  await form.getByLabel("Portfolio").fill("noor-vega");
  await form.getByRole("button", { name: /^Service/ }).click();
  await page.getByRole("option", { name: "d1cv" }).click();
  await form.getByLabel(/Request secret/).fill("whsec_bG9jYWwgZDFjdiByZXF1ZXN0IHNlY3JldCAwMDE=");
  await form.getByLabel(/Webhook secret/).fill("whsec_bG9jYWwgZDFjdiB3ZWJob29rIHNlY3JldCAwMDE=");
  await form.getByLabel(/Read token/).fill("local-read-d1cv");
  await keepPicture("install-5-target");
  await submit("took the secrets and is added");
  await closeForm();
  await sees(/Pushes go to d1cv/);
  await keepPicture("install-6-setup");
  expect(await violationsIn(page), "setup").toEqual([]);
  await page.getByRole("tab", { name: "About" }).click();
  await page.getByRole("button", { name: "Remove app" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove app" }).click();
  await page.getByTestId("install-app").waitFor();
  await keepPicture("install-7-removed");
});
