/** The last of the first steps: a conflict, met by a push and resolved by a click. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("somebody changes the row under a commit: the push shows three values, and Keep mine resolves it", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  await avery.page.getByRole("button", { name: "How this works" }).click();
  const steps = avery.page.getByTestId("first-steps");
  await steps.getByRole("button", { name: "12. Conflict" }).click();
  await steps.getByText("/cv stage update technology python-1 experience_years=12").click();
  await avery.page.getByTestId("composer").press("Enter");
  await avery.sees("Staged as change 1");
  await avery.type('/cv commit -m "A round dozen"', "It needs approval");
  const priya = await session.asPerson(context, "Priya");
  await priya.clickButton("Approve");
  await priya.sees(/Commit #1.*Ready to push/);
  await steps.getByRole("button", { name: "12. Conflict" }).click();
  await steps.getByRole("button", { name: "Change the row" }).click();
  await steps.getByText(/It has \d+ years now/).waitFor();

  const carla = await session.asPerson(context, "Carla");
  await carla.clickButton("Push to all");
  await carla.sees("have changed since commit #1 was made");
  const refused = carla.message("have changed since commit #1 was made");
  expect(await refused.textContent()).toMatch(/When staged\s+Live now\s+Yours/);
  await refused.getByRole("button", { name: "Keep mine" }).click();
  await carla.sees("Resolved 1 conflict in commit");
  await avery.sees(/Commit #1.*Needs approval/);

  await priya.clickButton("Approve");
  await priya.sees(/Commit #1.*Ready to push/);
  await priya.clickButton("Push to all");
  await priya.sees(/Commit #1.*Applied to d1cv, ai-agent/);
});

test("the portal shows the three values of a conflict, and another value resolves it", async (context) => {
  const { page, stagesPython, commits } = await session.atPortal(context, "Avery");
  await stagesPython("12");
  await commits("A round dozen");
  await session.changesRow();
  await page.goto(new URL("/app/commits/1", page.url()).href);
  const row = page.getByRole("row", { name: /Years of experience/ });
  await row
    .getByRole("button", { name: "Edit…" })
    .or(row.getByRole("button", { name: /^Another value/ }))
    .first()
    .click();
  expect(await violationsIn(page)).toEqual([]);
  await page.getByLabel("Another value of Years of experience").fill("13");
  await page.getByRole("button", { name: "Set value" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Resolved 1 conflict." }).waitFor();
  await page.getByRole("heading", { name: /^Conflicts/ }).waitFor({ state: "detached" });
});
