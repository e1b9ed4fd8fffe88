/** Forms of the portal say what is wrong where the person is, and what cannot be taken back is asked for. */
import { readFileSync } from "node:fs";
import { type TestContext, afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Locator, Page } from "playwright-core";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

const hasFocus = async (field: Locator): Promise<void> => {
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
};

interface Refused {
  path: string;
  open: string | null;
  fill: Record<string, string>;
  submit: string;
  /** The label of the first field that is refused. */
  focus: string;
}

const refusals: Record<string, Refused> = {
  "a new token without a name": {
    path: "/admin/tokens",
    open: "New token…",
    fill: {},
    submit: "Make the token",
    focus: "Name",
  },
  "a token for too many days": {
    path: "/admin/tokens",
    open: "New token…",
    fill: { Name: "CI", "Days until it ends": "999" },
    submit: "Make the token",
    focus: "Days until it ends",
  },
  "a target whose name alone is typed": {
    path: "/admin/targets",
    open: "Add a target…",
    fill: { Name: "archive" },
    submit: "Test and add",
    focus: "Portfolio",
  },
  "a webhook at no address": {
    path: "/admin/webhooks",
    open: "New webhook…",
    fill: { Address: "not an address" },
    submit: "Create the webhook",
    focus: "Address",
  },
  "too many approvals": {
    path: "/admin/settings",
    open: null,
    fill: { "Approvals that a commit needs": "99" },
    submit: "Save the settings",
    focus: "Approvals that a commit needs",
  },
  "a channel that is none": {
    path: "/admin/settings",
    open: null,
    fill: { "Channel for cards": "portfolio" },
    submit: "Save the settings",
    focus: "Channel for cards",
  },
  "a role for nobody": {
    path: "/admin/roles",
    open: null,
    fill: {},
    submit: "Give the role",
    focus: "Person",
  },
};

test("a refused form of the portal leads to its first refused field", { timeout: 180_000 }, async (context) => {
  const { page, complaints } = await session.atPortal(context, "Carla", "/admin/tokens");
  for (const [what, { path, open, fill, submit, focus }] of Object.entries(refusals)) {
    await page.goto(new URL(`/app${path}`, page.url()).href);
    if (open !== null) await page.getByRole("button", { name: open }).click();
    for (const [label, text] of Object.entries(fill)) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByRole("button", { name: submit, exact: true }).click();
    const refused = page.getByLabel(focus, { exact: true });
    await expect.poll(() => refused.getAttribute("aria-invalid"), { message: what }).toBe("true");
    await hasFocus(refused);
  }
  expect(complaints).toEqual([]);
});

/** Of a button below the pointer: its text has to stand out from it. */
const colours = (button: Locator): Promise<string[]> =>
  button.evaluate((element) => {
    const style = getComputedStyle(element);
    return [style.backgroundColor, style.color];
  });

test("a button that is busy looks so below the pointer as well", async (context) => {
  const { page } = await session.atPortal(context, "Carla", "/admin/tokens");
  await page.getByRole("button", { name: "New token…" }).click();
  await page.getByRole("checkbox", { name: "read" }).uncheck();
  const button = page.getByRole("button", { name: "Make the token" });
  await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
  await page.mouse.move(0, 0);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const before = await colours(button);
  await button.hover({ force: true });
  expect(await colours(button)).toEqual(before);
});

const signedOutPage = async (context: TestContext): Promise<Page> => {
  const { page } = await session.atPortal(context, "Viktor");
  const origin = new URL(page.url()).origin;
  const browser = page.context().browser();
  if (!browser) throw new Error("The page has no browser");
  const stranger = await browser.newContext();
  context.onTestFinished(() => stranger.close());
  const first = await stranger.newPage();
  await first.goto(`${origin}/app`);
  return first;
};

test("a stranger at the portal reads what it is, and no error", async (context) => {
  const page = await signedOutPage(context);
  await page.getByRole("heading", { name: "Sign in to CV Ops" }).waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(/Trace|Nobody/);
  expect(await violationsIn(page), "the first visit").toEqual([]);
});

test("an admin sees, exports and erases what is stored of a person", { timeout: 180_000 }, async (context) => {
  await session.types("Avery", ["/cv stage update technology python-1 experience_years=8"]);
  const { page, reads, keepPicture, complaints } = await session.atPortal(context, "Carla", "/admin/personal-data");
  await page.getByLabel("Person").fill("avery");
  await page.getByRole("button", { name: "Show what is stored" }).click();
  const stored = page.getByTestId("stored");
  await stored.getByText("staged_changes").waitFor();
  expect(await violationsIn(page), "what is stored").toEqual([]);
  await keepPicture("admin-personal-data");

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    stored.getByRole("button", { name: "Download as a file" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("personal-data-U0AVERY01.json");
  const written: ReplyOf<"exportPerson"> = JSON.parse(readFileSync(await file.path(), "utf8"));
  const asked = await reads<ReplyOf<"exportPerson">>("/people/U0AVERY01/export");
  expect(written.tables).toEqual(asked.tables);

  await stored.getByRole("button", { name: "Erase…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type Avery Lindqvist to confirm").fill("Avery");
  await dialog.getByRole("button", { name: "Erase" }).click();
  await dialog.getByText("Type the name as it stands here: Avery Lindqvist.").waitFor();
  await hasFocus(dialog.getByLabel("Type Avery Lindqvist to confirm"));
  expect(await violationsIn(page), "the question").toEqual([]);
  await keepPicture("admin-erase");
  expect((await reads<ReplyOf<"exportPerson">>("/people/U0AVERY01/export")).tables.length).toBeGreaterThan(0);
  await dialog.getByLabel("Type Avery Lindqvist to confirm").fill("avery lindqvist");
  await dialog.getByRole("button", { name: "Erase" }).click();
  await page.getByTestId("erased").getByText("UERASED").waitFor();
  expect((await reads<ReplyOf<"exportPerson">>("/people/U0AVERY01/export")).tables).toEqual([]);

  await page.getByLabel("Person").fill("U0CARLA01");
  await page.getByRole("button", { name: "Show what is stored" }).click();
  await page.getByText("Nobody erases themselves: another admin can.").waitFor();
  expect(await page.getByRole("button", { name: "Erase…" }).count(), "offered to themselves").toBe(0);
  expect(complaints).toEqual([]);
});

test("what is stored of people is for admins", async (context) => {
  const { page } = await session.atPortal(context, "Priya", "/admin/personal-data");
  await page.getByText("This is for other roles; yours is approver.").waitFor();
  expect(await page.getByRole("link", { name: "Personal data" }).count()).toBe(0);
});
