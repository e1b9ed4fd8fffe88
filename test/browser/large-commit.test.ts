/** A commit of 500 rows whose author lies in its message and in a note: what a reviewer is shown at the portal. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
  await session.reset();
});
afterAll(() => session.close());

const added = 499;
const nameOf = (index: number): string => `Added ${String(index).padStart(3, "0")}`;

const lie = "One line of CSS: 9 to 10";
const noteLie = "CSS: 9 to 10 and nothing else";
const summary = "1 technology changed, 499 technologies added";

/** 500 lines are typed one after the other. */
const timeoutMs = 300_000;

test(
  "the list and the page of a commit of 500 rows show its operations, to the last, and quote its author",
  { timeout: timeoutMs },
  async (context) => {
    await session.types("Avery", [
      `/cv stage update technology python-1 experience_years=44 --note "${noteLie}"`,
      ...Array.from(
        { length: added },
        (_, at) => `/cv stage create technology name="${nameOf(at + 1)}" category=Backend`,
      ),
      `/cv commit -m "${lie}"`,
    ]);
    const { page, reads, complaints } = await session.atPortal(context, "Priya", "/commits");
    const item = page.getByTestId("commits").getByRole("listitem").first();
    await item.getByRole("heading", { name: `#1 ${summary}` }).waitFor();
    await expect.poll(() => item.locator("q").allTextContents()).toEqual([lie]);

    await item.getByRole("link").click();
    await page.getByRole("heading", { name: "Commit #1" }).waitFor();
    await expect.poll(() => page.locator("p.summary").textContent()).toBe(summary);
    const rows = page.getByTestId("operations").getByRole("heading");
    const more = page.getByRole("button", { name: /^Show more/ });
    for (const left of [450, 350, 250, 150, 50]) {
      await page.getByRole("button", { name: `Show more: ${left} operations not shown yet` }).waitFor();
      expect(await rows.count()).toBe(500 - left);
      await more.click();
    }
    await more.waitFor({ state: "detached" });

    const { hash } = await reads<ReplyOf<"showCommit">>("/commits/1");
    const hashed: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const part: ReplyOf<"listOperations"> = await reads(`/commits/1/operations?after=${after}&limit=100`);
      expect(part.hash).toBe(hash);
      hashed.push(...part.operations.map(({ name }) => name));
      after = part.next;
    }
    const shown = (await rows.allTextContents()).map((title) => title.replace(/ Technology.*$/, ""));
    expect(shown).toEqual(hashed);
    expect(shown).toHaveLength(500);
    expect(shown.at(-1)).toBe(nameOf(added));

    // Whatever the author wrote is a quotation, and nothing else on the page says it.
    const main = page.getByRole("main");
    for (const words of [lie, noteLie]) {
      expect(await main.getByText(words).count()).toBe(1);
      expect(await main.locator("q.words").filter({ hasText: words }).count()).toBe(1);
    }
    expect(await main.getByTestId("operations").getByText(/CSS/).count()).toBe(0);
    expect(await violationsIn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);
