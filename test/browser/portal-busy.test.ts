/** A busy day in the portal: 100 open commits and 200 staged changes cost no page more than six requests. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
const commitCount = 100;
const stagedCount = 200;

beforeAll(async () => {
  session = await openBrowserSession();
  await session.reset();
  const add = (name: string): string => `/cv stage create technology name="${name}" category=Backend`;
  const numbered = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
  await session.types("Avery", [add("Pushed"), '/cv commit -m "Pushed"']);
  await session.types("Priya", ["/cv approve 1", "/cv push 1 all"]);
  await session.types("Avery", [
    ...numbered(commitCount).flatMap((at) => [add(`Committed ${at}`), `/cv commit -m "Addition ${at}"`]),
    ...numbered(stagedCount).map((at) => add(`Staged ${at}`)),
  ]);
}, 300_000);
afterAll(() => session.close());

const maxRequests = 6;

/** Requests to the API from now on, the live connection included. */
const countRequests = (page: Page): string[] => {
  const requests: string[] = [];
  const note = (url: string): void => {
    const { pathname, search } = new URL(url);
    if (pathname.startsWith("/v2/")) requests.push(pathname + search);
  };
  page.on("request", (request) => note(request.url()));
  page.on("websocket", (socket) => note(socket.url()));
  return requests;
};

const pages = [
  ["", "Work"],
  ["/commits", "Commits"],
  ["/commits/50", "Commit #50"],
  ["/pushes/1", "Push 1"],
  ["/stage", "Stage a change"],
  ["/staged/150", "Edit change 150"],
  ["/verify", "Verify"],
  ["/admin/tokens", "API tokens"],
  ["/admin/targets", "Targets"],
  ["/admin/doctor", "Doctor"],
  ["/admin/log", "Log"],
  ["/search?q=Python", "“Python”"],
] as const;

test("every page makes at most six requests on a busy day", { timeout: 240_000 }, async (context) => {
  const { page, complaints } = await session.atPortal(context, "Priya");
  await page.waitForLoadState("networkidle");
  const requests = countRequests(page);
  for (const [path, heading] of pages) {
    requests.length = 0;
    await page.goto(`${new URL(page.url()).origin}/app${path}`);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page
      .getByText(/^Loading/)
      .first()
      .waitFor({ state: "detached" });
    await page.waitForLoadState("networkidle");
    expect(requests.length, `${path}\n${requests.join("\n")}`).toBeLessThanOrEqual(maxRequests);
    expect(requests.length, path).toBeGreaterThan(1);
  }
  expect(complaints).toEqual([]);
});

test("the long lists of the work page show their first part, their counts, and more on request", async (context) => {
  const { page } = await session.atPortal(context, "Priya");
  await page.getByRole("link", { name: "100 action items" }).waitFor();
  const listed = page.getByTestId("action-items").getByRole("button", { name: "Approve" });
  await listed.first().waitFor();
  expect(await listed.count()).toBe(20);
  expect(await page.getByTestId("staged").getByRole("heading").count()).toBe(20);
  const requests = countRequests(page);
  await page.getByRole("button", { name: "Show more: 80 commits not shown yet" }).click();
  await page.getByRole("button", { name: "Show more: 40 commits not shown yet" }).waitFor();
  expect([await listed.count(), requests.length]).toEqual([60, 1]);
  await page.getByRole("button", { name: "Show more: 180 staged changes not shown yet" }).click();
  await page.getByTestId("change-200").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Show more: 100 staged changes not shown yet" }).waitFor();
  expect(await violationsIn(page)).toEqual([]);
});

test("too many requests are explained and waited out, while the page stays usable", async (context) => {
  const { page } = await session.atPortal(context, "Priya", "/commits");
  await page.getByTestId("commits").getByRole("listitem").first().waitFor();
  const answered: number[] = [];
  await page.route("**/v2/commits?*", async (route) => {
    answered.push(answered.length === 0 ? 429 : 200);
    if (answered.length > 1) return route.continue();
    const body = { type: "about:blank", title: "", status: 429, code: "rate_limited", detail: "Wait.", traceId: "ab" };
    return route.fulfill({
      status: 429,
      headers: { "Content-Type": "application/problem+json", "Retry-After": "4" },
      body: JSON.stringify(body),
    });
  });
  await page.getByRole("button", { name: "Older commits" }).click();
  const banner = page.getByTestId("rate-banner");
  await banner.getByText(/Too many requests in the last minute.* at \d\d:\d\d:\d\d/).waitFor();
  expect(await page.getByTestId("commits").getByRole("listitem").count()).toBe(20);
  expect(await violationsIn(page)).toEqual([]);
  await expect.poll(() => page.getByTestId("commits").getByRole("listitem").count(), { timeout: 20_000 }).toBe(40);
  await banner.getByText("Too many").waitFor({ state: "detached" });
  expect(answered).toEqual([429, 200]);
});

test("a commit of 200 changes chooses all, none, or those that a filter finds", async (context) => {
  const { page, reads } = await session.atPortal(context, "Avery");
  await page.getByRole("button", { name: "Commit…" }).click();
  const dialog = page.getByRole("dialog", { name: "Commit" });
  await dialog.getByText("Your 200 changes").waitFor();
  await dialog.getByRole("button", { name: "Select none" }).click();
  await dialog.getByText("0 of your 200 changes").waitFor();
  await dialog.getByText("Choose at least one change.").waitFor();
  await dialog.getByRole("searchbox", { name: "Filter your changes" }).fill("staged 19");
  expect(await violationsIn(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Select these 11", exact: true }).click();
  await dialog.getByText("11 of your 200 changes").waitFor();
  await dialog.getByRole("button", { name: "Deselect these 11", exact: true }).click();
  await dialog.getByText("0 of your 200 changes").waitFor();
  await dialog.getByRole("searchbox", { name: "Filter your changes" }).fill("nothing like it");
  await dialog.getByText("None of your changes matches this filter.").waitFor();
  await dialog.getByRole("searchbox", { name: "Filter your changes" }).fill("");
  await dialog.getByRole("button", { name: "Select all", exact: true }).click();
  await dialog.getByText("Your 200 changes").waitFor();
  await dialog.getByRole("button", { name: "Select none", exact: true }).click();
  await dialog.getByRole("searchbox", { name: "Filter your changes" }).fill("staged 19");
  await dialog.getByRole("button", { name: "Select these 11", exact: true }).click();
  await dialog.getByText("11 of your 200 changes").waitFor();
  await dialog.getByLabel("What does it do?").fill("Eleven additions");
  await dialog.getByRole("button", { name: "Commit", exact: true }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Commit #102 needs approval" }).waitFor();
  const { operationCount } = await reads<ReplyOf<"showCommit">>("/commits/102");
  const { ownCount } = await reads<ReplyOf<"listStaged">>("/staged?limit=1");
  expect([operationCount, ownCount]).toEqual([11, 189]);
});
