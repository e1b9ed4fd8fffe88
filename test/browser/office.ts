/** People at the page of the local Slack, each in a browser window of their own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { type TestContext, inject } from "vitest";
import { launchChromium } from "./chromium.ts";

const userIds = { Avery: "U0AVERY01", Priya: "U0PRIYA01", Carla: "U0CARLA01", Viktor: "U0VIKTOR1" } as const;
type Name = keyof typeof userIds;

const repository = join(import.meta.dirname, "../..");
/** Pictures of a run that nobody asked pictures of stay out of the documentation. */
const pictures = join(repository, process.env["SCREENSHOTS"] === "docs" ? "docs/images" : ".local/browser");

/** How long a person waits for something to appear, milliseconds. A push takes the longest. */
const patienceMs = 30_000;

export interface Person {
  page: Page;
  /** The newest message with this text; also a private one. */
  message: (text: string | RegExp) => Locator;
  /** Types a line into the composer and sends it. With `expected`, waits for a message with this text. */
  type: (line: string, expected?: string | RegExp) => Promise<void>;
  /** Clicks the newest button with this label, on a message or in what is open over it. */
  clickButton: (label: string) => Promise<void>;
  /** Waits for a message with this text. */
  sees: (text: string | RegExp) => Promise<void>;
  /** Keeps a picture: in docs/images with `npm run screenshots`, else in .local/browser. */
  screenshot: (name: string) => Promise<void>;
}

export interface Office {
  /** Everything empty, the portfolio loaded. */
  reset: () => Promise<void>;
  /** Sits down; a test that fails keeps a picture of what the person saw. */
  asPerson: (test: TestContext, name: Name) => Promise<Person>;
  close: () => Promise<void>;
}

export const openOffice = async (): Promise<Office> => {
  const url = inject("stackUrl");
  const browser = await launchChromium();
  return {
    reset: async () => {
      const response = await fetch(`${url}/playground/client/reset`, { method: "POST" });
      if (!response.ok) throw new Error(`The stack could not reset: ${response.status} ${await response.text()}`);
    },
    asPerson: (test, name) => sitDown(test, browser, url, name),
    close: () => browser.close(),
  };
};

const sitDown = async (test: TestContext, browser: Browser, url: string, name: Name): Promise<Person> => {
  const window = await browser.newContext({ viewport: { width: 1360, height: 860 }, deviceScaleFactor: 1 });
  window.setDefaultTimeout(patienceMs);
  const page = await window.newPage();
  const screenshot = async (file: string): Promise<void> => {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${file}.png`) });
  };
  test.onTestFinished(async () => {
    if (test.task.result?.state === "fail")
      await screenshot(`failed-${test.task.name.replaceAll(/\W+/g, "-")}-${name}`);
    await window.close();
  });

  await page.goto(`${url}/#as=${userIds[name]}`);
  const composer = page.getByTestId("composer");
  await composer.waitFor();
  const dismiss = page.getByRole("button", { name: "Dismiss the first steps" });
  if (await dismiss.isVisible()) await dismiss.click();

  const message = (text: string | RegExp): Locator => page.getByTestId("message").filter({ hasText: text }).last();
  const sees = (text: string | RegExp): Promise<void> => message(text).waitFor();
  return {
    page,
    message,
    sees,
    screenshot,
    type: async (line, expected) => {
      await composer.fill(line);
      await composer.press("Enter");
      if (expected !== undefined) await sees(expected);
    },
    clickButton: (label) => page.getByRole("button", { name: label, exact: true }).last().click(),
  };
};
