/** Search by the real embedding model: what fits is found, and what does not is said to be nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
  await session.reset();
});
afterAll(() => session.close());

/** About what the seed's portfolio has; the last one is what this model does not see. */
const fitting = [
  "Python",
  "web accessibility",
  "container orchestration",
  "relational database",
  "machine learning",
  "front end framework",
  "infrastructure as code",
  "typed JavaScript",
  "message queue",
  "cloud certification",
  "university degree",
  "statically typed systems language",
  "continuous integration",
  "version control",
  "mobile app",
  "data pipelines",
  "styling web pages",
  "search engine",
  "monitoring and alerting",
  "team lead",
];
const foreign = [
  "banana bread recipe",
  "weather in Lisbon tomorrow",
  "football world cup final",
  "how to knit a scarf",
  "dinosaur fossils",
  "divorce lawyer",
  "cheap flights to Bali",
  "puppy training",
  "asdfgh qwerty",
  "tax return deadline",
  "symptoms of the flu",
  "medieval castles",
  "guitar chords",
  "lawn mower repair",
  "horoscope for Leo",
  "chocolate cake",
  "mortgage rates",
  "tennis racket",
  "the mating season of penguins",
  "zxcvb",
];

test("the threshold of the local model keeps 19 of 20 queries that fit, and none of 20 that do not", async () => {
  // The index is filled after the rows were written.
  await expect.poll(() => session.finds("web accessibility"), { timeout: 60_000 }).toContain("Web accessibility");
  const answered = async (queries: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const query of queries) if ((await session.finds(query)).length > 0) found.push(query);
    return found;
  };
  expect(await answered(fitting)).toEqual(fitting.slice(0, -1));
  expect(await answered(foreign)).toEqual([]);
});

test("the portal's search finds rows and commits, and says where nothing fits", async (context) => {
  await session.types("Avery", [
    "/cv stage update technology python-1 experience_years=8",
    '/cv commit -m "A year of banana growing"',
  ]);
  const { page, complaints, keepPicture } = await session.atPortal(context, "Priya");
  const search = async (query: string): Promise<void> => {
    await page.getByRole("searchbox").fill(query);
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("heading", { name: `“${query}”` }).waitFor();
  };
  await search("python");
  await page.getByTestId("hits").getByRole("heading", { name: "Python", exact: true }).waitFor();
  await page
    .getByTestId("found-commits")
    .getByRole("link", { name: /^#1 Python/ })
    .waitFor();
  expect(await violationsIn(page), "rows and commits").toEqual([]);
  await keepPicture("portal-search");
  await search("banana bread recipe");
  await page.getByText("No row fits.").waitFor();
  await page.getByText("No commit has all these words.").waitFor();
  await search("banana growing");
  await page.getByText("No row fits.").waitFor();
  await page
    .getByTestId("found-commits")
    .getByRole("link", { name: /^#1 Python/ })
    .click();
  await page.getByRole("heading", { name: "Commit #1" }).waitFor();
  expect(complaints).toEqual([]);
});
