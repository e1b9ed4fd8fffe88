/** Users of the local Slack and the portal, each in a separate browser window. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { type TestContext, inject } from "vitest";
import { type FirstName, memberCalled } from "../../tools/playground/cast.ts";
import type { SearchHits } from "../../tools/playground/client-protocol.ts";
import type { FaultName } from "../../tools/playground/faults.ts";
import { launchChromium } from "./chromium.ts";

const repository = join(import.meta.dirname, "../..");
const notKept = join(repository, ".local/browser");
/** Without `npm run screenshots`, images are stored outside the documentation. */
const pictures = process.env["SCREENSHOTS"] === "docs" ? join(repository, "docs/images") : notKept;

const windowSizes = {
  desk: { width: 1360, height: 860 },
  laptop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** Timeout for an expected element, milliseconds. A push takes the longest. */
const patienceMs = 30_000;

export interface Person {
  page: Page;
  /** The topmost form, or the topmost reply to a form. */
  form: Locator;
  /** The app's Home, when it is open. */
  home: Locator;
  /** The open thread. */
  thread: Locator;
  /** The newest message with this text, including private messages. */
  message: (text: string | RegExp) => Locator;
  /** Types a line into the composer and sends it. With `expected`, waits for a message with this text. */
  type: (line: string, expected?: string | RegExp) => Promise<void>;
  /** Clicks the newest button with this label, on a message or in the topmost form. */
  clickButton: (label: string) => Promise<void>;
  /** Waits for a message with this text. */
  sees: (text: string | RegExp) => Promise<void>;
  /** Submits the open form and waits for a reply with this text. */
  submit: (expected: string | RegExp) => Promise<void>;
  /** Closes the topmost form or reply. */
  closeForm: () => Promise<void>;
  /** Types into the search of a select in the open form, and chooses the first result. */
  choose: (label: string, typed: string) => Promise<void>;
  /** Chooses an entry of the menu of a list's row, the newest with this text. */
  chooses: (entry: string, row: string | RegExp) => Promise<void>;
  /** Opens the menu of this button and chooses an entry. */
  pick: (menu: Locator, entry: string) => Promise<void>;
  openHome: () => Promise<void>;
  openChannel: () => Promise<void>;
  /** Opens the newest thread. */
  openThread: () => Promise<void>;
  /** Saves a screenshot: in docs/images with `npm run screenshots`, else in .local/browser. */
  screenshot: (name: string) => Promise<void>;
  /** Saves a screenshot that no documentation page shows, in .local/browser. */
  keepPicture: (name: string) => Promise<void>;
}

export interface PortalVisit {
  page: Page;
  /** Errors of the page and violations of its content security policy. */
  complaints: readonly string[];
  /** Stages a change of technology python-1, by clicking. */
  stagesPython: (years: string) => Promise<void>;
  /** Commits all staged changes of this user. */
  commits: (message: string) => Promise<void>;
  /** The API's response to this user for a path below /v2. */
  reads: <T>(path: string) => Promise<T>;
  /** Saves a screenshot, as `Visit.screenshot` does. */
  screenshot: (name: string) => Promise<void>;
  /** Saves a screenshot that no documentation page shows. */
  keepPicture: (name: string) => Promise<void>;
}

export interface BrowserSession {
  /** Empties the databases and loads the portfolio again. */
  reset: () => Promise<void>;
  /** Somebody else gives Python other years at both targets. */
  changesRow: () => Promise<void>;
  /** Sends lines one after the other, as this person types them; nobody looks at the replies. */
  types: (name: FirstName, lines: readonly string[]) => Promise<void>;
  /** Starts a fault by its name in tools/playground/faults.ts. */
  breaks: (fault: FaultName) => Promise<void>;
  /** Ends all faults. */
  endFaults: () => Promise<void>;
  /** Names of the semantic search's results for this query, best first. */
  finds: (query: string) => Promise<string[]>;
  /** Opens the portal at a path below /app, and signs in when necessary. */
  atPortal: (test: TestContext, name: FirstName, path?: string, at?: keyof typeof windowSizes) => Promise<PortalVisit>;
  /** Opens a browser window for a user. A failed test saves a screenshot of it. */
  asPerson: (test: TestContext, name: FirstName, at?: keyof typeof windowSizes) => Promise<Person>;
  close: () => Promise<void>;
}

export const openBrowserSession = async (): Promise<BrowserSession> => {
  const url = inject("stackUrl");
  const browser = await launchChromium();
  const post = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(`${url}/playground/client/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The stack could not ${path}: ${response.status} ${await response.text()}`);
  };
  return {
    reset: () => post("reset"),
    changesRow: () => post("change-row"),
    types: async (name, lines) => {
      const { id } = memberCalled(name);
      for (const text of lines) await post("command", { as: id, channel: "C0PORTFOL1", text });
    },
    breaks: (name) => post("fault", { name, on: true }),
    endFaults: () => post("faults-end"),
    finds: async (query) => {
      const response = await fetch(`${url}/playground/client/search?q=${encodeURIComponent(query)}`);
      const { hits }: SearchHits = JSON.parse(await response.text());
      return hits.map((hit) => hit.name);
    },
    asPerson: (test, name, at = "desk") => sitDown(test, browser, url, name, at),
    atPortal: (test, name, path = "", at = "desk") => visitPortal(test, browser, url, name, path, at),
    close: () => browser.close(),
  };
};

const openWindow = async (
  test: TestContext,
  browser: Browser,
  name: FirstName,
  at: keyof typeof windowSizes,
): Promise<Page> => {
  const window = await browser.newContext({ viewport: windowSizes[at], deviceScaleFactor: 1 });
  window.setDefaultTimeout(patienceMs);
  const page = await window.newPage();
  test.onTestFinished(async () => {
    if (test.task.result?.state === "fail")
      await keepPicture(page, notKept, `failed-${test.task.name.replaceAll(/\W+/g, "-")}-${name}`);
    await window.close();
  });
  return page;
};

const visitPortal = async (
  test: TestContext,
  browser: Browser,
  url: string,
  name: FirstName,
  path: string,
  at: keyof typeof windowSizes,
): Promise<PortalVisit> => {
  const page = await openWindow(test, browser, name, at);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${url}/app${path}`);
  await page.getByRole("button", { name: "Sign in with Slack" }).click();
  await page.getByRole("link", { name: new RegExp(name) }).click();
  await page.getByTestId("connection").getByText("Live").waitFor();
  return {
    page,
    complaints,
    reads: async (path) => {
      const response = await page.request.get(`${url}/v2${path}`);
      if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
      return response.json();
    },
    screenshot: (picture) => keepPicture(page, pictures, picture),
    keepPicture: (picture) => keepPicture(page, notKept, picture),
    stagesPython: async (years) => {
      await page.getByRole("link", { name: "Stage a change" }).click();
      await page.getByRole("combobox", { name: "Row", exact: true }).fill("Python");
      await page
        .getByRole("listbox")
        .getByRole("option", { name: /python-1/ })
        .click();
      await page.getByLabel("Years of experience").fill(years);
      await page.getByRole("button", { name: "Stage" }).click();
      await page
        .getByTestId("staged")
        .getByRole("heading", { name: /^Python/ })
        .waitFor();
    },
    commits: async (message) => {
      await page.getByRole("button", { name: "Commit…" }).click();
      await page.getByLabel("What does it do?").fill(message);
      await page.getByRole("button", { name: "Commit", exact: true }).click();
      await page.getByRole("main").getByText(message).first().waitFor();
    },
  };
};

const sitDown = async (
  test: TestContext,
  browser: Browser,
  url: string,
  name: FirstName,
  at: keyof typeof windowSizes,
): Promise<Person> => {
  const page = await openWindow(test, browser, name, at);
  await page.goto(`${url}/#as=${memberCalled(name).id}`);
  await page.getByTestId("composer").waitFor();
  const dismiss = page.getByRole("button", { name: "Dismiss the first steps" });
  if (await dismiss.isVisible()) await dismiss.click();
  return personAt(page);
};

const keepPicture = async (page: Page, folder: string, file: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${file}.png`), animations: "disabled" });
};

const personAt = (page: Page): Person => {
  const composer = page.getByTestId("composer");
  const form = page.getByTestId("modal").last();
  const home = page.getByTestId("home");
  const message = (text: string | RegExp): Locator => page.getByTestId("message").filter({ hasText: text }).last();
  const sees = (text: string | RegExp): Promise<void> => message(text).waitFor();
  const pick = async (menu: Locator, entry: string): Promise<void> => {
    await menu.click();
    await page.getByRole("menuitem").filter({ hasText: entry }).click();
  };
  return {
    page,
    form,
    home,
    thread: page.getByTestId("thread-panel"),
    message,
    sees,
    screenshot: (name) => keepPicture(page, pictures, name),
    keepPicture: (name) => keepPicture(page, notKept, name),
    type: async (line, expected) => {
      await composer.fill(line);
      await composer.press("Enter");
      if (expected !== undefined) await sees(expected);
    },
    clickButton: (label) => page.getByRole("button", { name: label, exact: true }).last().click(),
    submit: async (expected) => {
      await form.getByTestId("modal-submit").click();
      await form.filter({ hasText: expected }).waitFor();
    },
    closeForm: async () => {
      const open = await page.getByTestId("modal").count();
      await form.getByRole("button", { name: "Close" }).first().click();
      await page
        .getByTestId("modal")
        .nth(open - 1)
        .waitFor({ state: "detached" });
    },
    choose: async (label, typed) => {
      await form.getByRole("button", { name: new RegExp(`^${label}(:|$)`) }).click();
      await page.getByRole("combobox", { name: `Search: ${label}` }).fill(typed);
      await page
        .getByRole("option")
        .filter({ hasText: new RegExp(typed, "i") })
        .first()
        .click();
    },
    pick,
    chooses: (entry, row) =>
      pick(page.locator(".block-section").filter({ hasText: row }).locator(".button.overflow").last(), entry),
    openHome: async () => {
      await page.getByTestId("app-nav").click();
      await home.getByText("What happened last").or(home.getByText("Your role here")).first().waitFor();
    },
    openChannel: () => page.getByTestId("channel-C0PORTFOL1").click(),
    openThread: () => page.getByTestId("open-thread").last().click(),
  };
};
