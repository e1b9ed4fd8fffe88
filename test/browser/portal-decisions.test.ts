/** Decisions that the portal can undo or repeat: each asks for confirmation, and every user sees the result. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ApiEvent } from "../../shared/contract/event.ts";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { type BrowserSession, type PortalVisit, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

const stagedAt = async ({ reads }: PortalVisit) => (await reads<ReplyOf<"listStaged">>("/staged")).changes;
const commitAt = ({ reads }: PortalVisit, number: number) => reads<ReplyOf<"showCommit">>(`/commits/${number}`);
const happened = async ({ reads }: PortalVisit, type: ApiEvent["type"]) =>
  (await reads<ReplyOf<"recentEvents">>("/activity")).events.filter((event) => event.type === type);
const yearsOfPython = async ({ reads }: PortalVisit) =>
  (await reads<ReplyOf<"listRows">>("/rows/technology")).rows.find(({ id }) => id === "python-1")?.values[
    "experience_years"
  ];

test("a staged change is removed after a confirmation, and disappears for every user", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = avery;
  await avery.stagesPython("8");
  await priya.page.getByTestId("change-1").waitFor();
  const remove = page.getByRole("button", { name: "Remove change 1, Python" });
  await remove.click();
  const question = page.getByRole("dialog", { name: "Remove change 1?" });
  await question.getByRole("button", { name: "Keep it" }).click();
  await question.waitFor({ state: "detached" });
  expect(await stagedAt(avery)).toHaveLength(1);

  await remove.click();
  await question.getByRole("button", { name: "Remove it" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Change 1 is removed." }).waitFor();
  await page.getByText("Nothing is staged.").waitFor();
  await priya.page.getByTestId("change-1").waitFor({ state: "detached" });
  expect(await stagedAt(avery)).toEqual([]);
  expect(await happened(avery, "change.discarded")).toMatchObject([{ change: 1, actor: { id: "U0AVERY01" } }]);
});

test("one commit is reopened and another dropped, each after a confirmation", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const { page } = avery;
  const ask = async (number: number, entry: string): Promise<void> => {
    await page.getByRole("button", { name: `More for commit #${number}` }).click();
    await page.getByRole("menuitem", { name: entry }).click();
  };
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  await ask(1, "Reopen…");
  const reopen = page.getByRole("dialog", { name: "Reopen commit #1?" });
  expect(await violationsIn(page), "the question about reopening").toEqual([]);
  await reopen.getByRole("button", { name: "Reopen" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "1 change of commit #1 is staged again." }).waitFor();
  await page.getByTestId("commit-1").waitFor({ state: "detached" });
  await page
    .getByTestId("staged")
    .getByRole("heading", { name: /^Python/ })
    .waitFor();
  expect(await commitAt(avery, 1)).toMatchObject({ review: "reopened" });
  expect(await stagedAt(avery)).toMatchObject([{ entityId: "python-1", payload: { experience_years: 8 } }]);

  await avery.commits("Skill updates, again");
  await ask(2, "Drop…");
  const drop = page.getByRole("dialog", { name: "Drop commit #2?" });
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent), { message: "the harmless answer" })
    .toBe("Keep it");
  expect(await violationsIn(page), "the question about dropping").toEqual([]);
  await drop.getByRole("button", { name: "Drop it" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Commit #2 is dropped." }).waitFor();
  await page.getByTestId("commit-2").waitFor({ state: "detached" });
  expect(await commitAt(avery, 2)).toMatchObject({ review: "dropped" });
  expect(await stagedAt(avery)).toEqual([]);
  expect(await happened(avery, "commit.dropped")).toMatchObject([{ commit: 2 }]);
  await page.goto(new URL("/app/commits/2", page.url()).href);
  await page.getByText("Dropped").first().waitFor();
  expect(await page.getByRole("button", { name: /Reopen|Drop|Ask for review/ }).count()).toBe(0);
});

test("a draft commit requests no review until its author asks for one", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = avery;
  await avery.stagesPython("8");
  await page.getByRole("button", { name: "Commit…" }).click();
  await page.getByLabel("What does it do?").fill("Not yet");
  await page.getByLabel("Draft: ask for review later").check();
  await page.getByRole("button", { name: "Commit as a draft" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Commit #1 is a draft." }).waitFor();
  await page.getByTestId("commit-1").getByText("your draft").waitFor();
  expect(await commitAt(avery, 1)).toMatchObject({ review: "draft" });
  expect(await priya.page.getByTestId("commit-1").getByRole("button", { name: "Approve" }).count()).toBe(0);

  await page.getByRole("button", { name: "More for commit #1" }).click();
  await page.getByRole("menuitem", { name: "Ask for review" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Commit #1 needs approval by" }).waitFor();
  await priya.page.getByTestId("commit-1").getByText("needs your approval").waitFor();
  expect(await commitAt(avery, 1)).toMatchObject({ review: "in_review" });
  expect(await happened(avery, "commit.review_requested")).toMatchObject([{ commit: 1 }]);
});

test("a push in progress is cancelled, and its commit can be pushed again", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = priya;
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  const commit = page.getByTestId("commit-1");
  await commit.getByRole("button", { name: "Approve" }).click();
  // Requests to d1cv are delayed for seconds.
  await session.breaks("d1cv.slow");
  await commit.getByRole("button", { name: "Push to all" }).click();
  const cancel = page.getByRole("button", { name: "Cancel the push…" });
  await cancel.waitFor();
  await session.endFaults();
  await cancel.click();
  const question = page.getByRole("dialog", { name: "Cancel the push of commit #1?" });
  await question.getByRole("button", { name: "Cancel the push" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Cancelled at d1cv and ai-agent." }).waitFor();
  await avery.page.getByTestId("commit-1").getByText("Approved").first().waitFor();
  expect(await commitAt(priya, 1)).toMatchObject({
    review: "approved",
    targets: [
      { target: "d1cv", state: "pending" },
      { target: "ai-agent", state: "pending" },
    ],
    pushes: [{ state: "cancelled", jobs: [{ state: "cancelled" }, { state: "cancelled" }] }],
  });
  expect(await yearsOfPython(priya)).toBe(5);
  expect(await happened(priya, "push.cancelled")).toMatchObject([{ push: 1, actor: { id: "U0PRIYA01" } }]);

  // The second push arrives after the delayed request, which d1cv has refused by then.
  await session.breaks("d1cv.slow");
  await commit.getByRole("button", { name: "Push to all" }).click();
  await cancel.waitFor();
  await session.endFaults();
  await page.getByTestId("moving").getByText("Verified live", { exact: true }).waitFor();
  expect(await commitAt(priya, 1)).toMatchObject({ status: "applied_all", pushes: [{ number: 2 }, { number: 1 }] });
  expect(await yearsOfPython(priya)).toBe(8);
});

test("a push to an unresponsive target is cancelled only at the other targets", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = priya;
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  await page.getByTestId("commit-1").getByRole("button", { name: "Approve" }).click();
  const push = page.getByRole("button", { name: "Push to all" });
  await push.waitFor();
  await session.breaks("d1cv.down");
  await push.click();
  await page.getByRole("link", { name: "Push 1", exact: true }).click();
  await page
    .getByTestId("timeline")
    .getByText(/was sent/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Cancel the push…" }).click();
  const question = page.getByRole("dialog", { name: "Cancel the push of commit #1?" });
  expect(await violationsIn(page), "the question about a push").toEqual([]);
  await question.getByRole("button", { name: "Cancel the push" }).click();
  await page
    .getByTestId("toast-good")
    .filter({ hasText: "Cancelled at ai-agent. d1cv gave no answer; its outcome is checked again." })
    .waitFor();
  const { pushes } = await commitAt(priya, 1);
  expect(pushes).toMatchObject([{ jobs: [{ target: "d1cv" }, { target: "ai-agent", state: "cancelled" }] }]);
  expect(["pending", "processing", "timeout"]).toContain(pushes[0]?.jobs[0]?.state);
  await session.endFaults();
});

test("a failed push is retried from its page, whose timeline shows both attempts", async (context) => {
  const avery = await session.atPortal(context, "Avery");
  const priya = await session.atPortal(context, "Priya");
  const { page } = priya;
  await avery.stagesPython("8");
  await avery.commits("Skill updates");
  const commit = page.getByTestId("commit-1");
  await commit.getByRole("button", { name: "Approve" }).click();
  await commit.getByRole("button", { name: "Push to all" }).waitFor();
  await session.breaks("d1cv.refuse");
  await commit.getByRole("button", { name: "Push to all" }).click();
  await commit.getByText(/d1cv refuses this push/).waitFor();
  expect(await commitAt(priya, 1)).toMatchObject({
    status: "failed",
    pushes: [{ state: "failed", jobs: [{ target: "d1cv", state: "failed", attempt: 1 }, { target: "ai-agent" }] }],
  });
  expect(await yearsOfPython(priya)).toBe(5);
  await commit.getByRole("link", { name: "Push 1", exact: true }).click();
  await page.getByRole("heading", { name: "Push 1", level: 1 }).waitFor();
  expect(await violationsIn(page), "a push that has failed").toEqual([]);
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Sent to d1cv again, attempt 2." }).waitFor();
  await page
    .getByTestId("timeline")
    .getByText(/ai-agent was compared after commit #1/)
    .waitFor();
  expect(
    await page
      .getByTestId("timeline")
      .getByText(/refuses this push/)
      .count(),
  ).toBeGreaterThan(0);
  expect(await commitAt(priya, 1)).toMatchObject({
    status: "applied_all",
    pushes: [{ number: 1, state: "completed", jobs: [{ target: "d1cv", state: "completed", attempt: 2 }, {}] }],
  });
  expect(await yearsOfPython(priya)).toBe(8);
  expect(await happened(priya, "push.retried")).toHaveLength(1);
});
