/** The reference of the API at /docs: searched, read, and used by the person who is signed in. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("an operation is found by its words, and executed as the person who is signed in", async (context) => {
  const { page, screenshot, complaints } = await session.atPortal(context, "Avery");
  await page.goto(new URL("/docs", page.url()).href);
  const operations = page.locator(".opblock");
  await operations.first().waitFor();
  expect(await operations.count()).toBeGreaterThan(50);
  expect(await violationsIn(page), "every operation").toEqual([]);

  const search = page.getByPlaceholder("Filter by tag or path");
  await search.fill("whoami");
  await expect.poll(() => operations.count()).toBe(1);
  await operations.locator(".opblock-summary-control").click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  const reply = page.locator(".live-responses-table .response").first();
  await reply.getByText("U0AVERY01").waitFor();
  expect(await reply.locator(".response-col_status").innerText()).toContain("200");
  await screenshot("api-reference");
  expect(page.url(), "the address names the operation").toContain("whoAmI");
  expect(complaints).toEqual([]);
});

test("the reference says of each field what it is, with its values and an example", async (context) => {
  const { page, complaints } = await session.atPortal(context, "Avery");
  await page.goto(new URL("/docs", page.url()).href);
  await page.getByPlaceholder("Filter by tag or path").fill("stage a change");
  await page.locator(".opblock-summary-control").filter({ hasText: "Stage a change" }).first().click();
  const operation = page.locator("#operations-Staging-stageChange");
  expect(await operation.locator(".body-param__example").innerText()).toContain("python-1");
  await operation.getByRole("tab", { name: "Schema" }).first().click();
  await operation.getByText("Kind of the row: technology").first().waitFor();
  expect(await violationsIn(page), "an open operation").toEqual([]);
  expect(complaints).toEqual([]);
});
