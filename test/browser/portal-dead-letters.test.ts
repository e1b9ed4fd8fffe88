/** A real dead letter in the portal: an admin finds it from their work, tries it again, and discards it. */
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

test("a dead letter leads from the work to its cause, comes back after a retry, and is discarded", async (context) => {
  const { page, reads, screenshot, complaints } = await session.atPortal(context, "Carla");
  await session.breaks("queue.poison");
  const item = page.getByTestId("action-items").filter({ hasText: "1 message could not be delivered" });
  await item.getByRole("link", { name: "See the dead letters" }).click();
  const row = page.getByTestId("dead-letter-1");
  await row.getByText("there is no such job").waitFor();
  await row.getByText("Retry looks once more; what was applied is not applied twice.").waitFor();
  await row.getByText(/^1 attempt · given up/).waitFor();
  expect(await violationsIn(page), "a dead letter").toEqual([]);

  await page.getByRole("button", { name: "Retry dead letter 1" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Dead letter 1 is sent again." }).waitFor();
  await row.getByText(/sent again 1 time · waits for a decision/).waitFor();
  await screenshot("portal-dead-letters");

  await page.getByRole("button", { name: "Discard dead letter 1" }).click();
  const dialog = page.getByRole("dialog", { name: "Discard dead letter 1?" });
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await dialog.getByText("Say why, for whoever reads the log.").waitFor();
  expect(await violationsIn(page), "discarding it").toEqual([]);
  await dialog.getByLabel("Why?").fill("Made on purpose");
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Dead letter 1 is discarded." }).waitFor();
  await page.getByText("There are no dead letters.").waitFor();
  await page.getByLabel("Also those that are settled").check();
  await row.getByText(/discarded by Carla Mendes.*Made on purpose/).waitFor();
  expect(await row.getByRole("button").count(), "offered for a settled one").toBe(0);
  const { deadLetters } = await reads<ReplyOf<"listDeadLetters">>("/dead-letters?all=true");
  expect(deadLetters).toMatchObject([{ number: 1, state: "discarded", retries: 1, reason: "Made on purpose" }]);
  await page.getByRole("link", { name: "Work", exact: true }).click();
  await page.getByText("You have no action items.").waitFor();
  expect(complaints).toEqual([]);
});

test("a dead letter that was settled elsewhere meanwhile says by whom, and closes its form", async (context) => {
  const { page } = await session.atPortal(context, "Carla", "/admin/dead-letters");
  await session.breaks("queue.poison");
  await page.getByLabel("Also those that are settled").check();
  await page.getByRole("button", { name: "Discard dead letter 1" }).click();
  const dialog = page.getByRole("dialog", { name: "Discard dead letter 1?" });
  await dialog.getByLabel("Why?").fill("Too late");
  await session.types("Carla", ["/cv dead-letters discard 1 decided in Slack"]);
  await page
    .getByTestId("dead-letter-1")
    .getByText(/decided in Slack/)
    .waitFor();
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await page
    .getByTestId("toast-bad")
    .filter({ hasText: "Dead letter 1 is settled already: discarded by Carla Mendes" })
    .waitFor();
  await dialog.waitFor({ state: "detached" });
  expect(
    await page
      .getByTestId("dead-letter-1")
      .getByText(/Too late/)
      .count(),
    "the later reason",
  ).toBe(0);
});
