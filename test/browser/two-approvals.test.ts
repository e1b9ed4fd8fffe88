/** Two users make the same decision at the same moment. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("two people click Approve at once: one approves, the other sees who did", async (context) => {
  const [avery, priya, carla] = await Promise.all([
    session.asPerson(context, "Avery"),
    session.asPerson(context, "Priya"),
    session.asPerson(context, "Carla"),
  ]);
  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");
  await Promise.all(
    [priya, carla].map(({ page }) => page.getByRole("button", { name: "Approve", exact: true }).waitFor()),
  );

  await Promise.all([priya.clickButton("Approve"), carla.clickButton("Approve")]);
  await Promise.all([priya, carla].map(({ message }) => message("Push to all").waitFor()));

  const replies = [priya, carla].map(({ page }) =>
    page.getByTestId("message").filter({ hasText: "was approved already by" }),
  );
  await expect.poll(() => counts(replies)).toEqual([0, 1]);
  expect(await avery.message("Skill updates").textContent()).toMatch(/Approved by/);
});

const counts = async (shown: { count: () => Promise<number> }[]): Promise<number[]> =>
  (await Promise.all(shown.map((each) => each.count()))).toSorted((a, b) => a - b);
