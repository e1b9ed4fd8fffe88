/** A user's own actions appear immediately without a live connection, and unfinished forms are private drafts. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { cable } from "./cable.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test("a user's own actions appear in the portal without a live connection", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = priya;
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  const { cut } = await cable(page);
  await page.getByTestId("commit-1").getByText("needs your approval").waitFor();
  await cut("events");
  await page.getByTestId("connection-banner").getByText("Reconnecting").waitFor();

  const commit = page.getByTestId("commit-1");
  await commit.getByRole("button", { name: "Approve" }).click();
  await commit.getByText("ready for you to push").waitFor();
  const activity = page.getByRole("complementary", { name: "Recent activity" });
  await activity.getByText("Priya Raman approved commit #1").waitFor();
  await session.breaks("d1cv.down");
  await commit.getByRole("button", { name: "Push to all" }).click();
  const push = page.getByTestId("moving").getByRole("link", { name: "Push 1", exact: true });
  await push.waitFor();
  await activity.getByText("Priya Raman started push #1").waitFor();
  await push.click();
  await page.getByRole("button", { name: "Cancel the push…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the push" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Cancelled at ai-agent." }).waitFor();
  await page.getByTestId("timeline").getByText("Commit #1 was cancelled before ai-agent applied it").waitFor();
  await session.endFaults();

  await page.getByRole("link", { name: "Work", exact: true }).click();
  await priya.stagesPython("9");
  await page.getByTestId("change-2").waitFor();
  await activity.getByText("Priya Raman staged change 2").waitFor();
  await page.getByRole("button", { name: "Remove change 2, Python" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByTestId("change-2").waitFor({ state: "detached" });
  await page.getByTestId("connection-banner").getByText("Reconnecting").waitFor();
  expect(priya.complaints).toEqual([]);
});

test("an unfinished form survives a reload, until it is submitted or discarded", async (context) => {
  const { page, reads, complaints } = await session.atPortal(context, "Avery");
  const staged = async () => (await reads<ReplyOf<"listStaged">>("/staged")).changes;
  const rowPicker = page.getByRole("combobox", { name: "Row", exact: true });
  const years = page.getByLabel("Years of experience");
  const left = page.getByText("Your unsaved input is still here.");
  await page.getByRole("link", { name: "Stage a change" }).click();
  await rowPicker.fill("Python");
  await page
    .getByRole("listbox")
    .getByRole("option", { name: /python-1/ })
    .click();
  await years.fill("99");
  await page.getByLabel("ai-agent").uncheck();
  await page.getByRole("button", { name: "Stage" }).click();
  await page.getByText("Years of experience must be").waitFor();
  expect(await years.inputValue()).toBe("99");
  await years.fill("8");

  await page.reload();
  await left.waitFor();
  expect(await violationsIn(page), "a form that was left").toEqual([]);
  await page.getByRole("link", { name: "Commits", exact: true }).click();
  await page.getByRole("heading", { name: "Commits" }).waitFor();
  await page.goBack();
  await left.waitFor();
  expect([await rowPicker.inputValue(), await years.inputValue()]).toEqual(["Python", "8"]);
  expect(await page.getByLabel("ai-agent").isChecked()).toBe(false);
  expect(await staged(), "nothing is sent by itself").toEqual([]);
  await page.getByRole("button", { name: "Stage" }).click();
  await page.getByTestId("change-1").waitFor();
  expect(await staged()).toMatchObject([{ payload: { experience_years: 8 }, targets: ["d1cv"] }]);
  await page.getByRole("link", { name: "Stage a change" }).click();
  await rowPicker.waitFor();
  expect([await left.count(), await rowPicker.inputValue()], "it was sent").toEqual([0, ""]);

  await page.getByLabel("Add a row").check();
  await page.getByLabel("Name", { exact: false }).first().fill("Zig");
  await page.reload();
  await left.waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  expect(await page.getByLabel("Name", { exact: false }).first().inputValue()).toBe("");
  await page.getByRole("link", { name: "Cancel" }).click();

  await page.getByRole("link", { name: "Edit change 1, Python" }).click();
  await years.fill("7");
  await page.reload();
  await left.waitFor();
  expect(await years.inputValue()).toBe("7");
  await page.getByRole("link", { name: "Cancel" }).click();
  expect(await staged()).toMatchObject([{ payload: { experience_years: 8 } }]);

  await page.getByRole("button", { name: "Commit…" }).click();
  await page.getByLabel("What does it do?").fill("Skill updates");
  await page.reload();
  await page.getByRole("button", { name: "Commit…" }).click();
  expect(await page.getByLabel("What does it do?").inputValue()).toBe("Skill updates");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Commit…" }).click();
  expect(await page.getByLabel("What does it do?").inputValue(), "given up").toBe("");
  expect(complaints).toEqual([]);
});

test("a draft of one user is not shown to the next user who signs in", async (context) => {
  const { page } = await session.atPortal(context, "Avery", "/stage");
  const rowPicker = page.getByRole("combobox", { name: "Row", exact: true });
  await rowPicker.fill("Python");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("menuitem", { name: "Sign out here" }).click();
  await page.getByRole("button", { name: "Sign in with Slack" }).click();
  await page.getByRole("link", { name: /Carla/ }).click();
  await page.getByRole("link", { name: "Stage a change" }).first().click();
  await rowPicker.waitFor();
  expect(await rowPicker.inputValue()).toBe("");
});
