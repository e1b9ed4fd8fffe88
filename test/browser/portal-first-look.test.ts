/** What an approver sees first of a day's work, without scrolling. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test.for(["laptop", "phone"] as const)(
  "an approver sees the one commit that waits for them without scrolling, on a %s",
  async (size, context) => {
    const add = (name: string): string => `/cv stage create technology name="${name}" category=Backend`;
    const drafts = ["One", "Two", "Three"].flatMap((name) => [add(name), `/cv commit -m "${name}" --draft`]);
    // The approver has written the next ones: somebody else has to approve them.
    await session.types("Priya", [add("Mine"), '/cv commit -m "Mine"', add("Mine too"), '/cv commit -m "Mine too"']);
    await session.types("Avery", [
      ...drafts,
      "/cv stage update technology python-1 experience_years=8",
      '/cv commit -m "Skill updates"',
      ...["Four", "Five", "Six", "Seven", "Eight"].map(add),
    ]);
    const { page, keepPicture, complaints } = await session.atPortal(context, "Priya", "", size);
    const approve = page.getByTestId("action-items").getByRole("button", { name: "Approve" });
    await approve.waitFor();
    const box = await approve.boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    await keepPicture(`first-look-${size}`);
    expect((box?.y ?? height) + (box?.height ?? 0), "the lower edge of Approve").toBeLessThanOrEqual(height);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await page.getByTestId("action-items").getByRole("heading").allTextContents()).toEqual([
      "#6 Python: experience_years 5 → 8",
    ]);
    const order = await page.getByRole("main").getByRole("heading", { level: 2 }).allTextContents();
    expect(order.map((title) => title.replace(/ \d*$/, ""))).toEqual([
      "Action items",
      "Waiting for others",
      "Staged changes",
      "Recent activity",
    ]);
    await page.getByRole("link", { name: "2 waiting for others" }).click();
    await page.getByTestId("waiting").getByText("Mine too").first().waitFor();
    expect(await violationsIn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("a finished push stands whole for a minute and is folded after it", async (context) => {
  await session.types("Avery", ["/cv stage update technology python-1 experience_years=8", '/cv commit -m "Skills"']);
  await session.types("Priya", ["/cv approve 1", "/cv push 1 all"]);
  const { page } = await session.atPortal(context, "Priya");
  await page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  await page.getByText("You have no action items.").waitFor();
  await page.clock.setFixedTime(Date.now() + 70_000);
  const finished = page.getByTestId("finished");
  await finished.getByText("1 finished in the last ten minutes").waitFor();
  expect(await page.getByTestId("moving").count()).toBe(0);
  expect(await finished.getByTestId("commit-1").isVisible()).toBe(false);
  await finished.getByText("1 finished").click();
  await finished.getByTestId("commit-1").getByText("Verified live").waitFor();
  expect(await violationsIn(page)).toEqual([]);
});
