/** The main job in the browser by typing only: stage, commit, approve and push, until the commit is verified live. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a change is staged, reviewed, pushed and found by search", async (context) => {
  const avery = await session.asPerson(context, "Avery");
  const priya = await session.asPerson(context, "Priya");

  await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.type("/cv stage create technology name=Rust experience_years=1 category=Backend", "Staged as change 2");
  await avery.type("/cv stage delete technology jquery-1", "Staged as change 3");
  await avery.type("/cv diff", "Your staged changes");
  await avery.type('/cv commit -m "Skill updates"', "It needs approval");

  await priya.sees(/Commit #1.*Needs approval/);
  await priya.screenshot("review");
  await priya.type("/cv approve 1", "Approved commit");
  await priya.message("Push to all").waitFor();
  await priya.screenshot("approved");
  await priya.type("/cv push 1 all");
  await priya.sees("verified live");

  await priya.openThread();
  await priya.thread.getByText("ai-agent: Indexed for search").waitFor();
  await priya.thread.getByText("ai-agent: Verified").waitFor();
  await priya.screenshot("thread");

  await priya.page.getByTestId("portfolio-nav").click();
  await priya.page.getByTestId("search-input").fill("Rust");
  await priya.page.getByTestId("search-input").press("Enter");
  const found = priya.page.getByLabel("Semantic search").getByRole("listitem").first();
  await found.waitFor();
  expect(await found.textContent()).toContain("Rust");
  await priya.screenshot("portfolio");
});
