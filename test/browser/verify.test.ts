/** A row that somebody changes at the targets after a push: found at the portal, and settled in each of three ways. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a row that was changed at the targets is pushed again, fixed and accepted at the portal, and the page ends empty", async (context) => {
  await session.types("Avery", [
    "/cv stage update technology python-1 experience_years=44",
    '/cv commit -m "Forty-four"',
  ]);
  await session.types("Priya", ["/cv approve 1", "/cv push 1 all"]);
  const { page, reads, complaints } = await session.atPortal(context, "Priya", "/verify");
  const isApplied = async () => (await reads<ReplyOf<"showCommit">>("/commits/1")).status;
  await expect.poll(isApplied, { timeout: 30_000 }).toBe("applied_all");
  const again = page.getByRole("button", { name: "Compare again" });
  await again.click();
  await expect.poll(() => page.getByText("Every row is as it was pushed.").count()).toBe(2);
  expect(await violationsIn(page), "a page without differences").toEqual([]);

  await session.changesRow();
  await again.click();
  const at = (target: string) => page.getByRole("article", { name: `Python at ${target}` });
  await at("d1cv").waitFor();
  await at("ai-agent").waitFor();
  const cells = await at("d1cv").getByRole("row").last().getByRole("cell").allTextContents();
  const { rows } = await reads<ReplyOf<"listRows">>("/rows/technology");
  const live = String(rows.find(({ id }) => id === "python-1")?.values["experience_years"]);
  expect(cells).toEqual(["44 by commit #1", live, live]);
  expect(await violationsIn(page), "a page with differences").toEqual([]);

  await page.getByRole("checkbox", { name: "ai-agent" }).uncheck();
  await at("ai-agent").waitFor({ state: "detached" });
  await page.getByRole("checkbox", { name: "ai-agent" }).check();

  await page.getByRole("button", { name: "Push #1 again: Python at d1cv" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Push 2 of commit #1 to d1cv has started." }).waitFor();
  await at("d1cv").waitFor({ state: "detached" });
  expect(await isApplied()).toBe("applied_all");

  await page.getByRole("button", { name: "Stage a fix: Python at ai-agent" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Staged as change 2: Python" }).waitFor();
  await page.getByRole("button", { name: "Accept what is live: Python at ai-agent" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Python is accepted as it is live at ai-agent." }).waitFor();
  await expect.poll(() => page.getByText("Every row is as it was pushed.").count()).toBe(2);
  expect(complaints).toEqual([]);
});

test("an editor is shown at the portal that approvers and admins compare the targets", async (context) => {
  const { page } = await session.atPortal(context, "Avery", "/verify");
  await page.getByText("Approvers and admins compare the targets; your role is editor.").waitFor();
  expect(await page.getByRole("button", { name: /^Compare/ }).count()).toBe(0);
});
