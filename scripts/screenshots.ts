/** `npm run screenshots`: does the main job on a fresh stack in a real browser and keeps the pictures that the README shows. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Page, chromium } from "playwright-core";
import { migrate } from "../playground/migrate.ts";
import { buildPage } from "../playground/page/build.ts";
import { findFreePort, startStack } from "../playground/stack.ts";

const images = resolve(import.meta.dirname, "../docs/images");
const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const type = async (page: Page, line: string, expected: string): Promise<void> => {
  await page.getByTestId("composer").fill(line);
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("message").filter({ hasText: expected }).last().waitFor();
};

const become = async (page: Page, userId: string): Promise<void> => {
  await page.getByTestId(`persona-${userId}`).click();
};

const press = async (page: Page, label: string): Promise<void> => {
  await page.getByTestId("message").getByRole("button", { name: label, exact: true }).last().click();
};

const mainJob = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.getByTestId("composer").waitFor();
  await page.getByRole("button", { name: "Dismiss the first steps" }).click();
  await type(page, "/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await type(page, "/cv stage create technology name=Rust experience_years=1 category=Backend", "Staged as change 2");
  await type(page, "/cv stage delete technology jquery-1", "Staged as change 3");
  await type(page, "/cv diff", "Your staged changes");
  await page.screenshot({ path: join(images, "diff.png") });
  await type(page, '/cv commit -m "Skill updates"', "It waits for approval");
  await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
  await become(page, "U0PRIYA01");
  await press(page, "Approve");
  await page.getByTestId("message").getByRole("button", { name: "Push to all" }).waitFor();
  await page.screenshot({ path: join(images, "review.png") });
  await press(page, "Push to all");
  await page.getByTestId("message").filter({ hasText: "verified live" }).first().waitFor();
  await page.getByTestId("open-thread").last().click();
  await page.getByTestId("thread-panel").getByText("searchable, verified").first().waitFor();
  await page.getByTestId("thread-panel").getByText("Verified").nth(1).waitFor();
  await page.screenshot({ path: join(images, "thread.png") });
  await page.getByTestId("portfolio-nav").click();
  await page.getByTestId("search-input").fill("Rust");
  await page.getByTestId("search-input").press("Enter");
  await page.getByLabel("Semantic search").getByRole("listitem").first().waitFor();
  await page.screenshot({ path: join(images, "portfolio.png") });
};

const persistTo = await mkdtemp(join(tmpdir(), "cv-ops-screenshots-"));
const [port] = await Promise.all([findFreePort(), buildPage(), migrate(persistTo)]);
const stack = await startStack({ port, persistTo });
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  await fetch(`${stack.url}/playground/client/seed`, { method: "POST" });
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, deviceScaleFactor: 1 });
  await mainJob(page, stack.url);
  console.log(`The pictures are in ${images}`);
} finally {
  await browser.close();
  await stack.stop();
  await rm(persistTo, { recursive: true, force: true });
}
